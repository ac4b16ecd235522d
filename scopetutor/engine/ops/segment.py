"""Segments: rows that belong together are added up, multiplied, compared.

After gathering. Sorted segments are consecutive rows; unsorted ones may be anywhere,
and rows of a negative segment count nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, ranks, reshaping, rules
from .variable_parts import run_starts

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- numbers -----------------------------------------------------------------------


def _lowest(dtype: Any) -> Any:
    return np.finfo(dtype).min if dtype.kind == "f" else np.iinfo(dtype).min


def _highest(dtype: Any) -> Any:
    return np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max


_WAYS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "Sum": (np.add, lambda dtype: 0),
    "Prod": (np.multiply, lambda dtype: 1),
    "Max": (np.maximum, _lowest),
    "Min": (np.minimum, _highest),
}


_NARROW = 1 << 16  # numbers of 16 bits are sorted in a quarter of the time


def add_rows(data: Array, ids: Array, count: int) -> Array:
    """Rows of one number added up: [count, ...]; faster than numpy's add.at."""
    result = np.zeros((count, *data.shape[1:]), data.dtype)
    if not data.size:
        return result
    if count <= _NARROW:
        ids = ids.astype(np.uint16)
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    starts = run_starts(ordered)
    rows = data.reshape(len(ids), -1).take(order, 0)
    sums = np.add.reduceat(rows, starts, axis=0, dtype=data.dtype)
    result.reshape(count, -1)[ordered[starts]] = sums
    return result


def _unsorted_kernel(way: str) -> Any:
    change, start = _WAYS[way]

    def kernel(data: Array, ids: Array, count: Array) -> Array:
        size = int(count)
        if data.shape[: ids.ndim] != ids.shape:
            raise InvalidArgumentError(
                None,
                None,
                f"data.shape = {dims_text(data.shape)} does not start with "
                f"segment_ids.shape = {dims_text(ids.shape)}",
            )
        flat = ids.reshape(-1)
        rows = data.reshape(flat.size, *data.shape[ids.ndim :])
        if flat.size and flat.max() >= size:
            bad = int(np.argmax(flat >= size))
            raise InvalidArgumentError(
                None,
                None,
                f"segment_ids[{bad}] = {flat[bad]} is out of range [0, {size})",
            )
        if flat.size and flat.min() < 0:
            keep = flat >= 0
            flat, rows = flat[keep], rows[keep]
        if way == "Sum" and data.dtype.kind == "f":
            return add_rows(rows, flat, size)
        result = np.full((size, *rows.shape[1:]), start(data.dtype), data.dtype)
        change.at(result, flat, rows)
        return result

    return kernel


def _check_sorted(ids: Array) -> int:
    """How many segments sorted ids make."""
    if not ids.size:
        return 0
    if (np.diff(ids) < 0).any():
        raise InvalidArgumentError(None, None, "segment ids are not increasing")
    count = int(ids[-1]) + 1
    if ids[0] < 0:
        raise InvalidArgumentError(
            None,
            None,
            f"Segment id {ids[0]} out of range [0, {count}), possibly because "
            "'segment_ids' input is not sorted.",
        )
    return count


def _sorted_kernel(way: str) -> Any:
    def kernel(data: Array, ids: Array) -> Array:
        if ids.ndim != 1:
            raise ranks.refusal("segment_ids should be a vector.")
        if ids.shape != data.shape[:1]:
            raise ranks.refusal(
                "segment_ids should be the same size as dimension 0 of input."
            )
        count = _check_sorted(ids)
        if way == "Mean":
            sums = add_rows(data, ids, count)
            counts = np.bincount(ids, minlength=count).astype(data.dtype)
            means = sums / _as_column(np.maximum(counts, 1), sums.ndim)
            return means.astype(data.dtype)
        change, start = _WAYS[way]
        result = np.full((count, *data.shape[1:]), start(data.dtype), data.dtype)
        change.at(result, ids, data)
        if way in ("Max", "Min"):
            result[np.bincount(ids, minlength=count) == 0] = 0
        return result

    return kernel


def _as_column(values: Array, rank: int) -> Array:
    return values.reshape((-1,) + (1,) * (rank - 1))


def _sparse_kernel(way: str, *, counted: bool) -> Any:
    def kernel(data: Array, indices: Array, ids: Array, *counts: Array) -> Array:
        if indices.ndim != 1:
            raise ranks.refusal("indices should be a vector.")
        if ids.shape != indices.shape:
            raise ranks.refusal("segment_ids and indices should have same size.")
        count = _check_sorted(ids)
        if counted:
            count = int(counts[0])
        bad = (indices < 0) | (indices >= len(data))
        if bad.any():
            at = int(np.argmax(bad))
            raise ranks.refusal(
                f"Bad: indices[{at}] == {indices[at]} out of range [0, {len(data)})"
            )
        rows = data[indices]
        sums = add_rows(rows, ids, count)
        if way == "Sum":
            return sums
        sizes = np.maximum(np.bincount(ids, minlength=count), 1).astype(data.dtype)
        divisor = sizes if way == "Mean" else np.sqrt(sizes)
        return (sums / _as_column(divisor, sums.ndim)).astype(data.dtype)

    return kernel


def _sparse_grad_kernel(way: str) -> Any:
    def kernel(grad: Array, indices: Array, ids: Array, size: Array) -> Array:
        sizes = np.bincount(ids, minlength=len(grad)).astype(grad.dtype)
        factor = 1 / (sizes if way == "Mean" else np.sqrt(sizes))
        rows = grad[ids] * _as_column(factor[ids].astype(grad.dtype), grad.ndim)
        return add_rows(rows, indices, int(size))

    return kernel


# -- shapes ------------------------------------------------------------------------


def _sorted_shape(op: Operation) -> list[Dims]:
    data = rules.at_least_rank(op._inputs[0]._dims, 1)
    rules.with_rank(op._inputs[1]._dims, 1)
    return [None if data is None else (None, *data[1:])]


def _unsorted_shape(op: Operation) -> list[Dims]:
    data, ids = op._inputs[0]._dims, op._inputs[1]._dims
    rules.with_rank(op._inputs[2]._dims, 0)
    count = rules.size_in(op, 2)
    if data is None or ids is None:
        return [None]
    rules.merge_prefix(data, ids)
    return [(count, *data[len(ids) :])]


def _sparse_shape(op: Operation) -> list[Dims]:
    data = rules.at_least_rank(op._inputs[0]._dims, 1)
    indices = rules.with_rank(op._inputs[1]._dims, 1)
    rules.merge(indices, rules.with_rank(op._inputs[2]._dims, 1))
    count = rules.size_in(op, 3) if len(op._inputs) > 3 else None
    return [None if data is None else (count, *data[1:])]


def _sparse_grad_shape(op: Operation) -> list[Dims]:
    data = rules.at_least_rank(op._inputs[0]._dims, 1)
    rows = rules.size_in(op, 3)
    return [None if data is None else (rows, *data[1:])]


# -- gradients ---------------------------------------------------------------------


def _sum_gradient(op: Operation, grad: Any) -> tuple[Any, None]:
    return gathering.gather(grad, op._inputs[1]), None


def _mean_gradient(op: Operation, grad: Any) -> tuple[Any, None]:
    data, ids = op._inputs
    rank = array.rank(data)
    sizes = [array.shape(ids), array.fill(reshaping.expand_dims(rank - 1, 0), 1)]
    ones_shape = joining.concat(sizes, 0)
    ones = array.fill(ones_shape, constants.constant(1, dtype=grad.dtype))
    scaled = math.divide(grad, segment_sum(ones, ids))
    return gathering.gather(scaled, ids), None


def _extreme_gradient(op: Operation, grad: Any) -> tuple[Any, None]:
    data, ids = op._inputs
    zeros = array.zeros_like(data, dtype=data.dtype)
    gathered = gathering.gather(op._outputs[0], ids)
    chosen = math.equal(data, gathered)
    count = segment_sum(math.cast(chosen, grad.dtype), ids)
    rows = gathering.gather(math.divide(grad, count), ids)
    return gathering.where_no_warning(chosen, rows, zeros), None


def _gather_kept(
    params: Any, ids: Any, places: Any = None, positive: Any = None
) -> tuple[Any, Any, Any]:
    """Rows of segments, zeros where the segment is negative."""
    if places is None:
        places = math.maximum(ids, array.zeros_like(ids))
    rows = gathering.gather(params, places)
    if positive is None:
        positive = math.greater_equal(ids, 0)
        for _ in range(rows.shape.ndims - positive.shape.ndims):
            positive = reshaping.expand_dims(positive, -1)
        positive = positive & array.ones_like(rows, dtype=dtypes.bool_)
    zeros = array.zeros_like(rows)
    return gathering.where_no_warning(positive, rows, zeros), places, positive


def _unsorted_sum_gradient(op: Operation, grad: Any) -> tuple[Any, None, None]:
    return _gather_kept(grad, op._inputs[1])[0], None, None


def _unsorted_extreme_gradient(op: Operation, grad: Any) -> tuple[Any, None, None]:
    data, ids, size = op._inputs
    gathered, places, positive = _gather_kept(op._outputs[0], ids)
    chosen = math.logical_and(math.equal(data, gathered), positive)
    count = unsorted_segment_sum(math.cast(chosen, grad.dtype), ids, size)
    rows = _gather_kept(math.divide(grad, count), None, places, positive)[0]
    zeros = array.zeros_like(rows)
    return gathering.where_no_warning(chosen, rows, zeros), None, None


def _unsorted_prod_gradient(op: Operation, grad: Any) -> tuple[Any, None, None]:
    data, ids, size = op._inputs
    is_zero = math.equal(data, 0)
    zeros = unsorted_segment_sum(math.cast(is_zero, dtype=dtypes.int32), ids, size)
    grad = gathering.where_no_warning(
        math.greater(zeros, 1), array.zeros_like(grad), grad
    )
    others = gathering.where_no_warning(is_zero, array.ones_like(data), data)
    product = unsorted_segment_prod(others, ids, size)
    places = math.maximum(ids, array.zeros_like(ids))
    whole = gathering.gather(op._outputs[0], places)
    without_zero = gathering.gather(product, places)
    slope = gathering.where_no_warning(is_zero, without_zero, whole / data)
    return _gather_kept(grad, ids, places)[0] * slope, None, None


def _sparse_gradient(way: str) -> Callable[..., Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, ...]:
        data, indices, ids = op._inputs[:3]
        rest = (None,) * (len(op._inputs) - 1)
        rows = array.shape(data)[0]
        if way == "Sum":
            gathered = gathering.gather(grad, ids)
            return unsorted_segment_sum(gathered, indices, rows), *rest
        result = apply(f"SparseSegment{way}Grad", grad, indices, ids, rows)
        return result, *rest

    return gradient


for _way, _gradient in (
    ("Sum", _sum_gradient),
    ("Mean", _mean_gradient),
    ("Max", _extreme_gradient),
    ("Min", _extreme_gradient),
    ("Prod", ""),
):
    define(
        f"Segment{_way}",
        shape=_sorted_shape,
        kernel=_sorted_kernel(_way),
        gradient=_gradient,
    )
for _way, _slope in (
    ("Sum", _unsorted_sum_gradient),
    ("Max", _unsorted_extreme_gradient),
    ("Min", _unsorted_extreme_gradient),
    ("Prod", _unsorted_prod_gradient),
):
    define(
        f"UnsortedSegment{_way}",
        shape=_unsorted_shape,
        kernel=_unsorted_kernel(_way),
        gradient=_slope,
    )
for _way in ("Sum", "Mean", "SqrtN"):
    for _suffix in ("", "WithNumSegments"):
        define(
            f"SparseSegment{_way}{_suffix}",
            shape=_sparse_shape,
            kernel=_sparse_kernel(_way, counted=bool(_suffix)),
            gradient=_sparse_gradient(_way),
        )
for _way in ("Mean", "SqrtN"):
    define(
        f"SparseSegment{_way}Grad",
        shape=_sparse_grad_shape,
        kernel=_sparse_grad_kernel(_way),
    )


# -- the functions of tf -----------------------------------------------------------


def _sorted(way: str) -> Callable[..., Any]:
    def function(data: Any, segment_ids: Any, name: str | None = None) -> Any:
        return apply(f"Segment{way}", data, segment_ids, name=name)

    function.__doc__ = f"{way} of consecutive rows that belong together."
    return function


segment_sum, segment_mean = _sorted("Sum"), _sorted("Mean")
segment_max, segment_min = _sorted("Max"), _sorted("Min")
segment_prod = _sorted("Prod")


def _unsorted(way: str) -> Callable[..., Any]:
    @takes_ragged("data", "segment_ids", generated=True)
    def function(
        data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
    ) -> Any:
        return apply(
            f"UnsortedSegment{way}", data, segment_ids, num_segments, name=name
        )

    function.__doc__ = f"{way} of rows that belong together, wherever they are."
    return function


unsorted_segment_sum, unsorted_segment_prod = _unsorted("Sum"), _unsorted("Prod")
unsorted_segment_max, unsorted_segment_min = _unsorted("Max"), _unsorted("Min")


def _counts(data: Any, ids: Any, size: Any) -> Any:
    ones = array.ones(array.shape_of(ids), dtype=data.dtype)
    counts = unsorted_segment_sum(ones, ids, size)
    wide = [size] + [1] * (data.shape.ndims - ids.shape.ndims)
    return math.maximum(reshaping.reshape(counts, wide), 1)


@takes_ragged("data", "segment_ids")
def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """The mean of rows that belong together, wherever they are."""
    with name_scope(name, "UnsortedSegmentMean"):
        data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, ids, num_segments)
        return unsorted_segment_sum(data, ids, num_segments) / counts


@takes_ragged("data", "segment_ids")
def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """The sum of rows that belong together, divided by the root of their number."""
    with name_scope(name, "UnsortedSegmentSqrtN"):
        data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, ids, num_segments)
        return unsorted_segment_sum(data, ids, num_segments) / math.sqrt(counts)


def _sparse(way: str) -> Callable[..., Any]:
    def function(
        data: Any,
        indices: Any,
        segment_ids: Any,
        name: str | None = None,
        num_segments: Any = None,
    ) -> Any:
        op_type = f"SparseSegment{way}"
        if num_segments is None:
            return apply(op_type, data, indices, segment_ids, name=name)
        op_type += "WithNumSegments"
        return apply(op_type, data, indices, segment_ids, num_segments, name=name)

    function.__doc__ = f"{way} of chosen rows that belong together."
    return function


sparse_segment_sum, sparse_segment_mean = _sparse("Sum"), _sparse("Mean")
sparse_segment_sqrt_n = _sparse("SqrtN")


name_functions(globals())
