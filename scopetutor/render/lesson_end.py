"""The end of a lesson: what one can do now, how it went, where to go next.

Drawn by `repl.learn` from the tutor's `Summary`, after the last step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from scopetutor.course.misconceptions import misconceptions
from scopetutor.language import current, say

from .prose import prose
from .step import ruled
from .visible import one_line
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.tutor import Summary

    from .look import Look

WAY, SHORTEST = 20, 10  # cells of the bar
DONE = frozenset({"passed", "helped"})


def lesson_end(view: Summary, look: Look) -> Text:
    """Draw the end of a lesson, a review or a drill.

    Args:
        view: what the tutor has to say.
        look: how.
    """
    end = say("The end of “{lesson}”", lesson=one_line(view.lesson))
    parts = [ruled(end, look)]
    if view.after:
        parts.append(prose(say("You can now {after}.", after=view.after), look))
    parts += [paragraphs(list(_so_far(view, look))), *_beliefs(view, look)]
    parts.append(_what_next(view, look))
    return Text("\n\n").join(filter(None, parts))


def _so_far(view: Summary, look: Look) -> Iterator[Text]:
    """How many steps are done, how, and which are not."""
    if not view.steps:  # a drill has no end
        return
    count = say(
        "{done} of {steps} steps done, {passed} of them without the solution.",
        done=sum(step.mark in DONE for step in view.steps),
        steps=len(view.steps),
        passed=sum(step.mark == "passed" for step in view.steps),
    )
    if view.at_first_try:
        count += " " + say("All at the first try!")
    yield hanging("", count, look.width)
    left = [n for n, step in enumerate(view.steps, 1) if step.mark not in DONE]
    if left and view.lessons:
        numbers = ", ".join(map(str, left))
        still = say("Still open: {steps}. `goto {first}` goes there.",
                    steps=numbers, first=left[0])  # fmt: skip
        yield hanging("", still, look.width)
    if view.part and not view.course_done:
        whole = say("With it you have finished the part “{part}”.", part=view.part)
        yield hanging("", whole, look.width, style="passed")
    if view.lessons:
        yield _way(view.finished, view.lessons, look)


def _way(finished: int, lessons: int, look: Look) -> Text:
    """How much of the course is done, as a bar and in words."""
    told = say(
        "{finished} of {lessons} lessons done.", finished=finished, lessons=lessons
    )
    way = min(WAY, look.width - cell_len(told) - 2)
    if look.plain or way < SHORTEST:
        return Text(told)
    # The first lesson is seen, and only the last one fills the bar.
    done = (way - 1) * finished // lessons + (finished > 0)
    bar = Text(look.glyphs.bars[-1] * done, "passed")
    return bar.append(look.glyphs.line * (way - done), "quiet").append(f"  {told}")


def _beliefs(view: Summary, look: Look) -> Iterator[Text]:
    """What the learner took for true and knows better now."""
    if not view.beliefs:
        return
    lines = [Text(say("Believed on the way, and not so:"))]
    known = misconceptions(current())
    for belief, times in view.beliefs:
        often = f"  ({times}x)" if times > 1 else ""
        text = " ".join(known[belief].belief.split()) if belief in known else belief
        lines.append(hanging(f"  {look.glyphs.dot} ", text + often, look.width))
    back = say("`scopetutor review` asks for them again, at growing intervals.")
    lines.append(hanging("", back, look.width, style="quiet"))
    yield paragraphs(lines)


def _what_next(view: Summary, look: Look) -> Text:
    if view.course_done:
        return Text(say("That was the whole course."), "passed")
    if not view.next_lesson:
        return Text(say("Enter leaves."))
    on = say("Enter goes on with “{lesson}”; `quit` leaves.", lesson=view.next_title)
    return hanging("", one_line(on), look.width)


if __name__ == "__main__":
    from .demo import ENDED, show

    show(lambda look: lesson_end(ENDED, look))
