"""An error of the learner's program: what TensorFlow says, where, why, what to try.

TensorFlow's own words come first, without its traceback of where a variable was made;
what we add stands below them, indented.
Drawn by `repl.loop` from the workspace's `ErrorView` and its explanation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .visible import one_line, visible
from .words import counted, place
from .wrap import hanging, paragraphs, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopetutor.evaluator.outcome import ErrorView, FrameView
    from scopetutor.snapshot import ScopeFlag

    from .look import Look

MOST_FRAMES = 6
MOST_LINES = 40
MOST_CAUSES = 3
ELSEWHERE = " Originally defined at:"


def error(view: ErrorView, look: Look, tries: Sequence[str] = ()) -> Text:
    """Draw an error.

    Args:
        view: what the workspace says of it.
        look: how.
        tries: what could be tried instead, in the workspace's words.
    """
    parts = [_saying(view, look), *_notes(view, look), *_frames(view, look)]
    if said := _background(view, look):
        parts.append(hanging("  ", said, look.width, style="place"))
    parts.extend(_causes(view, look))
    offers = [*tries, f":explain {view.card}" if view.card else ""]
    head = "  try  "
    for offer in filter(None, offers):
        parts.append(hanging(head, visible(offer), look.width, head="try"))
        head = " " * len(head)
    return paragraphs(parts)


def type_name(view: ErrorView) -> str:
    """The exception's class without the modules it lies in."""
    return visible(view.type.rpartition(".")[2])


def _saying(view: ErrorView, look: Look) -> Text:
    name = type_name(view)
    message = visible(view.message)
    if view.made_at is not None:  # the line "made by" says it shorter
        message = message.partition(ELSEWHERE)[0]
    message = message.strip("\n")
    lines = wrap(f"{name}: {message}" if message else name, look.width)
    beyond = len(lines) - MOST_LINES
    if beyond > 0:
        lines[MOST_LINES:] = [f"{look.glyphs.ellipsis} {counted(beyond, 'more line')}"]
    text = Text("\n".join(lines))
    text.stylize("error", 0, len(name))
    return text


def _notes(view: ErrorView, look: Look) -> Iterator[Text]:
    for note in filter(None, (*view.notes, view.hint)):
        yield hanging("  ", visible(note), look.width)


def _causes(view: ErrorView, look: Look) -> Iterator[Text]:
    """The errors before this one, each with its place, nearest first."""
    earlier, direct = view.cause, view.direct
    for _ in range(MOST_CAUSES):
        if earlier is None:
            return
        head = "  caused by  " if direct else "  while handling  "
        message = one_line(earlier.message)
        said = type_name(earlier) + (f": {message}" if message else "")
        yield hanging(head, said, look.width, head="quiet")
        if earlier.frames:
            frame = earlier.frames[-1]
            yield _source(f"    {place(frame.site)}:  ", frame.site.text, None, look)
        direct, earlier = earlier.direct, earlier.cause


def _frames(view: ErrorView, look: Look) -> Iterator[Text]:
    """The learner's lines, the one that failed last; the middle of many is left out."""
    frames: list[FrameView | None] = list(view.frames)
    left_out = len(frames) - MOST_FRAMES
    if left_out > 0:
        frames[2 : 2 + left_out] = [None]
    for frame in frames:
        if frame is None:
            skipped = counted(left_out, "further call")
            yield Text(f"  {look.glyphs.ellipsis} {skipped}", "quiet")
            continue
        inside = f" in {one_line(frame.function)}" if frame.function else ""
        caret = view.source if frame is frames[-1] else None
        yield _source(f"  {place(frame.site)}{inside}:  ", frame.site.text, caret, look)
        if frame.repeated:
            again = counted(frame.repeated, "further time")
            yield Text(f"  {look.glyphs.ellipsis} the same {again}", "quiet")


def _source(head: str, source: str, caret: tuple[int, int] | None, look: Look) -> Text:
    """A line of code after its place, or below it if there is no room."""
    line = one_line(source.strip())
    if len(head) + len(line) > look.width:
        head = f"{head.rstrip()}\n    "
    text = Text(head, "place").append(line, "code")
    if caret:
        stripped = len(source) - len(source.lstrip())
        start = max(caret[0] - 1 - stripped, 0)
        length = max(caret[1] - caret[0], 1)
        margin = len(head.rpartition("\n")[2]) + start
        text.append("\n" + " " * margin + "^" * length, "error")
    return text


def _background(view: ErrorView, look: Look) -> str:
    """Where the thing was made, and how the scope around the line is set."""
    told = []
    if view.made_at is not None:
        told.append(f"made by {place(view.made_at)}")
    if view.scopes:
        told.append(_flag(view.scopes[-1]))
    return f" {look.glyphs.dot} ".join(told)


def _flag(scope: ScopeFlag) -> str:
    name = f'scope "{one_line(scope.scope)}"' if scope.scope else "the root scope"
    inherited = ""
    if scope.reuse != "no" and scope.flag_from != scope.scope:
        where = f'"{one_line(scope.flag_from)}"' if scope.flag_from else "the root"
        inherited = f" from {where}"
    return f"{name} has reuse {scope.reuse}{inherited}"


if __name__ == "__main__":
    from .demo import FAILED, show

    show(lambda look: error(FAILED, look, ("reuse=tf.AUTO_REUSE",)))
