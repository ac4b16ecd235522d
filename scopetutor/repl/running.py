"""While an entry runs: Ctrl-C stops it, and after a second the screen says how long.

Used as `with Running(…)` around a request to the workspace. Ctrl-C does not raise here:
it asks the workspace to stop the entry, which then ends as "interrupted".
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
    """The time between asking and being answered.

    Args:
        screen: where the running time is shown.
        interrupt: what Ctrl-C does.
    """

    def __init__(self, screen: Screen, interrupt: Callable[[], None]) -> None:
        self.screen = screen
        self.interrupt = interrupt
        self._done = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)
        self._handler: Any = None

    def __enter__(self) -> Running:
        """Take Ctrl-C over and start the clock."""
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGINT, lambda *_: self.interrupt())
        self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give Ctrl-C back."""
        self._done.set()
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
        self._clock.join()
        self.screen.notice("")

    def _tick(self) -> None:
        started = time.monotonic()
        wait = PATIENCE
        while not self._done.wait(wait):
            seconds = time.monotonic() - started
            self.screen.notice(f"  running {seconds:.0f} s, Ctrl-C stops it")
            wait = EVERY
