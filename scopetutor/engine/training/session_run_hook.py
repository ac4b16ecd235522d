"""`tf.train.SessionRunHook`: what is called around each run of a monitored session.

Before ``basic_session_run_hooks.py``, which has ready ones, and
``monitored_session.py``, which calls them.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunHook:
    """Is called when a monitored session begins and ends, and around each run."""

    def begin(self) -> None:
        """Is called before the session is made: the graph can still be changed."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Is called once the variables have values; the graph is finalized."""

    def before_run(self, run_context: SessionRunContext) -> Any:
        """Is called before a run.

        Returns:
            What is to be run and fed too, as SessionRunArgs; or None.
        """

    def after_run(self, run_context: SessionRunContext, run_values: Any) -> None:
        """Is called after a run, with what came of it, as SessionRunValues."""

    def end(self, session: Any) -> None:
        """Is called when the session ends without an error."""


class SessionRunArgs(NamedTuple):
    """What is run: fetches, values to feed and options."""

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunContext:
    """One run, for the hooks around it."""

    def __init__(self, original_args: Any, session: Any) -> None:
        self._original_args, self._session = original_args, session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        """What the program asked for."""
        args: SessionRunArgs = self._original_args
        return args

    @property
    def session(self) -> Any:
        """The session, without hooks."""
        return self._session

    @property
    def stop_requested(self) -> bool:
        """Whether a hook asked for a stop."""
        return self._stop_requested

    def request_stop(self) -> None:
        """Asks for a stop after this run."""
        self._stop_requested = True


class SessionRunValues(NamedTuple):
    """What came of a run: the values a hook asked for, options and measurements."""

    results: Any
    options: Any
    run_metadata: Any
