"""A text cut into entries, as somebody would type them: for pipes, files and pastes.

`cli.repl` feeds what it gets to `Loop.work_off`. Each top-level statement becomes an
entry; lines that start with a colon are commands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .indent import is_complete
from .transcript import stripped

if TYPE_CHECKING:
    from collections.abc import Iterator

# Lines at the left margin that go on with the statement above.
_GOES_ON = re.compile(r"\s|(?:else|elif|except|finally)\b|[)\]}]|$|#")


def pieces(text: str) -> Iterator[str]:
    """The entries of a text, in order."""
    entry: list[str] = []
    for line in stripped(text).split("\n"):
        if entry and not _GOES_ON.match(line) and is_complete("\n".join(entry) + "\n"):
            yield _joined(entry)
            entry = []
        entry.append(line)
    if any(line.strip() for line in entry):
        yield _joined(entry)


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
