"""Which line a frame is at, at once even in a module of ten thousand lines.

Python finds out by reading the code's table of lines from its beginning, which in a
long module takes longer than making the operation whose line is wanted.

`provenance` and `sources` ask for each frame that they note.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType, FrameType

SHORT = 2_000
"""Bytes of a table that Python reads fast enough."""
_tables: dict[int, tuple[CodeType, list[int], list[int]]] = {}


def line_of(frame: FrameType) -> int:
    """The number of the line that a frame is at; 0 if it is at none."""
    code = frame.f_code
    if len(code.co_linetable) < SHORT:
        return frame.f_lineno or 0
    # By `id`: the hash of a code object reads all of it. The table keeps it alive.
    found = _tables.get(id(code))
    if found is None:
        found = _tables[id(code)] = _table(code)
    _, starts, lines = found
    return lines[bisect_right(starts, frame.f_lasti) - 1]


def _table(code: CodeType) -> tuple[CodeType, list[int], list[int]]:
    starts, lines = [], []
    for start, _, line in code.co_lines():
        starts.append(start)
        lines.append(line or 0)
    return code, starts, lines
