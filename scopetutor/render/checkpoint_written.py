"""What was written, or would be: `scopetutor ckpt rename`, `strip` and `to-npz`.

After `checkpoints.rewrite` and `checkpoints.exchange`; with `--dry-run` only the plan
of `checkpoints.name_maps` is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .sizes import bytes_text
from .table import table
from .visible import one_line
from .words import counted
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.checkpoints.exchange import Exchanged
    from scopetutor.checkpoints.name_maps import Plan
    from scopetutor.checkpoints.rewrite import Written

    from .look import Look


def renaming(plan: Plan, look: Look) -> Text:
    """The names a renaming would change, old and new."""
    rows = [
        (Cell(old, "gone"), Cell(look.glyphs.arrow), Cell(new, "created"))
        for old, new in plan.changed.items()
    ]
    changed = counted(len(rows), "tensor")
    rest = len(plan.names) - len(rows)
    kept = f"; {counted(rest, 'other')} would keep its name" if rest == 1 else ""
    if rest > 1:
        kept = f"; {counted(rest, 'other')} would keep their names"
    sentence = f"{changed} would get another name{kept}; nothing was written"
    return paragraphs(
        [
            table(("now", "", "then"), rows, look),
            Text(""),
            hanging("  ", sentence, look.width),
        ]
    )


def written(done: Written, look: Look) -> Text:
    """A checkpoint that was written."""
    told = [counted(done.tensors, "tensor"), bytes_text(done.bytes)]
    if done.renamed:
        told.append(f"{len(done.renamed):,} under another name")
    if done.left_out:
        saved = max(done.before - done.bytes, 0)
        told.append(f"{len(done.left_out):,} left out, {bytes_text(saved)} less")
    return _wrote(done.path, told, look)


def exchanged(done: Exchanged, look: Look) -> Text:
    """A file that was written, and what it could not hold."""
    told = [counted(done.tensors, "tensor"), bytes_text(done.bytes)]
    parts = [_wrote(done.path, told, look)]
    for name, why in (*done.converted.items(), *done.left_out.items()):
        head = f"  {one_line(name)}  "
        verb = "left out: " if name in done.left_out else ""
        parts.append(hanging(head, verb + why, look.width, head="variable"))
    return paragraphs(parts)


def _wrote(path: str, told: list[str], look: Look) -> Text:
    line = Text("wrote ").append(one_line(path), "created")
    return line.append(f"  {f' {look.glyphs.dot} '.join(told)}", "quiet")
