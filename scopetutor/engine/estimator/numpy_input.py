"""`tf.estimator.inputs.numpy_input_fn`: batches of arrays, by a queue.

Beside estimator. TF 1.15: a thread feeds rows of the arrays, with their numbers, into a
queue.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.op_errors import OutOfRangeError
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.ops.math import cast, maximum
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.queues import FIFOQueue, RandomShuffleQueue
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.queue_runner import QueueRunner, add_queue_runner

if TYPE_CHECKING:
    from collections.abc import Callable

_ALONE = "__direct_np_input__"
_TARGET = "__target_key__"


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """A function that gives batches of arrays.

    Args:
        x: an array, or a dictionary of them: the features.
        y: the same: the labels; None: none.
        batch_size: how many rows are given at a time.
        num_epochs: how often all rows are given; None: without end.
        shuffle: whether in a random order; has to be said.
        queue_capacity: how many rows wait.
        num_threads: how many threads feed them.

    Raises:
        ValueError: `shuffle` is not said, or the arrays do not go together.
        TypeError: the features are no arrays.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean (it is recommended "
            f"to set it as True for training); got {shuffle}"
        )

    def input_fn() -> Any:
        columns = _features(x)
        keys = list(columns)
        target = _add_labels(columns, y)
        _check_lengths(columns, keys, target, y)
        queue = _fed_queue(
            columns, queue_capacity, shuffle, num_threads, batch_size, num_epochs
        )
        take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
        batch = take(batch_size)[1:]  # without the rows' numbers
        features = (
            batch[0]
            if isinstance(x, np.ndarray)
            else dict(zip(keys, batch, strict=False))
        )
        if target is None:
            return features
        if isinstance(target, str):
            return features, batch[-1]
        return features, dict(zip(target, batch[-len(target) :], strict=True))

    return input_fn


def _features(x: Any) -> dict[str, Any]:
    if isinstance(x, dict):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return dict(sorted(x.items()))
    if isinstance(x, np.ndarray):
        if not x.size:
            raise ValueError("x cannot be an empty array")
        return {_ALONE: x}
    raise TypeError(f"x must be a dict or array; got {type(x).__name__}")


def _add_labels(columns: dict[str, Any], y: Any) -> Any:
    """Adds the labels to the columns; gives their key or keys."""
    if y is None:
        return None
    if not isinstance(y, dict):
        key = _TARGET
        while key in columns:
            key += "_n"
        columns[key] = y
        return key
    if not y:
        raise ValueError("y cannot be empty dict, use None instead.")
    twice = set(columns) & set(y)
    if twice:
        raise ValueError(
            f"{len(twice)} duplicate keys are found in both x and y: {twice}"
        )
    columns.update(sorted(y.items()))
    return sorted(y)


def _check_lengths(
    columns: dict[str, Any], keys: list[str], target: Any, y: Any
) -> None:
    if len({column.shape[0] for column in columns.values()}) == 1:
        return
    if isinstance(target, list):
        of_y: Any = {key: columns[key].shape for key in target}
    else:
        of_y = None if target is None else y.shape
    raise ValueError(
        "Length of tensors in x and y is mismatched. All elements in x and y must have "
        f"the same length.\nShapes in x: { {k: columns[k].shape for k in keys} }\n"
        f"Shapes in y: {of_y}\n"
    )


# -- feeding -------------------------------------------------------------------------


class _Rows:
    """The next rows of the arrays, as what is fed."""

    def __init__(
        self, columns: list[Any], size: int, epochs: int | None, *, anywhere: bool
    ) -> None:
        self._columns, self._size, self._epochs = columns, size, epochs
        self._count = len(columns[0])
        self._at = random.randrange(self._count) if anywhere else 0
        self._last = (self._at - 1) % self._count
        self._epoch = 0

    def next(self) -> list[Any]:
        """The numbers of the rows, and the rows.

        Raises:
            tf.errors.OutOfRangeError: all were given as often as was asked for.
        """
        if self._epochs and self._epoch >= self._epochs:
            raise OutOfRangeError(None, None, f"Already emitted {self._epoch} epochs.")
        numbers = [i % self._count for i in range(self._at, self._at + self._size)]
        ends = [place for place, row in enumerate(numbers) if row == self._last]
        left = None if self._epochs is None else self._epochs - self._epoch
        if left is not None and len(ends) >= left:
            numbers = numbers[: ends[left - 1] + 1]
            ends = ends[:left]
        self._epoch += len(ends)
        self._at = (numbers[-1] + 1) % self._count
        return [numbers, *(column[numbers] for column in self._columns)]


class _FeedingQueueRunner(QueueRunner):
    """A queue runner whose operations are fed."""

    def __init__(self, queue: Any, fed: list[tuple[Any, list[Any], _Rows]]) -> None:
        super().__init__(queue, [op for op, _, _ in fed])
        self._fed = {op: (placeholders, rows) for op, placeholders, rows in fed}

    def _step(self, session: Any, enqueue: Any) -> None:
        placeholders, rows = self._fed[enqueue]
        session.run(enqueue, dict(zip(placeholders, rows.next(), strict=True)))


def _fed_queue(
    columns: dict[str, Any],
    capacity: int,
    shuffle: bool,
    threads: int,
    size: int,
    epochs: int | None,
) -> Any:
    """A queue of the rows with their numbers, and what fills it."""
    arrays = list(columns.values())
    types = [dtypes.int64, *(dtypes.as_dtype(array.dtype) for array in arrays)]
    shapes = [(), *(array.shape[1:] for array in arrays)]
    with name_scope("enqueue_input"):
        least = capacity // 4 if shuffle else 0
        queue = (
            RandomShuffleQueue(capacity, least, dtypes=types, shapes=shapes)
            if shuffle
            else FIFOQueue(capacity, dtypes=types, shapes=shapes)
        )
        fed = []
        for _ in range(threads):
            placeholders = [placeholder(dtype) for dtype in types]
            rows = _Rows(arrays, size, epochs, anywhere=shuffle)
            fed.append((queue.enqueue_many(placeholders), placeholders, rows))
        add_queue_runner(_FeedingQueueRunner(queue, fed))
        over = maximum(0, queue.size() - least)
        room = capacity - least
        name = f"queue/{queue.name}fraction_over_{least}_of_{room}_full"
        scalar(name, cast(over, dtypes.float32) * (1.0 / room))
    return queue
