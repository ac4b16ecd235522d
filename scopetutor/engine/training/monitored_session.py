"""`tf.train.MonitoredSession`: a session that gets a model ready and calls hooks.

After ``scaffold.py``, which makes the sessions, and the hooks. A run goes through
layers: one makes a new session after a failure of the machinery, one tells the threads
of a failure, and one calls the hooks.
"""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import AbortedError, OutOfRangeError, UnavailableError
from scopetutor.formats import protos

from .coordinator import Coordinator
from .queue_runner import start_queue_runners
from .recording_hooks import CheckpointSaverHook, StepCounterHook, SummarySaverHook
from .scaffold import (
    ChiefSessionCreator,
    Scaffold,
    SessionCreator,
    WorkerSessionCreator,
)
from .session_run_hook import SessionRunArgs, SessionRunContext, SessionRunValues

if TYPE_CHECKING:
    from collections.abc import Callable

USE_DEFAULT = object()

_PREEMPTION_ERRORS = (AbortedError, UnavailableError)
_BUSY = (
    "This error may also occur due to a gRPC failure caused by high memory or network "
    "bandwidth usage in the parameter servers. If this error occurs repeatedly, try "
    "increasing the number of parameter servers assigned to the job. Error: %s"
)
_AGAIN = (
    "This may be due to a preemption in a connected worker or parameter server. The "
    f"current session will be closed and a new session will be created. {_BUSY}"
)
_LOST_MAKING = (
    "An error was raised while a session was being created. This may be due to a "
    "preemption of a connected worker or parameter server. A new session will be "
    f"created. {_BUSY}"
)
_LOST_ASKING = (
    f"An error was raised while considering whether the session is complete. {_AGAIN}"
)
_LOST_RUNNING = f"An error was raised. {_AGAIN}"
_LOST_CLOSING = (
    "An error occurred when attempting to close the session. This may be due to a "
    "preemption in a connected worker or parameter server. Error: %s"
)


def MonitoredTrainingSession(  # noqa: N802 - TensorFlow's name
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: Any = None,
    scaffold: Scaffold | None = None,
    hooks: Any = None,
    chief_only_hooks: Any = None,
    save_checkpoint_secs: Any = USE_DEFAULT,
    save_summaries_steps: Any = USE_DEFAULT,
    save_summaries_secs: Any = USE_DEFAULT,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: Any = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = USE_DEFAULT,
    summary_dir: Any = None,
) -> MonitoredSession:
    """A MonitoredSession with the hooks that a training needs.

    Args:
        master: kept for TensorFlow's sake.
        is_chief: whether it gives variables values and writes files.
        checkpoint_dir: the folder of checkpoints; None: none are written.
        scaffold: gets the model ready.
        hooks: SessionRunHooks.
        chief_only_hooks: further ones of the chief, called first.
        save_checkpoint_secs: seconds between two checkpoints; 600.
        save_summaries_steps: steps between two summaries; 100.
        save_summaries_secs: seconds between two summaries.
        config: a ConfigProto.
        stop_grace_period_secs: how long threads may live at the end.
        log_step_count_steps: steps between two counts of steps in a second.
        max_wait_secs: how long others wait for the chief.
        save_checkpoint_steps: steps between two checkpoints.
        summary_dir: the folder of summaries; None: that of checkpoints.
    """
    summaries = _chosen(save_summaries_steps, save_summaries_secs, (100, None))
    checkpoints = _chosen(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
    scaffold = scaffold or Scaffold()
    if not is_chief:
        worker = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(worker, hooks or [], stop_grace_period_secs)
    all_hooks = [*(chief_only_hooks or ())]
    chief = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    summary_dir = summary_dir or checkpoint_dir
    if summary_dir and _positive(log_step_count_steps):
        counter = StepCounterHook(log_step_count_steps, output_dir=summary_dir)
        all_hooks.append(counter)
    if summary_dir and any(map(_positive, summaries)):
        all_hooks.append(
            SummarySaverHook(*summaries, output_dir=summary_dir, scaffold=scaffold)
        )
    if checkpoint_dir and any(map(_positive, checkpoints)):
        steps, secs = checkpoints
        all_hooks.append(
            CheckpointSaverHook(checkpoint_dir, secs, steps, scaffold=scaffold)
        )
    all_hooks.extend(hooks or ())
    return MonitoredSession(chief, all_hooks, stop_grace_period_secs)


def _chosen(steps: Any, secs: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """Steps and seconds; the default only if none of the two is given."""
    if steps is USE_DEFAULT and secs is USE_DEFAULT:
        return default
    return tuple(None if x is USE_DEFAULT else x for x in (steps, secs))  # type: ignore[return-value]


def _positive(number: Any) -> bool:
    return bool(number) and number > 0


class StepContext:
    """What the function of `run_step_fn` is given."""

    def __init__(self, session: Any, run_with_hooks_fn: Callable[..., Any]) -> None:
        self._session, self._run_with_hooks_fn = session, run_with_hooks_fn

    @property
    def session(self) -> Any:
        """The session, without hooks."""
        return self._session

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        """Runs something, with hooks."""
        return self._run_with_hooks_fn(*args, **kwargs)

    def request_stop(self) -> None:
        """Ends the `with` of the monitored session."""
        raise StopIteration("step_fn has requested the iterations to stop.")


class _MonitoredSession:
    """What both kinds have in common."""

    StepContext = StepContext

    def __init__(
        self,
        session_creator: SessionCreator | None,
        hooks: Any,
        should_recover: bool,
        stop_grace_period_secs: float = 120,
    ) -> None:
        self._graph_was_finalized = defaults.get_default_graph().finalized
        self._hooks = hooks or []
        for hook in self._hooks:
            hook.begin()
        self._coordinated_creator = _CoordinatedSessionCreator(
            session_creator or ChiefSessionCreator(),
            self._hooks,
            stop_grace_period_secs,
        )
        self._sess: Any = (
            _RecoverableSession(self._coordinated_creator)
            if should_recover
            else self._coordinated_creator.create_session()
        )

    @property
    def graph(self) -> Any:
        """The graph; None when it is closed."""
        session = self._tf_sess()
        return None if session is None else session.graph

    def run(
        self,
        fetches: Any,
        feed_dict: Any = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """Runs something, with hooks, as `tf.Session.run` does."""
        return self._sess.run(
            fetches, feed_dict=feed_dict, options=options, run_metadata=run_metadata
        )

    def run_step_fn(self, step_fn: Callable[..., Any]) -> Any:
        """What a function of a StepContext gives.

        Raises:
            ValueError: it takes other arguments.
        """
        taken = tuple(inspect.signature(step_fn).parameters)
        if taken not in (("step_context",), ("self", "step_context")):
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and "
                "`step_context` arguments if it's an instance method. Got "
                f"{taken} instead."
            )
        return self._sess.run_step_fn(step_fn, self._tf_sess(), run_with_hooks=None)

    def should_stop(self) -> bool:
        """Whether a hook asked for a stop, or it is closed."""
        return self._sess is None or bool(self._sess.should_stop())

    def close(self) -> None:
        """Ends hooks and threads, and closes the session."""
        self._close_internal()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        if kind in (OutOfRangeError, StopIteration):
            kind = None
        self._close_internal(kind)
        return kind is None

    def _close_internal(self, exception_type: Any = None) -> None:
        creator = self._coordinated_creator
        try:
            if not exception_type:
                for hook in self._hooks:
                    hook.end(creator.tf_sess)
        finally:
            try:
                if self._sess is None:
                    raise RuntimeError("Session is already closed.")
                self._sess.close()
            finally:
                self._sess = creator.tf_sess = creator.coord = None
                if not self._graph_was_finalized:
                    defaults.get_default_graph()._unsafe_unfinalize()

    def _is_closed(self) -> bool:
        return self._coordinated_creator.tf_sess is None

    def _tf_sess(self) -> Any:
        return self._coordinated_creator.tf_sess


class MonitoredSession(_MonitoredSession):
    """A session with hooks that is made anew when a worker is lost."""

    def __init__(
        self,
        session_creator: SessionCreator | None = None,
        hooks: Any = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        super().__init__(session_creator, hooks, True, stop_grace_period_secs)


class SingularMonitoredSession(_MonitoredSession):
    """A session with hooks that is made once."""

    def __init__(
        self,
        hooks: Any = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: Any = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: Any = None,
    ) -> None:
        creator = ChiefSessionCreator(
            scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path
        )
        super().__init__(creator, hooks, False, stop_grace_period_secs)

    def raw_session(self) -> Any:
        """The session, without hooks."""
        return self._tf_sess()


class _CoordinatedSessionCreator(SessionCreator):
    """Makes a session, starts its threads and tells the hooks."""

    def __init__(
        self, session_creator: SessionCreator, hooks: Any, stop_grace_period_secs: float
    ) -> None:
        self._session_creator, self._hooks = session_creator, hooks
        self._stop_grace_period_secs = stop_grace_period_secs
        self.coord: Coordinator | None = None
        self.tf_sess: Any = None

    def create_session(self) -> _CoordinatedSession:
        """A new session, in its layers."""
        self.tf_sess = self._session_creator.create_session()
        self.coord = Coordinator(clean_stop_exception_types=[])
        if defaults.get_default_graph().get_collection(GraphKeys.QUEUE_RUNNERS):
            start_queue_runners(sess=self.tf_sess, coord=self.coord)
        for hook in self._hooks:
            hook.after_create_session(self.tf_sess, self.coord)
        return _CoordinatedSession(
            _HookedSession(self.tf_sess, self._hooks),
            self.coord,
            self._stop_grace_period_secs,
        )


class _WrappedSession:
    """A layer around a session."""

    def __init__(self, session: Any) -> None:
        self._sess = session
        self._wrapped_is_stoppable = isinstance(session, _WrappedSession)

    @property
    def graph(self) -> Any:
        """The session's."""
        return self._sess.graph

    @property
    def sess_str(self) -> Any:
        """The session's."""
        return self._sess.sess_str

    def should_stop(self) -> bool:
        """Whether this layer or one below it stops."""
        if self._check_stop() or not self._sess:
            return True
        return self._wrapped_is_stoppable and bool(self._sess.should_stop())

    def _check_stop(self) -> bool:
        return False

    def close(self) -> None:
        """Closes what is below."""
        if not self._sess:
            return
        try:
            self._sess.close()
        except _PREEMPTION_ERRORS as error:
            tf_logging.warning(_LOST_CLOSING, error)
        finally:
            self._sess = None

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs what is below."""
        return self._sess.run(*args, **kwargs)

    def run_step_fn(
        self, step_fn: Any, raw_session: Any, run_with_hooks: Any = None
    ) -> Any:
        """What a function of a StepContext gives."""
        return step_fn(StepContext(raw_session, run_with_hooks or self.run))


class _RecoverableSession(_WrappedSession):
    """Makes a new session when the machinery failed."""

    def __init__(self, creator: _CoordinatedSessionCreator) -> None:
        self._sess_creator = creator
        super().__init__(self._create_session())

    def _create_session(self) -> Any:
        while True:
            try:
                return self._sess_creator.create_session()
            except _PREEMPTION_ERRORS as error:
                tf_logging.info(_LOST_MAKING, error)

    def _check_stop(self) -> bool:
        try:
            return not self._sess or bool(self._sess._check_stop())
        except _PREEMPTION_ERRORS as error:
            tf_logging.info(_LOST_ASKING, error)
            self.close()
            self._sess = self._create_session()
            return False
        except Exception:
            # The next run raises it.
            return True

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs it, again in a new session if need be."""
        return self._until_done(lambda session: session.run(*args, **kwargs))

    def run_step_fn(
        self, step_fn: Any, raw_session: Any, run_with_hooks: Any = None
    ) -> Any:
        """Calls the function, again with a new session if need be."""
        del run_with_hooks
        return self._until_done(
            lambda session: session.run_step_fn(step_fn, raw_session, session.run)
        )

    def _until_done(self, work: Callable[[Any], Any]) -> Any:
        while True:
            try:
                if not self._sess:
                    self._sess = self._create_session()
                return work(self._sess)
            except _PREEMPTION_ERRORS as error:
                tf_logging.info(_LOST_RUNNING, error)
                self.close()


class _CoordinatedSession(_WrappedSession):
    """Raises what went wrong in a thread rather than what came of it."""

    def __init__(
        self, session: Any, coord: Coordinator, stop_grace_period_secs: float = 120
    ) -> None:
        super().__init__(session)
        self._coord, self._stop_grace_period_secs = coord, stop_grace_period_secs

    def _check_stop(self) -> bool:
        self._coord.raise_requested_exception()
        return self._coord.should_stop()

    def close(self) -> None:
        """Stops the threads and closes the session."""
        self._coord.request_stop()
        try:
            self._coord.join(
                stop_grace_period_secs=self._stop_grace_period_secs,
                ignore_live_threads=True,
            )
        finally:
            with contextlib.suppress(Exception):
                super().close()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Runs it; a lost worker that a thread noticed counts more than an error."""
        try:
            return self._sess.run(*args, **kwargs)
        except _PREEMPTION_ERRORS:
            raise
        except Exception as error:
            try:
                self._coord.raise_requested_exception()
            except _PREEMPTION_ERRORS:
                raise
            except Exception:
                raise error from None
            raise


class _HookedSession(_WrappedSession):
    """Calls hooks around each run."""

    def __init__(self, session: Any, hooks: Any) -> None:
        super().__init__(session)
        self._hooks, self._should_stop = hooks, False

    def _check_stop(self) -> bool:
        return self._should_stop

    def run(
        self,
        fetches: Any,
        feed_dict: Any = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """Runs it together with what the hooks ask for.

        Raises:
            RuntimeError: a stop was asked for, or two feed the same tensor.
        """
        if self.should_stop():
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self._sess)
        options = options or protos.RunOptions()
        wanted: dict[Any, Any] = {"caller": fetches}
        feeds = self._call_before_run(context, wanted, feed_dict, options)
        run_metadata = run_metadata or protos.RunMetadata()
        found = super().run(
            fetches=wanted, feed_dict=feeds, options=options, run_metadata=run_metadata
        )
        for hook in self._hooks:
            hook.after_run(
                context, SessionRunValues(found.get(hook), options, run_metadata)
            )
        self._should_stop = self._should_stop or context.stop_requested
        return found["caller"]

    def _call_before_run(
        self, context: SessionRunContext, wanted: Any, feed_dict: Any, options: Any
    ) -> Any:
        """What is fed; what the hooks ask for is added to `wanted`."""
        feeds: dict[Any, Any] = {}
        for hook in self._hooks:
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[hook] = request.fetches
            if request.feed_dict:
                said = "Same tensor is fed by two hooks."
                _check_apart(feeds, request.feed_dict, said)
                feeds.update(request.feed_dict)
            if request.options:
                _merge(options, request.options)
        if feeds and feed_dict:
            said = "Same tensor is fed by a SessionRunHook and user."
            _check_apart(feed_dict, feeds, said)
            return {**feeds, **feed_dict}
        return feeds or feed_dict


def _check_apart(feeds: Any, others: Any, said: str) -> None:
    both = set(feeds) & set(others)
    if both:
        raise RuntimeError(f"{said} Conflict(s): {list(both)}")


def _merge(options: Any, more: Any) -> None:
    """Asks for what one of two RunOptions asks for."""
    for field in (
        "trace_level", "timeout_in_ms", "inter_op_thread_pool",
        "output_partition_graphs", "report_tensor_allocations_upon_oom",
    ):  # fmt: skip
        setattr(options, field, max(getattr(options, field), getattr(more, field)))
