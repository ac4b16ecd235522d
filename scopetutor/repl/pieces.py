"""A text cut into entries, as somebody would type them: for pipes, files and pastes.

`cli.repl` feeds what it gets to `Loop.work_off`. Each top-level statement becomes an
entry; lines that start with a colon are commands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .indent import is_complete
from .open_ends import OpenEnds
from .transcript import stripped

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lines at the left margin that go on with the statement above.
_GOES_ON = re.compile(r"\s|(?:else|elif|except|finally)\b|[)\]}]|$|#")
_NO_PYTHON = re.compile(r"\s*[:?!%]|.*\?\s*$")


def pieces(text: str) -> Iterator[str]:
    """The entries of a text, in order."""
    entry: list[str] = []
    ends = OpenEnds()
    for line in stripped(text).split("\n"):
        may_end = entry and not (ends and _is_long(entry)) and not _GOES_ON.match(line)
        if may_end and is_complete("\n".join(entry) + "\n"):
            yield _joined(entry)
            entry, ends = [], OpenEnds()
        if entry or not _NO_PYTHON.match(line):
            ends.take(line)
        entry.append(line)
    if any(line.strip() for line in entry):
        yield _joined(entry)


def _is_long(entry: list[str]) -> bool:
    """Whether to trust that an entry goes on, and not to look at it once more.

    A bracket that was forgotten seems to go on for ever, so sometimes it is looked at.
    """
    lines = len(entry)
    return lines > 32 and lines & (lines - 1) != 0


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
