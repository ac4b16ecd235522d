"""A line on stderr that says how far a long command is; nothing through a pipe.

Used by the commands that try many lessons or answers, such as `lesson` and `grade`. The
line is erased in the end, so that what the command prints on stdout stands alone.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

ERASE = "\r\x1b[2K"
BAR = 20  # columns


class Ticker:
    """Counts what is done.

    Args:
        total: how many there are.
        quiet: whether to say nothing anyway.
        stream: where the line is shown, if it is a terminal that can erase it.
        environ: TERM is respected.
    """

    def __init__(
        self,
        total: int,
        *,
        quiet: bool = False,
        stream: IO[str] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.stream = stream or sys.stderr
        self.total = total
        self.count = 0
        dumb = environ.get("TERM", "") in {"dumb", "unknown"}
        self._shown = self.stream.isatty() and not dumb and not quiet
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._draw("")
        return self

    def tick(self, what: str) -> None:
        """One more is done."""
        with self._lock:
            self.count += 1
            self._draw(what)

    def _draw(self, what: str) -> None:
        if not self._shown:
            return
        full = BAR * self.count // max(self.total, 1)
        bar = "#" * full + "." * (BAR - full)
        line = f"[{bar}] {self.count}/{self.total} {what}"
        columns = shutil.get_terminal_size().columns
        self.stream.write(ERASE + line[: columns - 1])
        self.stream.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            self.stream.write(ERASE)
            self.stream.flush()
