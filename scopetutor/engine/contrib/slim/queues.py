"""`slim.prefetch_queue` and `slim.queues`: tensors made ahead, threads for a while.

After ``queues.py`` and ``training/queue_runner.py``. Input pipelines of slim put their
batches into such a queue, and the training loop takes them out.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.queues import FIFOQueue, PaddingFIFOQueue
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.coordinator import Coordinator
from scopetutor.engine.training.queue_runner import QueueRunner, add_queue_runner

if TYPE_CHECKING:
    from collections.abc import Iterator

_running = threading.Lock()


class NestedQueueRunnerError(Exception):
    """`QueueRunners` was entered inside itself."""


@contextlib.contextmanager
def QueueRunners(session: Any) -> Iterator[None]:  # noqa: N802 - TensorFlow's name
    """The threads of all queue runners, until the block ends.

    Raises:
        NestedQueueRunnerError: they run already.
    """
    if not _running.acquire(blocking=False):
        raise NestedQueueRunnerError("QueueRunners cannot be nested")
    coord = Coordinator()
    threads: list[threading.Thread] = []
    for runner in defaults.get_default_graph().get_collection(GraphKeys.QUEUE_RUNNERS):
        threads += runner.create_threads(session, coord=coord, daemon=True, start=True)
    try:
        yield
    finally:
        coord.request_stop()
        try:
            coord.join(threads, stop_grace_period_secs=120)
        except RuntimeError:
            session.close()
        _running.release()


def prefetch_queue(
    tensors: Any,
    capacity: int = 8,
    num_threads: int = 1,
    dynamic_pad: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """A queue of tensors that threads make ahead of their use.

    Args:
        tensors: a list, or a dictionary.
        capacity: of the queue.
        num_threads: that fill it.
        dynamic_pad: whether sizes may differ, and are padded.
        shared_name: under which sessions share it.
        name: of the scope.
    """
    names = sorted(tensors) if isinstance(tensors, dict) else None
    listed = tensors if names is None else [tensors[key] for key in names]
    with name_scope(name, "prefetch_queue", listed):
        queue: Any = (PaddingFIFOQueue if dynamic_pad else FIFOQueue)(
            capacity=capacity,
            dtypes=[tensor.dtype for tensor in listed],
            shapes=[tensor.get_shape() for tensor in listed],
            names=names,
            shared_name=shared_name,
        )
        enqueue = queue.enqueue(tensors)
        add_queue_runner(QueueRunner(queue, [enqueue] * num_threads))
        full = cast(queue.size(), dtypes.float32) * (1.0 / capacity)
        scalar(f"fraction_of_{capacity}_full", full)
    return queue
