"""`:values`: what the variables hold, with a small histogram of each.

Drawn at the prompt from a snapshot: values that were initialized in each open session.
The workspace has measured them; no array comes as far as this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .table import table
from .words import session_text, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.snapshot import Snapshot, ValueView, VariableView

    from .look import Look

HEADINGS = ("name", "shape", "spread", "low", "mean", "high", "value")
TEXT_WIDTH = 32


def values(
    snapshot: Snapshot, look: Look, *, matching: str = "", most: int = 0
) -> Text:
    """Draw a row for each variable and each session that is open.

    Args:
        snapshot: of the workspace.
        look: how.
        matching: only variables with this in their name.
        most: how many rows at most; 0: all.
    """
    held = [
        (view, value)
        for view in snapshot.variables.values()
        if view.graph == snapshot.here.graph and matching in view.op_name
        for value in view.values or ()
    ]
    if held:
        rows = [_row(*one, snapshot, look) for one in held[: most or None]]
        drawn = table(HEADINGS, rows, look)
        if len(rows) == len(held):
            return drawn
        told = f"the first {len(rows)} of {len(held):,} (:values all, :values TEXT)"
        return paragraphs([drawn, hanging("  ", told, look.width, style="quiet")])
    if not any(not session.closed for session in snapshot.sessions.values()):
        told = "no session is open: variables get their values in a session"
        return hanging("  ", told, look.width, style="quiet")
    told = f" with {matching!r} in its name" if matching else ""
    return Text(f"  no variable{told} holds a value", "quiet")


def _row(
    view: VariableView, value: ValueView, snapshot: Snapshot, look: Look
) -> tuple[Cell, ...]:
    name = Cell(view.tensor_name + session_text(value.session, snapshot), "variable")
    shape = Cell(shape_text(view.shape), "type")
    if not value.initialized:
        empty = Cell("")
        return (
            name,
            shape,
            empty,
            empty,
            empty,
            empty,
            Cell("not initialized", "gone"),
        )
    return (
        name,
        shape,
        Cell(histogram(value.bins, look), "bars"),
        *(Cell(_number(number)) for number in (value.low, value.mean, value.high)),
        Cell(_shortened(value.text, look), "value"),
    )


def histogram(bins: Sequence[int], look: Look) -> str:
    """How many elements lie in each of some equal steps, one character each.

    Plain drawings have the counts themselves.
    """
    if look.plain:
        return " ".join(map(str, bins))
    bars = look.glyphs.bars
    most = max(bins, default=0)
    if not most:
        return ""
    # A step with anything in it shows at least the lowest bar.
    return "".join(
        bars[0] if not count else bars[max(1, round(count / most * (len(bars) - 1)))]
        for count in bins
    )


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.4g}"


def _shortened(text: str, look: Look) -> str:
    line = " ".join(text.split())
    if len(line) <= TEXT_WIDTH:
        return line
    return line[: TEXT_WIDTH - 1] + look.glyphs.ellipsis


if __name__ == "__main__":
    from .demo import AFTER, show

    show(lambda look: values(AFTER, look))
