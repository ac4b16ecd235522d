"""`scopetutor repl --list`: the sessions that can be gone on with.

After `workspace.journals`, which finds the sessions on disk.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .table import table
from .visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .look import Look

CODE_WIDTH = 44


def sessions(kept: Sequence[tuple[str, float, int, str]], look: Look) -> Text:
    """Draw the sessions.

    Args:
        kept: name, time in seconds since 1970, number of entries, and the last entry.
        look: how.
    """
    if not kept:
        return Text("  no session has been kept", "quiet")
    rows = [
        (
            Cell(name, "heading"),
            Cell(_when(at), "quiet"),
            Cell(str(entries)),
            Cell(one_line(last.strip().partition("\n")[0], CODE_WIDTH), "code"),
        )
        for name, at, entries, last in kept
    ]
    return table(("session", "last used", "entries", "last entry"), rows, look)


def _when(at: float) -> str:
    return dt.datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")


if __name__ == "__main__":
    from .demo import show

    show(lambda look: sessions([("2019-10-01.1", 1.57e9, 3, "x = 1")], look))
