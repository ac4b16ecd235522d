"""`tf.train.Supervisor`: what programs trained with before monitored sessions.

After ``session_manager.py``. It makes the operations that get a model ready, ends the
building of the graph, makes a session, and writes files from threads of its own.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.file_writer import FileWriter
from scopetutor.engine.graph_io import write_graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.meta_graph import create_meta_graph_def
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.summaries import merge_all
from scopetutor.engine.resources import tables_initializer
from scopetutor.engine.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from scopetutor.formats import protos

from .coordinator import Coordinator, LooperThread
from .global_step import global_step as step_of
from .saver import Saver
from .session_manager import SessionManager
from .supervisor_threads import (
    SVStepCounterThread,
    SVSummaryThread,
    SVTimerCheckpointThread,
)

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

USE_DEFAULT = 0


class Supervisor:
    """Gets a model ready, writes its checkpoints and summaries, and stops its threads.

    Args:
        graph: the default graph if None; it is finalized.
        ready_op: gives the names of variables without a value.
        ready_for_local_init_op: does so before `local_init_op` is run.
        is_chief: whether it gives variables values and writes files.
        init_op: gives all variables their initial values.
        init_feed_dict: is fed to it.
        local_init_op: gives local variables their values.
        logdir: the folder of its files; None: none are written.
        summary_op: all summaries; None: none are written.
        saver: a Saver; None: no checkpoints.
        global_step: the tensor of the step.
        save_summaries_secs: seconds between two summaries; 0: none.
        save_model_secs: seconds between two checkpoints; 0: none.
        recovery_wait_secs: between two looks at whether the model is ready.
        stop_grace_secs: how long threads may live at the end.
        checkpoint_basename: how the names of checkpoints begin.
        session_manager: makes the sessions.
        summary_writer: a FileWriter; None: no summaries.
        init_fn: (session), is called after `init_op`.
        local_init_run_options: with which `local_init_op` is run.

    What is not given is taken from the collections of the graph, or made.

    Raises:
        RuntimeError: in eager mode.
    """

    USE_DEFAULT = USE_DEFAULT

    @deprecated(
        "Supervisor.__init__",
        "tensorflow.python.training.supervisor",
        "Please switch to tf.train.MonitoredTrainingSession",
    )
    def __init__(
        self,
        graph: Any = None,
        ready_op: Any = USE_DEFAULT,
        ready_for_local_init_op: Any = USE_DEFAULT,
        is_chief: bool = True,
        init_op: Any = USE_DEFAULT,
        init_feed_dict: Any = None,
        local_init_op: Any = USE_DEFAULT,
        logdir: Any = None,
        summary_op: Any = USE_DEFAULT,
        saver: Any = USE_DEFAULT,
        global_step: Any = USE_DEFAULT,
        save_summaries_secs: Any = 120,
        save_model_secs: Any = 600,
        recovery_wait_secs: float = 30,
        stop_grace_secs: float = 120,
        checkpoint_basename: str = "model.ckpt",
        session_manager: Any = None,
        summary_writer: Any = USE_DEFAULT,
        init_fn: Any = None,
        local_init_run_options: Any = None,
    ) -> None:
        if defaults.executing_eagerly():
            raise RuntimeError("Supervisors are compatible with eager execution.")
        self._graph = graph or defaults.get_default_graph()
        with self._graph.as_default():
            self._ready_op = _given_or(ready_op, GraphKeys.READY_OP, _report)
            self._ready_for_local_init_op = _given_or(
                ready_for_local_init_op, GraphKeys.READY_FOR_LOCAL_INIT_OP
            )
            self._init_op = _given_or(
                init_op, GraphKeys.INIT_OP, global_variables_initializer
            )
            self._local_init_op = _given_or(
                local_init_op, GraphKeys.LOCAL_INIT_OP, _local_init_op
            )
            self._saver = _given_or(saver, GraphKeys.SAVERS, _saver)
            self._summary_op = _given_or(summary_op, GraphKeys.SUMMARY_OP, merge_all)
            self._global_step = _given_or(
                global_step, GraphKeys.GLOBAL_STEP, _global_step
            )
        self._meta_graph_def = create_meta_graph_def(
            graph_def=self._graph.as_graph_def(add_shapes=True),
            saver_def=self._saver.saver_def if self._saver else None,
        )
        self._is_chief, self._coord = is_chief, Coordinator()
        self._stop_grace_secs = stop_grace_secs
        self._init_feed_dict, self._init_fn = init_feed_dict, init_fn
        self._save_summaries_secs = save_summaries_secs if is_chief else None
        self._save_model_secs = save_model_secs if is_chief else None
        self._graph_added_to_summary = False
        self._choose_files(logdir, checkpoint_basename, summary_writer)
        self._session_manager = session_manager or SessionManager(
            self._local_init_op,
            self._ready_op,
            self._ready_for_local_init_op,
            self._graph,
            recovery_wait_secs,
            local_init_run_options,
        )
        self._verify_setup()
        self._graph.finalize()

    def _choose_files(self, logdir: Any, basename: str, summary_writer: Any) -> None:
        """Only the chief writes."""
        self._logdir = self._save_path = self._summary_writer = None
        if not self._is_chief:
            return
        self._logdir = logdir
        if logdir:
            self._save_path = os.path.join(logdir, basename)
        if summary_writer is not USE_DEFAULT:
            self._summary_writer = summary_writer
        elif logdir:
            self._summary_writer = FileWriter(logdir)

    def _verify_setup(self) -> None:
        """A variable that several workers share needs a device."""
        if self._is_chief:
            return
        for op in self._graph.get_operations():
            if op.type in ("Variable", "VariableV2") and not op.device:
                raise ValueError(
                    "When using replicas, all Variables must have their device set: "
                    f"{op}"
                )

    # -- what it has -------------------------------------------------------------------

    is_chief = property(lambda self: self._is_chief)
    session_manager = property(lambda self: self._session_manager)
    coord = property(lambda self: self._coord)
    init_op = property(lambda self: self._init_op)
    init_feed_dict = property(lambda self: self._init_feed_dict)
    ready_op = property(lambda self: self._ready_op)
    ready_for_local_init_op = property(lambda self: self._ready_for_local_init_op)
    summary_writer = property(lambda self: self._summary_writer)
    summary_op = property(lambda self: self._summary_op)
    save_summaries_secs = property(lambda self: self._save_summaries_secs)
    global_step = property(lambda self: self._global_step)
    saver = property(lambda self: self._saver)
    save_model_secs = property(lambda self: self._save_model_secs)
    save_path = property(lambda self: self._save_path)

    # -- a session ---------------------------------------------------------------------

    def prepare_or_wait_for_session(
        self,
        master: str = "",
        config: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        start_standard_services: bool = True,
    ) -> Any:
        """A session in which the model is ready, with threads that serve it."""
        self._coord.clear_stop()
        if self._summary_writer:
            self._summary_writer.reopen()
        if self._is_chief:
            session = self._session_manager.prepare_session(
                master,
                init_op=self._init_op,
                saver=self._saver,
                checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint,
                max_wait_secs=max_wait_secs,
                config=config,
                init_feed_dict=self._init_feed_dict,
                init_fn=self._init_fn,
            )
            self._write_graph()
            if start_standard_services:
                tf_logging.info("Starting standard services.")
                self.start_standard_services(session)
        else:
            session = self._session_manager.wait_for_session(
                master, config=config, max_wait_secs=max_wait_secs
            )
        if start_standard_services:
            tf_logging.info("Starting queue runners.")
            self.start_queue_runners(session)
        return session

    def _write_graph(self) -> None:
        if self._logdir:
            graph_def = self._graph.as_graph_def(add_shapes=True)
            write_graph(graph_def, self._logdir, "graph.pbtxt")
        if self._summary_writer and not self._graph_added_to_summary:
            self._summary_writer.add_graph(self._graph)
            self._summary_writer.add_meta_graph(self._meta_graph_def)
            self._graph_added_to_summary = True

    def start_standard_services(self, sess: Any) -> list[threading.Thread] | None:
        """Starts the threads that write summaries and checkpoints.

        Raises:
            RuntimeError: it is no chief.
        """
        if not self._is_chief:
            raise RuntimeError(
                "Only chief supervisor can start standard services. Because only chief "
                "supervisors can write events."
            )
        if not self._logdir:
            tf_logging.warning(
                "Standard services need a 'logdir' passed to the SessionManager"
            )
            return None
        if self._global_step is not None and self._summary_writer:
            start: Any = protos.SessionLog(status=protos.SessionLog.START)
            step = step_of(sess, self._global_step)
            self._summary_writer.add_session_log(start, step)
        threads: list[threading.Thread] = []
        if self._save_summaries_secs and self._summary_writer:
            if self._summary_op is not None:
                threads.append(SVSummaryThread(self, sess))
            if self._global_step is not None:
                threads.append(SVStepCounterThread(self, sess))
        if self._saver and self._save_model_secs:
            threads.append(SVTimerCheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(
        self, sess: Any, queue_runners: Any = None
    ) -> list[threading.Thread]:
        """Starts the threads of queue runners; None: those of the graph."""
        if defaults.executing_eagerly():
            raise RuntimeError("Queues are not compatible with eager execution.")
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        return [
            thread
            for runner in queue_runners
            for thread in runner.create_threads(
                sess, coord=self._coord, daemon=True, start=True
            )
        ]

    @contextlib.contextmanager
    def managed_session(
        self,
        master: str = "",
        config: Any = None,
        start_standard_services: bool = True,
        close_summary_writer: bool = True,
    ) -> Iterator[Any]:
        """Context manager: a session; at the end all is stopped and closed."""
        session: Any = None
        try:
            session = self.prepare_or_wait_for_session(
                master=master,
                config=config,
                start_standard_services=start_standard_services,
            )
            yield session
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if session is not None:
                    session.close()

    # -- its threads -------------------------------------------------------------------

    def loop(
        self,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """Starts a thread that calls a function again and again."""
        return LooperThread.loop(self._coord, timer_interval_secs, target, args, kwargs)

    def stop(
        self,
        threads: Any = None,
        close_summary_writer: bool = True,
        ignore_live_threads: bool = False,
    ) -> None:
        """Stops the threads; raises what went wrong in one."""
        self._coord.request_stop()
        try:
            self._coord.join(
                threads,
                stop_grace_period_secs=self._stop_grace_secs,
                ignore_live_threads=ignore_live_threads,
            )
        finally:
            if close_summary_writer and self._summary_writer:
                end: Any = protos.SessionLog(status=protos.SessionLog.STOP)
                self._summary_writer.add_session_log(end)
                self._summary_writer.close()
                self._graph_added_to_summary = False

    def request_stop(self, ex: Any = None) -> None:
        """Asks the threads to stop."""
        self._coord.request_stop(ex=ex)

    def should_stop(self) -> bool:
        """Whether a stop was asked for."""
        return self._coord.should_stop()

    def stop_on_exception(self) -> contextlib.AbstractContextManager[None]:
        """Context manager: an exception inside it is a reason to stop."""
        return self._coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        """Waits until a stop is asked for."""
        self._coord.wait_for_stop()

    def summary_computed(
        self, sess: Any, summary: Any, global_step: Any = None
    ) -> None:
        """Writes a summary.

        Raises:
            RuntimeError: there is nothing to write it with.
        """
        if not self._summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self._global_step is not None:
            global_step = step_of(sess, self._global_step)
        self._summary_writer.add_summary(summary, global_step)

    # The names of before TensorFlow 1.
    PrepareSession = prepare_or_wait_for_session
    StartQueueRunners = start_queue_runners
    StartStandardServices = start_standard_services
    Stop = stop
    RequestStop = request_stop
    Loop = loop
    ShouldStop = should_stop
    StopOnException = stop_on_exception
    WaitForStop = wait_for_stop
    SummaryComputed = summary_computed


def _given_or(given: Any, key: str, make: Callable[[], Any] | None = None) -> Any:
    """What is given, the first of a collection, or something new put into it."""
    if given is not USE_DEFAULT:
        return given
    graph = defaults.get_default_graph()
    found = graph.get_collection(key)
    if len(found) > 1:
        tf_logging.info(
            "Found %d %s operations. Returning the first one.", len(found), key
        )
    if found:
        return found[0]
    made = make() if make else None
    if made is not None:
        graph.add_to_collection(key, made)
    return made


def _report() -> Any:
    return report_uninitialized_variables()


def _local_init_op() -> Any:
    return group(local_variables_initializer(), tables_initializer())


def _saver() -> Saver | None:
    return Saver() if global_variables() else None


def _global_step() -> Any:
    """The tensor of this name, if it is a whole number."""
    try:
        step = defaults.get_default_graph().get_tensor_by_name("global_step:0")
    except KeyError:
        return None
    if step.dtype.base_dtype.name in ("int32", "int64"):
        return step
    tf_logging.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None
