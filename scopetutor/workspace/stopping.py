"""What an interrupt reaches: the worker that runs something, or is waited for.

`client` says from when on something may be stopped, and `head` which worker is at work;
an interrupt may come at any time in between, from a signal handler or another thread.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .worker import Worker


class Stopping:
    """Passes interrupts on.

    Attributes:
        is_asked: whether something is being done that may be stopped.
        is_stopped: whether it is to be.
    """

    def __init__(self) -> None:
        self.is_asked = False
        self.is_stopped = False
        self._busy: Worker | None = None

    def interrupt(self) -> None:
        """Stops what is being done; what has not begun does not begin."""
        self.is_stopped = self.is_asked
        busy = self._busy
        if busy is not None:
            busy.interrupt()

    @contextlib.contextmanager
    def allowed(self) -> Iterator[None]:
        """Around what may be interrupted, from before it has a worker."""
        self.is_asked, self.is_stopped = True, False
        try:
            yield
        finally:
            self.is_asked = self.is_stopped = False

    @contextlib.contextmanager
    def at_work(self, worker: Worker) -> Iterator[None]:
        """Around a wait for a worker, which an interrupt may cut short."""
        worker.take_up()
        self._busy = worker
        if self.is_stopped:
            worker.interrupt()
        try:
            yield
        finally:
            self._busy = None
