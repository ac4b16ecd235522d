"""`tf.data.experimental.cardinality`: how many elements a dataset has.

After datasets. It is found from the operations that make the dataset, without going
through it; TF 1.15: many transformations do not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.apply import apply
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2


def cardinality(dataset: Any) -> Any:
    """How many elements a dataset has, int64.

    Returns:
        Or `INFINITE_CARDINALITY`, or `UNKNOWN_CARDINALITY`.
    """
    return apply("DatasetCardinality", dataset._variant_tensor)


def _number(op: Operation, index: int) -> int | None:
    """The value of an input, if the graph knows it."""
    value = constants.value_of(op._inputs[index])
    return None if value is None else int(np.asarray(value))


def _count(op: Operation, index: int = 0) -> int:
    """How many elements the dataset that an operation takes has."""
    made = op._inputs[index]._op
    rule = _RULES.get(made.type)
    return UNKNOWN_CARDINALITY if rule is None else rule(made)


def _range(op: Operation) -> int:
    start, stop, step = (_number(op, i) for i in range(3))
    if start is None or stop is None or not step:
        return UNKNOWN_CARDINALITY
    return len(range(start, stop, step))


def _slices(op: Operation) -> int:
    dims = op._inputs[0]._dims
    if not dims or dims[0] is None:
        return UNKNOWN_CARDINALITY
    return dims[0]


def _zip(op: Operation) -> int:
    counts = [_count(op, i) for i in range(len(op._inputs))]
    if UNKNOWN_CARDINALITY in counts:
        return UNKNOWN_CARDINALITY
    ends = [count for count in counts if count != INFINITE_CARDINALITY]
    return min(ends, default=INFINITE_CARDINALITY)


def _concatenate(op: Operation) -> int:
    counts = [_count(op, i) for i in range(2)]
    for special in (INFINITE_CARDINALITY, UNKNOWN_CARDINALITY):
        if special in counts:
            return special
    return sum(counts)


def _repeated(place: int) -> Callable[[Operation], int]:
    def rule(op: Operation) -> int:
        count, times = _count(op), _number(op, place)
        if times is None:
            return UNKNOWN_CARDINALITY
        if times < 0:
            return 0 if count == 0 else INFINITE_CARDINALITY
        if times == 0:
            return 0
        return count if count < 0 else count * times

    return rule


def _take(op: Operation) -> int:
    count, most = _count(op), _number(op, 1)
    if most is None or count == UNKNOWN_CARDINALITY:
        return UNKNOWN_CARDINALITY
    # TF 1.15: "all", -1, counts as the least number.
    return most if count == INFINITE_CARDINALITY else min(most, count)


def _skip(op: Operation) -> int:
    count, left_out = _count(op), _number(op, 1)
    if left_out is None:
        return UNKNOWN_CARDINALITY
    if count < 0:
        return count
    return 0 if left_out < 0 else max(0, count - left_out)


def _shard(op: Operation) -> int:
    count, shards, index = _count(op), _number(op, 1), _number(op, 2)
    if not shards or index is None:
        return UNKNOWN_CARDINALITY
    return count if count < 0 else count // shards + (index < count % shards)


def _batched(size_at: int, drop_at: int) -> Callable[[Operation], int]:
    def rule(op: Operation) -> int:
        count, size = _count(op), _number(op, size_at)
        if not size:
            return UNKNOWN_CARDINALITY
        if count < 0:
            return count
        return count // size if _number(op, drop_at) else -(-count // size)

    return rule


def _windows(op: Operation) -> int:
    count = _count(op)
    size, shift, stride, drop = (_number(op, i) for i in range(1, 5))
    if not size or not shift or not stride or drop is None:
        return UNKNOWN_CARDINALITY
    if count < 0:
        return count
    if not drop:
        return -(-count // shift)
    reach = (size - 1) * stride + 1
    return 0 if count < reach else (count - reach) // shift + 1


_RULES: dict[str, Callable[[Operation], int]] = {
    "RangeDataset": _range,
    "TensorDataset": lambda _: 1,
    "TensorSliceDataset": _slices,
    "RandomDataset": lambda _: INFINITE_CARDINALITY,
    "ZipDataset": _zip,
    "ConcatenateDataset": _concatenate,
    "RepeatDataset": _repeated(1),
    "ShuffleAndRepeatDataset": _repeated(4),
    "TakeDataset": _take,
    "SkipDataset": _skip,
    "ShardDataset": _shard,
    "BatchDatasetV2": _batched(1, 2),
    "PaddedBatchDatasetV2": _batched(1, -1),
    "MapAndBatchDataset": _batched(-3, -1),
    "WindowDataset": _windows,
}
for _kept in (
    *("CacheDataset", "IgnoreErrorsDataset", "MapDataset", "ModelDataset"),
    *("OptimizeDataset", "ParallelMapDataset", "PrefetchDataset", "ScanDataset"),
    "ShuffleDataset",
):
    _RULES[_kept] = _count


def _kernel(op: Operation) -> Callable[[Any], Any]:
    return lambda _: np.int64(_count(op))


define("DatasetCardinality", shape=rules.scalar, build=_kernel)
