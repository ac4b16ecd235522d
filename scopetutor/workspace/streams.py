"""The learner's stdin, stdout and stderr.

stdin is empty. What is printed goes through two pipes to the terminal process, but only
while an entry runs; between entries (a thread may go on printing) it goes nowhere.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from typing import Any

if sys.platform != "win32":
    import fcntl
    import termios

_LONGEST_WAIT = 0.1  # seconds for the terminal process to read what is in a pipe
_SHORT_NAP = 0.0001


class Streams:
    """Where the three standard files lead."""

    def __init__(self) -> None:
        self._nowhere = os.open(os.devnull, os.O_RDWR)
        self._pipes: tuple[int, int] | None = None
        self._last: list[int] = [0]

    def install(self, *, pipes_are_here: bool) -> None:
        """Makes stdin empty, and stdout and stderr lead nowhere for now.

        Args:
            pipes_are_here: whether the two lead to the terminal process already.
        """
        if pipes_are_here:
            self.lead_to(os.dup(1), os.dup(2))
        for file in (0, 1, 2):
            os.dup2(self._nowhere, file)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = self._stream(1)
        sys.stderr = self._stream(2)
        self._own = sys.stdout, sys.stderr

    def _stream(self, file: int) -> io.TextIOWrapper:
        raw = _InOrder(file, self._last)
        return io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )

    def lead_to(self, out: int, err: int) -> None:
        """Says through which pipes an entry prints."""
        self._pipes = out, err

    def leave(self) -> None:
        """Lets go of the pipes: this process will not print."""
        if self._pipes is not None:
            for pipe in self._pipes:
                with contextlib.suppress(OSError):
                    os.close(pipe)
        self._pipes = None

    def open(self) -> None:
        """Begins an entry: printing is heard."""
        if self._pipes is not None:
            os.dup2(self._pipes[0], 1)
            os.dup2(self._pipes[1], 2)
        self._last[0] = 0

    def shut(self) -> None:
        """Ends an entry: what was printed is on its way, and no more is heard."""
        for stream in (sys.stdout, sys.stderr, *self._own):
            with contextlib.suppress(Exception):
                stream.flush()
        for file in (0, 1, 2):
            os.dup2(self._nowhere, file)


class _InOrder(io.FileIO):
    """A file that lets the other stream be read before it writes.

    stdout and stderr are two pipes, and the terminal process cannot know in which
    order they were written, unless at most one of them has something in it.
    """

    def __init__(self, file: int, last: list[int]) -> None:
        super().__init__(file, "w", closefd=False)
        self._file = file
        self._last = last

    def write(self, data: Any) -> int:
        if self._last[0] not in (0, self._file):
            _wait_until_read(self._last[0])
        self._last[0] = self._file
        written: int = super().write(data)
        return written


def _wait_until_read(file: int) -> None:
    """Waits until a pipe is empty, but not for long."""
    if sys.platform == "win32":
        return
    deadline = time.monotonic() + _LONGEST_WAIT
    left = bytearray(4)
    with contextlib.suppress(OSError):
        while time.monotonic() < deadline:
            fcntl.ioctl(file, termios.FIONREAD, left)
            if not any(left):
                return
            time.sleep(_SHORT_NAP)
