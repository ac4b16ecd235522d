"""What becomes of each tensor elsewhere: `scopetutor ckpt layout`.

After `checkpoints.porting`, which knows where PyTorch and Flax have their axes and
gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.checkpoints.roles import ROLES

from .outline import Cell
from .table import table
from .words import counted, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.checkpoints.porting import Ported, Sheet

    from .look import Look


def porting(sheet: Sheet, look: Look, *, flax: bool) -> Text:
    """Draw the sheet for one of the two libraries."""
    library = "Flax" if flax else "PyTorch"
    headings = ("in the file", "shape", library, "made by", "what")
    rows = [_row(row, flax=flax) for row in sheet.rows]
    parts = [table(headings, rows, look), Text("")]
    parts += [
        hanging("  note  ", note, look.width, head="quiet") for note in sheet.notes
    ]
    if sheet.left_out:
        told = ", ".join(
            f"{counted(count, 'tensor')} ({called})"
            for role, called in ROLES.items()
            if (count := sheet.left_out.get(role))
        )
        parts.append(hanging("  ", f"a model does not need {told}", look.width))
    return paragraphs(parts)


def _row(row: Ported, *, flax: bool) -> tuple[Cell, ...]:
    name, code = (row.flax, row.flax_code) if flax else (row.torch, row.torch_code)
    return (
        Cell(row.name, "variable"),
        Cell(shape_text(row.shape), "type"),
        Cell(name, "created"),
        Cell(code, "code"),
        Cell(row.what, "quiet"),
    )
