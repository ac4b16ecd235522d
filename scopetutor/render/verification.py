"""Whether a checkpoint is whole: `scopetutor ckpt verify`.

After `checkpoints.verify`, which has read every byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .sizes import bytes_text
from .table import table
from .words import counted
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.checkpoints.verify import Verification

    from .look import Look

_WORTH_A_SPEED = 10 << 20


def verification(seen: Verification, look: Look) -> Text:
    """Draw what reading everything has shown."""
    plain = look.ascii or look.plain
    sign = (("✓", "ok") if seen.sound else ("✗", "no"))[plain]
    style = "passed" if seen.sound else "failed"
    speed = bytes_text(int(seen.bytes / max(seen.seconds, 1e-3)))
    read = f"{bytes_text(seen.bytes)} in {seen.seconds:.2g} s"
    if seen.bytes > _WORTH_A_SPEED:
        read += f" ({speed}/s)"
    sound = f"every checksum of {counted(seen.tensors, 'tensor')} is right: {read}"
    damaged = (
        f"{len(seen.faults):,} of {counted(seen.tensors, 'tensor')} cannot be read"
    )
    sentence = sound if seen.sound else damaged
    parts = [hanging(f"{sign} ", sentence, look.width, head=style)]
    if seen.faults:
        rows = [
            (Cell(fault.name, "gone"), Cell(fault.problem), Cell(fault.path, "place"))
            for fault in seen.faults
        ]
        parts += [Text(""), table(("name", "problem", "file"), rows, look)]
    parts += [
        hanging("  note  ", note, look.width, head="quiet") for note in seen.notes
    ]
    return paragraphs(parts)
