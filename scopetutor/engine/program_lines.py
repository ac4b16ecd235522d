"""Where the program is: its own lines on Python's stack, told as tracebacks tell them.

Before templates and results that must be used. TF 1.15 tells whole stacks with its own
lines among them; here are none of ours, and none of what runs the program.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import FrameType

_ENGINE = __file__.removesuffix("program_lines.py")
_RUNNING = tuple(
    _ENGINE.removesuffix(f"engine{os.sep}") + part
    for part in ("evaluator", "legacy", "workspace")
)


class Line(NamedTuple):
    """A line of the program on the stack."""

    file: str
    number: int
    function: str


def program_lines(frame: FrameType | None, most: int | None = None) -> list[Line]:
    """The lines at and outside a frame, outermost first; the innermost `most`."""
    lines: list[Line] = []
    while frame is not None and len(lines) != most:
        code = frame.f_code
        if code.co_filename.startswith(_RUNNING):
            break
        if not code.co_filename.startswith(_ENGINE):
            lines.append(Line(code.co_filename, frame.f_lineno, code.co_name))
        frame = frame.f_back
    return lines[::-1]


def told(line: Line) -> str:
    """A line as a traceback tells it, with its text if its file is there."""
    import linecache  # noqa: PLC0415 - slow to load, and rarely wanted

    text = linecache.getline(line.file, line.number).strip()
    place = f'  File "{line.file}", line {line.number}, in {line.function}'
    return f"{place}\n    {text}" if text else place
