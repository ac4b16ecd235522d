"""A step of a lesson: where one is, what there is to read, what to do.

Drawn by `repl.learn` from the tutor's `Here` and what the step's programs do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from scopetutor.course.model import Code, Prose
from scopetutor.language import say

from .code import INDENT, code
from .error import error
from .prose import WIDEST, prose
from .visible import one_line, visible
from .wrap import hanging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopetutor.course.bench import Shown
    from scopetutor.course.model import Kind, Step
    from scopetutor.tutor import Here, HintView, Mark, SolutionView

    from .look import Look

MARKS: dict[Mark, str] = {
    "new": "",
    "tried": "tried",
    "passed": "done",
    "helped": "done, with the solution",
    "skipped": "skipped",
    "changed": "changed since you did it",
}

# What to do, by kind of step.
TASKS: dict[Kind, str] = {
    "read": "Enter goes on. You can try things here, too.",
    "predict": "Type what it prints, or the class of its error.",
    "code": "Type your program, in one entry or in several.",
    "fix": "Mend the program; Alt-Enter runs it, Ctrl-C puts it aside, "
    "`edit` takes it up.",
    "choice": "Type a letter.",
    "order": "Type the numbers in the right order.",
}
WHICH_LINE = "Type the number of the line that fails, or `none`."


def step(here: Here, shown: Sequence[Shown], look: Look) -> Text:
    """Draw a step.

    Args:
        here: where the learner is.
        shown: the step's programs, and what they do as far as that may be known.
        look: how.
    """
    parts = [heading(here, look)]
    if here.number == 1 and here.mark == "new" and here.lesson.intro:
        parts.append(prose(here.lesson.intro, look))
    parts += _body(here.step, {one.code.line: one for one in shown}, look)
    parts.append(task(here.step, look))
    return Text("\n\n").join(parts)


def heading(here: Here, look: Look) -> Text:
    """The lesson, which step of it this is, and the step's title."""
    where = f"{here.number}/{here.steps}"
    title = (
        f"{one_line(here.lesson.title)} {look.glyphs.dot} {one_line(here.step.title)}"
    )
    mark = say(MARKS[here.mark]) if MARKS[here.mark] else ""
    return ruled(f"{where}  {title}" + (f"  ({mark})" if mark else ""), look)


def ruled(told: str, look: Look) -> Text:
    """A heading in a line across the screen."""
    if look.plain:
        return Text(told, "heading")
    room = min(look.width, WIDEST) - cell_len(told) - 4
    line = look.glyphs.line
    drawn = hanging(line * 2 + " ", told, look.width, style="heading", head="quiet")
    return drawn.append(" " + line * room, "quiet") if room > 0 else drawn


def task(here: Step, look: Look) -> Text:
    """What there is to do, and the words that help."""
    told = WHICH_LINE if here.kind == "order" and here.typed else TASKS[here.kind]
    words = ["hint", "skip", "solution"] if here.active else []
    dot = f" {look.glyphs.dot} "
    helps = dot.join([*words, "help"])
    text = prose(say(told), look)
    room = min(look.width, WIDEST) - cell_len(text.plain)
    return text.append(dot if cell_len(dot + helps) <= room else "\n").append(
        helps, "quiet"
    )


def _body(here: Step, shown: dict[int, Shown], look: Look) -> Iterator[Text]:
    for part in here.parts:
        if isinstance(part, Prose):
            yield prose(part.text, look)
        elif part.role == "show":
            yield from _shown(part, shown.get(part.line), here, look)
        elif part.role == "setup":
            yield Text(say("This has been run:"), "quiet")
            yield code(part.text, look)
    if here.kind == "order" and not here.typed:
        yield _pieces(here, look)
    elif here.starter and here.kind != "order":
        yield code(here.starter, look)
    if here.answer.options:
        yield _options(here, look)


def _shown(part: Code, one: Shown | None, here: Step, look: Look) -> Iterator[Text]:
    yield code(part.text, look, numbers=here.kind == "order")
    if one is None:
        return
    if one.printed:
        yield indented(visible(one.printed.rstrip("\n")), "value")
    if one.error is not None:
        yield error(one.error, look)
    if part.note and (one.printed or one.error is not None):
        yield prose(part.note, look)


def indented(text: str, style: str = "") -> Text:
    """What a program printed, beside a mark that tells it from the program."""
    return Text("\n".join(f"  = {line}" for line in text.split("\n")), style)


def _pieces(here: Step, look: Look) -> Text:
    """The pieces to put in order, each with its number before its first line."""
    parts = []
    for number, piece in enumerate(here.pieces, 1):
        head = f" {number}".ljust(INDENT)
        parts.append(Text(head, "heading").append_text(code(piece, look)[INDENT:]))
    return Text("\n").join(parts)


def _options(here: Step, look: Look) -> Text:
    width = min(look.width, WIDEST)
    options = here.answer.options
    return Text("\n").join(
        hanging(f"  {letter}  ", visible(text), width, head="heading")
        for letter, text in options
    )


def hint(view: HintView, look: Look) -> Text:
    """Draw a hint."""
    head = say("Hint {number} of {count}", number=view.number, count=view.count)
    return Text(f"{head}\n", "heading").append_text(prose(view.text, look, indent=2))


def solution(view: SolutionView, look: Look) -> Text:
    """Draw the solution of a step."""
    parts = []
    if view.answer:
        parts.append(indented(visible(view.answer), "value"))
    if view.printed and view.printed.strip() != view.answer:
        parts.append(indented(visible(view.printed.rstrip("\n")), "value"))
    for index, program in enumerate(view.programs):
        if index:
            parts.append(Text(say("or:"), "quiet"))
        parts.append(code(program.text, look))
        if program.note and program.note != view.note:
            parts.append(prose(program.note, look, indent=2))
    if view.note:
        parts.append(prose(view.note, look, indent=2))
    return Text("\n").join(parts or [Text(say("There is no solution to show."))])
