"""A socket on which lines travel, and beside them open files.

Both processes use it: the terminal process to ask, the workspace process to answer.
A line from a workspace begins with the workspace's seal, which the learner's code does
not get to see; a line without it was forged, or is what a dying Python says last.

`boot` and `ways` make the pairs; `worker` and `server` sit at the ends, and what the
lines mean is up to `protocol`.
"""

from __future__ import annotations

import array
import contextlib
import os
import select
import socket
from typing import TYPE_CHECKING

from scopetutor.errors import ProtocolError

from .protocol import MAX_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CHUNK = 1 << 16
_MOST_FILES = 8


class Channel:
    """One end of a socket.

    Args:
        end: the socket; the channel owns it from now on.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._pending = bytearray()
        self._searched = 0
        self._files: list[int] = []

    def fileno(self) -> int:
        """The socket's file descriptor."""
        return self._socket.fileno()

    def send(self, line: bytes, files: Sequence[int] = ()) -> None:
        """Sends a line, which ends in a newline, and files with it.

        Raises:
            OSError: nobody listens any more.
        """
        if not files:
            self._socket.sendall(line)
            return
        # The files travel with the first byte; what does not fit follows.
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
        sent = self._socket.sendmsg([line], ancillary)
        self._socket.sendall(line[sent:])

    def line(self) -> bytes | None:
        """The next line that has arrived in full, without its newline, or None.

        Raises:
            ProtocolError: a line is too long to be one.
        """
        end = self._pending.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._pending)
            if self._searched > MAX_MESSAGE:
                raise ProtocolError(f"a message of more than {MAX_MESSAGE:,} bytes")
            return None
        line = bytes(self._pending[:end])
        del self._pending[: end + 1]
        self._searched = 0
        return line

    def read(self) -> None:
        """Takes in what arrives; waits for it.

        Raises:
            EOFError: the other end is closed.
        """
        try:
            data = self._socket.recv(_CHUNK)
        except ConnectionError:
            data = self._read_after_reset()
        if not data:
            raise EOFError
        self._pending += data

    def _read_after_reset(self) -> bytes:
        """What was sent before an end that left things unread, which is told first."""
        with contextlib.suppress(OSError):
            return self._socket.recv(_CHUNK)
        return b""

    def read_with_files(self) -> None:
        """Takes in what arrives with the files beside it; waits for it.

        Raises:
            EOFError: the other end is closed.
        """
        size = socket.CMSG_SPACE(_MOST_FILES * array.array("i").itemsize)
        try:
            data, ancillary, _, _ = self._socket.recvmsg(_CHUNK, size)
        except ConnectionError:
            data, ancillary = b"", []
        for level, kind, packed in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                files = array.array("i")
                files.frombytes(packed[: len(packed) - len(packed) % files.itemsize])
                self._files.extend(files)
        if not data:
            raise EOFError
        self._pending += data

    def next_line(self) -> bytes:
        """The next line; waits for it.

        Raises:
            EOFError: the other end is closed.
        """
        while (line := self.line()) is None:
            if hasattr(socket, "SCM_RIGHTS"):
                self.read_with_files()
            else:
                self.read()
        return line

    def is_idle(self, seconds: float) -> bool:
        """Whether nothing arrives for so long; what does arrive is left to be read."""
        if self._pending:
            return False
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return True
        except OSError:
            return False
        finally:
            self._socket.settimeout(None)
        return False

    def take_files(self, count: int) -> list[int]:
        """The files that came with a line; fewer if this process can open no more."""
        taken, self._files = self._files[:count], self._files[count:]
        return taken

    def line_within(self, seconds: float) -> bytes | None:
        """The next line if there is one before the time is up."""
        line = self.line()
        with contextlib.suppress(EOFError, OSError):
            if line is None and select.select([self._socket], [], [], seconds)[0]:
                self.read()
                line = self.line()
        return line

    def words_before_end(self) -> bytes:
        """What arrived and is no whole line, up to the last that was sent."""
        with contextlib.suppress(EOFError, OSError):
            while (
                len(self._pending) <= MAX_MESSAGE
                and select.select([self._socket], [], [], 0)[0]
            ):
                self.read()
        return bytes(self._pending)

    def wait_again(self) -> None:
        """Makes reading wait, whatever somebody has done to the file."""
        with contextlib.suppress(OSError):  # closed: reading will tell
            self._socket.setblocking(True)

    def close(self) -> None:
        """Closes the socket; the other end sees the end."""
        self._socket.close()


def pair() -> tuple[Channel, socket.socket]:
    """Two connected ends: a channel, and a socket to hand to another process."""
    here, there = socket.socketpair()
    return Channel(here), there


def close_files(files: Iterable[int]) -> None:
    """Closes files, whether they are open or not."""
    for file in files:
        with contextlib.suppress(OSError):
            os.close(file)
