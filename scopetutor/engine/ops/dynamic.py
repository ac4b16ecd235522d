"""Rows dealt out to several tensors, and put together again.

After gathering. Embeddings in parts are looked up with them, and gradients of sums
stitch shapes with them; TF 1.15: where two rows want one place, the later one wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import IndexedSlices

from . import array, gathering, math, ranks, reshaping, rules, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _partition_shape(op: Operation) -> list[Dims]:
    data, parts = op._inputs[0]._dims, op._inputs[1]._dims
    if data is None or parts is None:
        return [None] * len(op._outputs)
    rules.merge_prefix(data, parts)
    return [(None, *data[len(parts) :])] * len(op._outputs)


def _partition_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    count = op._attrs["num_partitions"]

    def kernel(data: Array, parts: Array) -> Any:
        if data.shape[: parts.ndim] != parts.shape:
            raise ranks.refusal(
                "data.shape must start with partitions.shape, got data.shape = "
                f"{dims_text(data.shape)}, partitions.shape = {dims_text(parts.shape)}"
            )
        flat = parts.reshape(-1)
        rows = data.reshape(flat.size, *data.shape[parts.ndim :])
        bad = (parts < 0) | (parts >= count)
        if bad.any():
            first = np.unravel_index(int(np.argmax(bad)), bad.shape)
            where = f"[{','.join(map(str, first))}]" if bad.ndim else ""
            raise ranks.refusal(
                f"partitions{where} = {parts[first]} is not in [0, {count})"
            )
        found = [rows[flat == part] for part in range(count)]
        return found if count > 1 else found[0]

    return kernel


def _partition_gradient(op: Operation, *grads: Any) -> list[Any]:
    data, parts = op._inputs
    sizes = array.shape(parts)
    places = reshaping.reshape(math.range_(math.reduce_prod(sizes)), sizes)
    dealt = dynamic_partition(places, parts, op._attrs["num_partitions"])
    whole = dynamic_stitch(dealt, grads)
    return [reshaping.reshape(whole, array.shape(data)), None]


define(
    "DynamicPartition",
    shape=_partition_shape,
    build=_partition_kernel,
    gradient=_partition_gradient,
)


def _stitch_shape(op: Operation) -> list[Dims]:
    count = len(op._inputs) // 2
    inner: Dims = None
    largest = 0  # TF 1.15: of no indices at all, too
    known = True
    for indices, data in zip(op._inputs[:count], op._inputs[count:], strict=True):
        value = constants.value_of(indices)
        if value is None:
            known = False
        elif value.size:
            largest = max(largest, int(value.max()))
        if indices._dims is not None and data._dims is not None:
            rules.merge_prefix(data._dims, indices._dims)
            inner = rules.merge(inner, data._dims[len(indices._dims) :])
    return [None if inner is None else (largest + 1 if known else None, *inner)]


def _are_short_shapes(indices: Sequence[Array], data: Sequence[Array]) -> bool:
    """Whether vectors are of few whole numbers, as in gradients of sums."""
    return (
        data[0].dtype.kind == "i"
        and data[0].ndim == indices[0].ndim
        and max(places.size for places in indices) <= _SHORT
    )


_SHORT = 8


def _stitched(indices: Sequence[Array], data: Sequence[Array]) -> Array:
    """As the kernel, by Python's numbers: faster than arrays this small."""
    found = {
        place: number
        for places, numbers in zip(indices, data, strict=True)
        for place, number in zip(
            places.reshape(-1).tolist(), numbers.reshape(-1).tolist(), strict=True
        )
    }
    result = [0] * (max(found, default=-1) + 1)
    for place, number in found.items():
        result[place] = number
    return np.array(result, data[0].dtype)


def _check_stitched(indices: Sequence[Array], data: Sequence[Array]) -> None:
    """InvalidArgumentError where rows and their places do not fit together."""
    depth, first = indices[0].ndim, data[0].shape
    for i, (places, rows) in enumerate(zip(indices, data, strict=True)):
        rank = places.ndim
        if rows.shape[:rank] != places.shape:
            raise ranks.refusal(
                f"data[{i}].shape = {dims_text(rows.shape)} does not start with "
                f"indices[{i}].shape = {dims_text(places.shape)}"
            )
        if rows.shape[rank:] != first[depth:]:
            raise ranks.refusal(
                f"Need data[0].shape[{depth}:] = data[{i}].shape[{rank}:], got "
                f"data[0].shape = {dims_text(first)}, data[{i}].shape = "
                f"{dims_text(rows.shape)}, indices[0].shape = "
                f"{dims_text(indices[0].shape)}, indices[{i}].shape = "
                f"{dims_text(places.shape)}"
            )
        if places.size and places.min() < 0:
            at = int(np.argmax(places.reshape(-1) < 0))
            raise ranks.refusal(f"indices[{at}] is out of range")


def _stitch_kernel(op: Operation) -> Callable[..., Array]:
    count = len(op._inputs) // 2

    def kernel(*inputs: Array) -> Array:
        indices, data = inputs[:count], inputs[count:]
        _check_stitched(indices, data)
        if _are_short_shapes(indices, data):
            return _stitched(indices, data)
        size = 1 + max((int(i.max()) for i in indices if i.size), default=-1)
        inner = data[0].shape[indices[0].ndim :]
        result = np.zeros((size, *inner), data[0].dtype)
        for places, rows in zip(indices, data, strict=True):
            result[places.reshape(-1)] = rows.reshape(places.size, *inner)
        return result

    return kernel


def _stitch_gradient(op: Operation, grad: Any) -> list[Any]:
    count = len(op._inputs) // 2
    indices = [
        taken if taken.dtype == dtypes.int32 else math.cast(taken, dtypes.int32)
        for taken in op._inputs[:count]
    ]
    if isinstance(grad, IndexedSlices):
        rows = array.shape(op._outputs[0])[0]
        grad = segment.unsorted_segment_sum(grad.values, grad.indices, rows)
    return [None] * count + [gathering.gather(grad, places) for places in indices]


for _type in ("DynamicStitch", "ParallelDynamicStitch"):
    define(
        _type,
        shape=_stitch_shape,
        build=_stitch_kernel,
        gradient=_stitch_gradient,
    )


@takes_ragged("data", "partitions", generated=True)
def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> Any:
    """The rows of a tensor dealt out to several tensors, by number."""
    result = apply(
        "DynamicPartition", data, partitions, num_partitions=num_partitions, name=name
    )
    return result if isinstance(result, list) else [result]


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Any:
    """Rows of several tensors put where indices say; later ones win."""
    return apply("DynamicStitch", indices, data, name=name)


def parallel_dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Any:
    """As dynamic_stitch, but which of several wins is not fixed."""
    return apply("ParallelDynamicStitch", indices, data, name=name)
