"""Queue runners: threads that fill queues while a program trains.

After `coordinator`. TF 1.15: `start_queue_runners` starts all those of the graph.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import OpError, OutOfRangeError
from scopetutor.engine.session import BaseSession

from .coordinator import no_session

if TYPE_CHECKING:
    from .coordinator import Coordinator

_MODULE = "tensorflow.python.training.queue_runner_impl"
_INSTEAD = "To construct input pipelines, use the `tf.data` module."
# Sessions that start them themselves.
_STARTED_ITSELF = frozenset({"MonitoredSession", "SingularMonitoredSession"})


class QueueRunner:
    """Runs the operations that fill a queue, each in a thread of its own.

    Args:
        queue: which is filled.
        enqueue_ops: that fill it; one may be listed several times.
        close_op: closes the queue when nothing more comes.
        cancel_op: closes it at once.
        queue_closed_exception_types: of errors that mean that nothing more comes.
    """

    @deprecated("QueueRunner.__init__", _MODULE, _INSTEAD)
    def __init__(
        self,
        queue: Any = None,
        enqueue_ops: Any = None,
        close_op: Any = None,
        cancel_op: Any = None,
        queue_closed_exception_types: Any = None,
        queue_runner_def: Any = None,
        import_scope: Any = None,
    ) -> None:
        del queue_runner_def, import_scope
        if not queue or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        kinds = queue_closed_exception_types
        if kinds is not None and not (
            isinstance(kinds, tuple) and kinds
            and all(issubclass(kind, OpError) for kind in kinds)
        ):  # fmt: skip
            raise TypeError(
                "queue_closed_exception_types, when provided, must be a tuple of "
                f"tf.error types, but saw: {kinds}"
            )
        self.queue, self.enqueue_ops = queue, enqueue_ops
        self.close_op = queue.close() if close_op is None else close_op
        self.cancel_op = (
            queue.close(cancel_pending_enqueues=True)
            if cancel_op is None
            else cancel_op
        )
        self.queue_closed_exception_types = kinds or (OutOfRangeError,)
        self.exceptions_raised: list[Exception] = []
        self._lock = threading.Lock()
        self._running: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()

    @property
    def name(self) -> Any:
        """The queue's."""
        return self.queue.name

    def create_threads(
        self,
        sess: Any,
        coord: Coordinator | None = None,
        daemon: bool = False,
        start: bool = False,
    ) -> list[threading.Thread]:
        """The threads that fill the queue in a session; none if they run already."""
        with self._lock:
            if self._running.get(sess, 0) > 0:
                return []
            self._running[sess] = len(self.enqueue_ops)
            self.exceptions_raised = []
        prefix = f"QueueRunnerThread-{self.name}"
        threads = [
            threading.Thread(
                target=self._run, args=(sess, op, coord), name=f"{prefix}-{op.name}"
            )
            for op in self.enqueue_ops
        ]
        if coord is not None:
            closes = threading.Thread(
                target=self._close_on_stop,
                args=(sess, coord),
                name=f"{prefix}-close_on_stop",
            )
            threads.append(closes)
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            thread.daemon = daemon
            if start:
                thread.start()
        return threads

    def _run(self, session: Any, enqueue: Any, coord: Coordinator | None) -> None:
        """Fills the queue until nothing more comes or a stop is asked for."""
        try:
            while coord is None or not coord.should_stop():
                self._step(session, enqueue)
        except self.queue_closed_exception_types:
            with self._lock:
                is_last = self._running[session] == 1
            if is_last:
                self._try(session, self.close_op)
        except Exception as error:
            if coord is not None:
                coord.request_stop(error)
                return
            tf_logging.error("Exception in QueueRunner: %s", str(error))
            self.exceptions_raised.append(error)
            raise
        finally:
            with self._lock:
                self._running[session] -= 1

    def _step(self, session: Any, enqueue: Any) -> None:
        session.run(enqueue)

    def _close_on_stop(self, session: Any, coord: Coordinator) -> None:
        coord.wait_for_stop()
        self._try(session, self.cancel_op)

    def _try(self, session: Any, op: Any) -> None:
        try:
            session.run(op)
        except Exception as error:
            tf_logging.vlog(1, "Ignored exception: %s", str(error))


@deprecated("add_queue_runner", _MODULE, _INSTEAD)
def add_queue_runner(
    qr: QueueRunner, collection: str = GraphKeys.QUEUE_RUNNERS
) -> None:
    """Has `start_queue_runners` start a queue runner."""
    defaults.get_default_graph().add_to_collection(collection, qr)


@deprecated("start_queue_runners", _MODULE, _INSTEAD)
def start_queue_runners(
    sess: Any = None,
    coord: Coordinator | None = None,
    daemon: bool = True,
    start: bool = True,
    collection: str = GraphKeys.QUEUE_RUNNERS,
) -> list[threading.Thread]:
    """Starts the threads of all queue runners of a graph.

    Raises:
        ValueError: there is no session.
    """
    if defaults.executing_eagerly():
        raise RuntimeError("Queues are not compatible with eager execution.")
    sess = defaults.get_default_session() if sess is None else sess
    if sess is None:
        no_session()
    if not isinstance(sess, BaseSession):
        if type(sess).__name__ in _STARTED_ITSELF:
            return []
        raise TypeError(
            f"sess must be a `tf.Session` object. Given class: {sess.__class__}"
        )
    runners = defaults.get_default_graph().get_collection(collection)
    if not runners:
        tf_logging.warning(
            "`tf.train.start_queue_runners()` was called when no queue runners were "
            "defined. You can safely remove the call to this deprecated function."
        )
    with sess.graph.as_default():
        return [
            thread
            for runner in sess.graph.get_collection(collection)
            for thread in runner.create_threads(
                sess, coord=coord, daemon=daemon, start=start
            )
        ]
