"""What a workspace process prints, as the terminal process waits for it and reads it.

Where the system can wait for any file, the process's pipe is read as it is. Elsewhere
(Windows waits for sockets only) a thread pumps the pipe into a socket. What is pumped
comes late, so the process ends an entry's output with a mark, which the learner's code
does not know, and whoever reads here can tell whether there is more to come.

`boot` and `ways` open them, `worker` reads them while an entry runs.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from typing import Protocol

_CHUNK = 1 << 16


def mark(seal: str) -> bytes:
    """What ends the output of an entry where it is pumped."""
    return b"\0" + seal.encode()


class Inlet(Protocol):
    """One of the two streams of a process."""

    def fileno(self) -> int:
        """What a selector can wait for."""

    def read(self) -> bytes:
        """What has arrived; may be nothing but a mark.

        Raises:
            BlockingIOError: there is nothing.
            EOFError: there will be no more.
        """

    def is_heard_out(self, entries: int) -> bool:
        """Whether everything was read that so many entries have printed."""

    def close(self) -> None:
        """Reads no more."""


class FileInlet:
    """A pipe that is read as it is.

    Args:
        file: its end; the inlet owns it from now on.
    """

    def __init__(self, file: int) -> None:
        os.set_blocking(file, False)
        self._file = file

    def fileno(self) -> int:
        """The pipe."""
        return self._file

    def read(self) -> bytes:
        """What has arrived."""
        data = os.read(self._file, _CHUNK)
        if not data:
            raise EOFError
        return data

    def is_heard_out(self, entries: int) -> bool:
        """Always: what was printed is in the pipe."""
        del entries
        return True

    def close(self) -> None:
        """Closes the pipe, once: its number may be another file's by then."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1


class PumpedInlet:
    """A pipe that a thread pumps into a socket.

    Args:
        file: its end; the thread owns it from now on.
        ending: the mark at the end of an entry's output.
    """

    def __init__(self, file: int, ending: bytes) -> None:
        self._socket, there = socket.socketpair()
        self._socket.setblocking(False)
        self._mark = ending
        self._held = b""
        self._marks = 0
        self._ended = False
        threading.Thread(target=_pump, args=(file, there), daemon=True).start()

    def fileno(self) -> int:
        """The socket."""
        return self._socket.fileno()

    def read(self) -> bytes:
        """What has arrived, without marks, and what may be the beginning of one."""
        try:
            data = self._socket.recv(_CHUNK)
        except ConnectionError:
            data = b""
        if not data:
            self._ended = True
            held, self._held = self._held, b""
            if held:
                return held
            raise EOFError
        *parts, rest = (self._held + data).split(self._mark)
        self._marks += len(parts)
        at = _beginning(rest, self._mark)
        self._held = rest[at:]
        return b"".join(parts) + rest[:at]

    def is_heard_out(self, entries: int) -> bool:
        """Whether so many marks have come, or the end."""
        return self._ended or self._marks >= entries

    def close(self) -> None:
        """Closes the socket; the thread ends when it notices."""
        self._socket.close()


def rest(inlet: Inlet, seconds: float) -> bytes:
    """What comes until the end, or until the time is up."""
    deadline = time.monotonic() + seconds
    found = b""
    with contextlib.suppress(EOFError, OSError, ValueError):
        while wait(inlet, deadline):
            found += inlet.read()
    return found


def wait(inlet: Inlet, deadline: float) -> bool:
    """Waits until there is something to read; False if the time is up."""
    left = max(0.0, deadline - time.monotonic())
    return bool(select.select([inlet], [], [], left)[0])


def _beginning(data: bytes, wanted: bytes) -> int:
    """Where, at the end of data, the beginning of something wanted begins."""
    start = data.rfind(wanted[:1], max(0, len(data) - len(wanted) + 1))
    return start if start >= 0 and wanted.startswith(data[start:]) else len(data)


def _pump(file: int, there: socket.socket) -> None:
    """Passes on what comes out of a pipe, until it ends or nobody reads it."""
    with there, contextlib.suppress(OSError):
        while data := os.read(file, _CHUNK):
            there.sendall(data)
    os.close(file)
