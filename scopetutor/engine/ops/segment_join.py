"""`tf.strings.unsorted_segment_join`: texts of one number joined.

After text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError, OutOfRangeError
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def unsorted_segment_join(
    inputs: Any,
    segment_ids: Any,
    num_segments: Any,
    separator: str = "",
    name: str | None = None,
) -> Any:
    """The texts of each segment, joined in their order.

    Args:
        inputs: texts.
        segment_ids: which segment each row is in; its shape begins that of `inputs`.
        num_segments: how many segments there are.
        separator: between the texts.
        name: of the operation.

    Returns:
        [num_segments, ...].
    """
    return apply(
        "UnsortedSegmentJoin",
        inputs,
        segment_ids,
        num_segments,
        separator=separator,
        name=name,
    )


def _shape(op: Operation) -> list[Dims]:
    texts, ids = op._inputs[0]._dims, op._inputs[1]._dims
    rules.with_rank(op._inputs[2]._dims, 0)
    count = rules.size_in(op, 2)
    if texts is None or ids is None:
        return [None]
    rules.merge_prefix(texts, ids)
    return [(count, *texts[len(ids) :])]


def _build(op: Operation) -> Callable[[Array, Array, Array], Array]:
    separator = op._attrs["separator"].encode()

    def kernel(texts: Array, ids: Array, count: Array) -> Array:
        texts, ids = np.asarray(texts, object), np.asarray(ids)
        _check(texts, ids, int(count))
        rows = texts.reshape(ids.size, -1)
        width = rows.shape[1]
        groups: list[list[list[bytes]]] = [
            [[] for _ in range(width)] for _ in range(int(count))
        ]
        for number, row in zip(ids.reshape(-1).tolist(), rows, strict=True):
            for column, text in zip(groups[number], row.tolist(), strict=True):
                column.append(text)
        found = np.empty((int(count), width), object)
        for i, columns in enumerate(groups):
            for j, parts in enumerate(columns):
                found[i, j] = separator.join(parts)
        return found.reshape(int(count), *texts.shape[ids.ndim :])

    return kernel


def _check(texts: Array, ids: Array, count: int) -> None:
    if ids.ndim > texts.ndim:
        raise OutOfRangeError(
            None,
            None,
            f"Invalid segment_id rank {ids.ndim} for input with {texts.ndim} "
            "dimension(s)",
        )
    said = None
    if count < 0:
        said = "Number of segments must be non-negative"
    elif ids.ndim == 0:
        said = "Segment_id cannot have rank 0"
    elif texts.shape[: ids.ndim] != ids.shape:
        said = _apart(texts.shape, ids.shape)
    elif ((ids < 0) | (ids >= count)).any():
        said = (
            "segment_ids are not allowed to exceed num_segments or to have negative "
            "values."
        )
    if said:
        raise InvalidArgumentError(None, None, said)


def _apart(texts: tuple[int, ...], ids: tuple[int, ...]) -> str:
    """In which axis the shapes are not the same.

    TF 1.15: what it calls the dimension of the input is how many it has.
    """
    place = next(i for i, size in enumerate(ids) if texts[i] != size)
    return (
        f"Segment dimension is {ids[place]} while input dimension is {len(texts)} in "
        f"rank {place}"
    )


define("UnsortedSegmentJoin", shape=_shape, build=_build)
