"""`name?` and `name??`: what a name stands for.

After `evaluator.inspection`, which looked at the live object in the workspace. Drawn by
`repl.loop`, and in notebooks by `repl.notebook_help`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .visible import one_line, visible
from .words import counted, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.evaluator.outcome import Inspection

    from .look import Look

MOST_LINES = 60
INDENT = 2
FULL = 60  # characters of a line that goes on


def inspection(
    name: str, view: Inspection, look: Look, *, source: bool = False
) -> Text:
    """Draw what is known of a name.

    Args:
        name: as it was typed.
        view: the workspace's answer.
        look: how.
        source: show the source of the learner's own functions, too.
    """
    if not view.found:
        return Text(f"  there is no {one_line(name)!r} here")
    parts = []
    if view.signature:
        parts.append(hanging("", one_line(name) + visible(view.signature), look.width))
    for label, text in (
        ("type", view.type),
        ("value", view.text),
        ("shape", "" if view.shape is None else shape_text(view.shape)),
    ):
        if text:
            parts.append(
                hanging(f"  {label:<6}", visible(text), look.width, head="quiet")
            )
    shown = view.source if source and view.source else view.doc
    parts.extend(_text(shown, "code" if shown is view.source else "", look))
    return paragraphs(parts)


def _text(text: str, style: str, look: Look) -> list[Text]:
    """The first lines of a documentation or a source, each keeping its own margin."""
    lines = visible(text).strip("\n").split("\n") if text else []
    if not style and any(len(line) + INDENT > look.width for line in lines):
        lines = _rejoined(lines)
    drawn = []
    for line in lines[:MOST_LINES]:
        margin = " " * (_indent(line) + INDENT)
        row = hanging(margin, line.strip(), look.width, style=style)
        drawn.append(row if line.strip() else Text())
    if (beyond := len(lines) - MOST_LINES) > 0:
        drawn.append(Text(f"  {look.glyphs.ellipsis} {counted(beyond, 'more line')}"))
    return drawn


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _rejoined(lines: list[str]) -> list[str]:
    """The lines of a documentation that go on with the one before, joined to it.

    They are the rest of a paragraph at the margin, or of an argument, further in.
    """
    joined = [lines[0]]
    for line in lines[1:]:
        before = joined[-1]
        argument = _indent(line) > _indent(before) > 0 and ": " in before
        paragraph = not _indent(line) and not _indent(before) and len(before) > FULL
        if before.strip() and line.strip() and (argument or paragraph):
            joined[-1] = f"{before} {line.strip()}"
        else:
            joined.append(line)
    return joined


if __name__ == "__main__":
    from .demo import INSPECTED, show

    show(lambda look: inspection("tf.get_variable", INSPECTED, look))
