"""`tf.train.Coordinator`: threads that stop together, and whose first error is raised.

Nothing of the graph is known here. `queue_runner` makes threads that use it.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NoReturn

from scopetutor.engine import compat, tf_logging
from scopetutor.engine.op_errors import OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LONGEST_LOOK = 1.0  # seconds between two looks at whether threads still live
_SHORTEST_NAP = 0.001


class Coordinator:
    """Asks threads to stop, waits for them and tells what went wrong in one.

    Args:
        clean_stop_exception_types: exceptions that only mean "stop"; None: the one
            that says that data has ended.
    """

    def __init__(self, clean_stop_exception_types: Any = None) -> None:
        if clean_stop_exception_types is None:
            clean_stop_exception_types = (OutOfRangeError,)
        self._clean = tuple(clean_stop_exception_types)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._threads: set[threading.Thread] = set()

    @property
    def joined(self) -> bool:
        """Whether its threads were waited for."""
        return self._joined

    def request_stop(self, ex: Any = None) -> None:
        """Asks all threads to stop.

        Args:
            ex: why: an exception or what `sys.exc_info` gives; `join` raises the first
                one that was given.
        """
        error = self._unclean(ex)
        with self._lock:
            if self._joined:
                if error is not None:
                    raise error
            elif not self._stop.is_set():
                if error is not None and self._error is None:
                    text = compat.as_str_any(error)
                    tf_logging.info(
                        "Error reported to Coordinator: %s, %s", type(error), text
                    )
                    self._error = error
                self._stop.set()

    def _unclean(self, given: Any) -> BaseException | None:
        """The exception in what was given; None if it only means "stop"."""
        error = given[1] if isinstance(given, tuple) else given
        if error is None or isinstance(error, self._clean):
            return None
        if not isinstance(error, BaseException):
            return ValueError(
                "ex must be a tuple or sys.exc_info must return the current "
                f"exception: {given}"
            )
        return error

    def clear_stop(self) -> None:
        """Begins anew."""
        with self._lock:
            self._joined, self._error = False, None
            self._stop.clear()

    def should_stop(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

    @contextlib.contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """Context manager: an exception inside it is a reason to stop."""
        try:
            yield
        except BaseException:
            self.request_stop(sys.exc_info())

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Waits until a stop is asked for; whether it was."""
        return self._stop.wait(timeout)

    def register_thread(self, thread: threading.Thread) -> None:
        """Has `join` wait for a thread."""
        with self._lock:
            self._threads.add(thread)

    def join(
        self,
        threads: Iterable[threading.Thread] | None = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Waits until threads have ended.

        Args:
            threads: besides those that were registered.
            stop_grace_period_secs: how long they may live after a stop was asked for.
            ignore_live_threads: whether it is fine if they live longer.

        Raises:
            RuntimeError: threads still live.
            BaseException: the reason for the stop.
        """
        with self._lock:
            wanted = list(self._threads.union(threads or ()))
        while _alive(wanted) and not self.wait_for_stop(_LONGEST_LOOK):
            pass
        deadline = time.monotonic() + stop_grace_period_secs
        nap = _SHORTEST_NAP
        while _alive(wanted) and time.monotonic() < deadline:
            time.sleep(min(nap, max(deadline - time.monotonic(), _SHORTEST_NAP)))
            nap *= 2
        with self._lock:
            self._joined, self._threads = True, set()
        self.raise_requested_exception()
        if names := " ".join(thread.name for thread in _alive(wanted)):
            said = f"Coordinator stopped with threads still running: {names}"
            if not ignore_live_threads:
                raise RuntimeError(said)
            tf_logging.info(said)

    def raise_requested_exception(self) -> None:
        """Raises the reason for the stop, if there was one."""
        if self._error is not None:
            raise self._error


def _alive(threads: list[threading.Thread]) -> list[threading.Thread]:
    return [thread for thread in threads if thread.is_alive()]


class LooperThread(threading.Thread):
    """A thread that does something again and again until a coordinator says stop.

    Args:
        coord: the coordinator.
        timer_interval_secs: seconds between two beginnings; None: no pause.
        target: what to do; None: `run_loop` of a subclass.
        args, kwargs: for it.
    """

    def __init__(
        self,
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any] | None = None,
        args: Any = None,
        kwargs: Any = None,
    ) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        if target is None and (args or kwargs):
            raise ValueError(
                "'args' and 'kwargs' argument require that you also pass 'target'"
            )
        super().__init__(daemon=True)
        self._coord, self._interval = coord, timer_interval_secs
        self._todo, self._with, self._named = target, args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """Makes one and starts it."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        """What the thread does."""
        with self._coord.stop_on_exception():
            self.start_loop()
            begins = time.monotonic()
            while not self._coord.wait_for_stop(max(begins - time.monotonic(), 0)):
                begins += self._interval or 0
                self.run_loop()
            self.stop_loop()

    def start_loop(self) -> None:
        """Is called at the beginning."""

    def stop_loop(self) -> None:
        """Is called at the end."""

    def run_loop(self) -> None:
        """Is called again and again."""
        if self._todo is not None:
            self._todo(*self._with, **self._named)


def no_session() -> NoReturn:
    """Says that queue runners need a session."""
    raise ValueError(
        "Cannot start queue runners: No default session is registered. Use `with "
        "sess.as_default()` or pass an explicit session to "
        "tf.start_queue_runners(sess=sess)"
    )
