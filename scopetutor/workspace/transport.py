"""How a workspace process is reached, by what the system can do.

Where a new process can be given open files, it is given one end of a socket, and an
interrupt is a signal. Elsewhere (Windows) it calls back:

    the terminal process  listens on the loopback address and writes port and a secret
                          token into the new process's stdin (`Meeting`)
    the new process       calls twice, and each time says the token first (`reach`):
                          one line is the channel, the other is the bell, on which
                          every byte is an interrupt

What the process prints then comes through `inlets`.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import socket
import sys
import time
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

HANDS_FILES_OVER = os.name == "posix"
"""Whether a new process can be given open files, and files can be waited for."""
_CALL_BACK = "call back"
_LOOPBACK = "127.0.0.1"
_CALL_TIME = 30.0  # seconds for a Python to start, on a machine that is busy
_TOKEN_TIME = 1.0  # seconds for a caller to say the token
_GLANCE = 0.05  # seconds between two looks whether the process still lives


def moments_can_sleep() -> bool:
    """Whether moments can be kept as sleeping processes."""
    return HANDS_FILES_OVER and sys.platform == "linux"


class Lines(NamedTuple):
    """What connects two processes, as one of them holds it.

    Attributes:
        channel: for requests and replies.
        bell: for interrupts; None where they are signals.
    """

    channel: socket.socket
    bell: socket.socket | None = None


class Meeting:
    """Where a new process calls back."""

    place = _CALL_BACK
    """What the new process is told on its command line."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(16).encode()
        self._listener = socket.create_server((_LOOPBACK, 0))
        self._listener.settimeout(_GLANCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def invite(self, stdin: IO[bytes]) -> None:
        """Tells a new process through its stdin, which is closed, where to call."""
        port = self._listener.getsockname()[1]
        with contextlib.suppress(OSError), stdin:  # it has died: nobody will call
            stdin.write(b"%d %s\n" % (port, self._token))

    def wait(self, alive: Callable[[], bool]) -> Lines | None:
        """The lines on which the process calls; None if it ends, or never does.

        Args:
            alive: whether the process has not ended.
        """
        deadline = time.monotonic() + _CALL_TIME
        found: list[socket.socket] = []
        while time.monotonic() < deadline:
            ends = not alive()
            caller = self._next_caller()
            if caller is not None:
                found.append(caller)
            elif ends:
                break
            if len(found) == len(Lines._fields):
                return Lines(*found)
        for line in found:
            line.close()
        return None

    def _next_caller(self) -> socket.socket | None:
        """Somebody who calls and knows the token."""
        try:
            caller, _ = self._listener.accept()
        except OSError:
            return None
        caller.settimeout(_TOKEN_TIME)
        said = b""
        with contextlib.suppress(OSError):
            while len(said) < len(self._token):
                heard = caller.recv(len(self._token) - len(said))
                if not heard:
                    break
                said += heard
        if hmac.compare_digest(said, self._token):
            return _at_once(caller)
        caller.close()
        return None


def reach(place: str) -> Lines:
    """The lines to the terminal process, in a process that it has just started.

    Args:
        place: what the command line says: a file, or that it is to call back.
    """
    if place != _CALL_BACK:
        return Lines(socket.socket(fileno=int(place)))
    port, token = sys.stdin.readline().split()
    return Lines(*(_call(int(port), token.encode()) for _ in Lines._fields))


def _call(port: int, token: bytes) -> socket.socket:
    line = socket.create_connection((_LOOPBACK, port), _CALL_TIME)
    line.sendall(token)
    return _at_once(line)


def _at_once(line: socket.socket) -> socket.socket:
    """The line, on which nothing waits for company before it is sent."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(None)
    return line
