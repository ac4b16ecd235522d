"""While an entry runs: Ctrl-C stops it, and after a second the screen says how long.

Used as `with running:` around a request to the workspace. Ctrl-C does not raise here:
it asks the workspace to stop the entry, which then ends as "interrupted".

`loop` has one.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .screen import Screen

PATIENCE = 1.0  # seconds before the running time is shown
EVERY = 0.2


class Running:
    """The times between asking and being answered.

    One thread watches them all: starting one for each entry would cost more than most
    entries take.

    Args:
        screen: where the running time is shown.
        interrupt: what Ctrl-C does.
    """

    def __init__(self, screen: Screen, interrupt: Callable[[], None]) -> None:
        self.screen = screen
        self.interrupt = interrupt
        self._changed = threading.Condition()
        self._since: float | None = None
        self._clock: threading.Thread | None = None
        self._handler: Any = None

    def __enter__(self) -> Running:
        """Take Ctrl-C over and start the clock."""
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGINT, lambda *_: self.interrupt())
        self._set(time.monotonic())
        if self._clock is None:
            self._clock = threading.Thread(target=self._watch, daemon=True)
            self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give Ctrl-C back."""
        self._set(None)
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
        self.screen.notice("")

    def _set(self, since: float | None) -> None:
        with self._changed:
            self._since = since
            self._changed.notify()

    def _watch(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._since is not None)
                self._tell(self._since)

    def _tell(self, since: float | None) -> None:
        """Show how long it is since then, until something else is running."""
        assert since is not None
        wait = PATIENCE
        while not self._changed.wait_for(lambda: self._since != since, wait):
            seconds = time.monotonic() - since
            self.screen.notice(f"  running {seconds:.0f} s, Ctrl-C stops it")
            wait = EVERY
