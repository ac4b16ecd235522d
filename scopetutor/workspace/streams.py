"""The learner's stdin, stdout and stderr.

stdin is empty. What is printed goes through two pipes to the terminal process, but only
while an entry runs; between entries (a thread may go on printing) it goes nowhere.

`server` opens them before an entry and shuts them after it; `inlets` are their other
ends.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from typing import Any

try:
    import fcntl
    import termios
except ImportError:  # Windows cannot tell what is in a pipe
    _TELLS_WHAT_IS_LEFT = False
else:
    _TELLS_WHAT_IS_LEFT = True

_LONGEST_WAIT = 0.1  # seconds for the terminal process to read what is in a pipe
_SHORT_NAP = 0.0001


class Streams:
    """Where the three standard files lead.

    Args:
        ending: what tells the terminal process that an entry has printed all; b"": it
            need not be told.
    """

    def __init__(self, ending: bytes = b"") -> None:
        self._ending = ending
        self._nowhere = os.open(os.devnull, os.O_RDWR)
        self._pipes: tuple[int, int] | None = None

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
        self._own = _streams()
        sys.stdout, sys.stderr = self._own

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

    def shut(self) -> None:
        """Ends an entry: what was printed is on its way, and no more is heard.

        Whatever the entry put in the place of `sys.stdout` and the others goes.
        """
        for stream in (sys.stdout, sys.stderr, *self._own):
            with contextlib.suppress(BaseException):  # it may be the learner's own
                stream.flush()
        if not all(map(_is_sound, self._own)):
            self._own = _streams()
        sys.stdout, sys.stderr = self._own
        for file in (0, 1, 2):
            os.dup2(self._nowhere, file)
        if self._ending:
            for pipe in self._pipes or ():
                with contextlib.suppress(OSError):
                    os.write(pipe, self._ending)


def _streams() -> tuple[io.TextIOWrapper, io.TextIOWrapper]:
    """New stdout and stderr."""
    files = io.FileIO(1, "w", closefd=False), _Errors(2, "w", closefd=False)
    out, err = (
        io.TextIOWrapper(
            io.BufferedWriter(file),
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            line_buffering=True,
        )
        for file in files
    )
    return out, err


def _is_sound(stream: io.TextIOWrapper) -> bool:
    """Whether a stream was not closed, detached, or set to another encoding."""
    try:
        return not stream.closed and stream.encoding == "utf-8"
    except ValueError:
        return False


class _Errors(io.FileIO):
    """stderr, which comes in its place among what is written to stdout.

    The two are pipes, and the terminal process cannot know in which order they were
    written, unless at most one of them has something in it. So stderr, which is used
    less, waits until stdout was read, and then until it was read itself.
    """

    def write(self, data: Any) -> int:
        _wait_until_read(1)
        written: int = super().write(data)
        _wait_until_read(2)
        return written


def _wait_until_read(file: int) -> None:
    """Waits until a pipe is empty, but not for long."""
    if not _TELLS_WHAT_IS_LEFT:
        return
    deadline = time.monotonic() + _LONGEST_WAIT
    left = bytearray(4)
    with contextlib.suppress(OSError):
        while time.monotonic() < deadline:
            fcntl.ioctl(file, termios.FIONREAD, left)
            if not any(left):
                return
            time.sleep(_SHORT_NAP)
