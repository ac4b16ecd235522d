"""`:vars`: every variable of the default graph in a table.

Drawn at the prompt from a snapshot. `scope_tree` has the same variables by scope, and
`values` what is in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .table import table
from .visible import one_line
from .words import counted, shape_text, short_place
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.snapshot import Snapshot, VariableView

    from .look import Look

HEADINGS = (
    "name",
    "shape",
    "dtype",
    "trainable",
    "made by",
    "at",
    "reused",
    "initializer",
    "names",
)


def variables(
    snapshot: Snapshot, look: Look, *, matching: str = "", most: int = 0
) -> Text:
    """Draw the table.

    Args:
        snapshot: of the workspace.
        look: how.
        matching: only variables with this in their name.
        most: how many rows at most; 0: all.
    """
    views = [
        view
        for view in snapshot.variables.values()
        if view.graph == snapshot.here.graph and matching in view.op_name
    ]
    if not views:
        like = f" with {one_line(matching)!r} in its name" if matching else ""
        return Text(f"  no variable{like}", "quiet")
    rows = [_row(view, snapshot) for view in views[: most or None]]
    drawn = table(HEADINGS, rows, look)
    count = counted(len(views), "variable")
    if len(rows) < len(views):
        count += f", the first {len(rows)} listed (:vars all, :vars TEXT)"
    if snapshot.hidden_variables:
        count += f" listed, {snapshot.hidden_variables:,} more exist"
    if look.plain:
        return drawn
    return paragraphs([drawn, hanging("  ", count, look.width, style="quiet")])


def _row(view: VariableView, snapshot: Snapshot) -> tuple[Cell, ...]:
    names = [name for name, known in snapshot.names.items() if known.uid == view.uid]
    return (
        Cell(view.tensor_name, "variable"),
        Cell(shape_text(view.shape), "type"),
        Cell(view.dtype + ("" if view.kind == "ref" else f" {view.kind}"), "type"),
        Cell("yes" if view.trainable else "no"),
        Cell(view.made.call),
        Cell(short_place(view.made.site), "place"),
        Cell(str(view.times_reused) if view.times_reused else "", "reused"),
        Cell(view.initializer),
        Cell(", ".join(names)),
    )


if __name__ == "__main__":
    from .demo import AFTER, show

    show(lambda look: variables(AFTER, look))
