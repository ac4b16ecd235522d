"""Order: the largest, sorting, unique values, differences of lists.

After gathering and segment. TF 1.15 has one operation for order, `TopKV2`: `sort` and
`argsort` are built of it, and of equal elements the first comes first. Lookups of rows
and sparse gradients use `unique`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, ranks, reshaping, rules, scattering
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- the largest -------------------------------------------------------------------


def _top_k_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    k = rules.size_in(op, 1)
    if dims is None:
        return [None, None]
    last = dims[-1]
    if k is not None and last is not None and last < k:
        raise ShapeError(f"input must have last dimension >= k = {k} but is {last}")
    return [(*dims[:-1], k)] * 2


def _top_k_kernel(x: Array, k: Array) -> tuple[Array, Array]:
    if np.ndim(k):
        shape = dims_text(np.shape(k))
        raise InvalidArgumentError(None, None, f"k must be scalar, got shape {shape}")
    count = int(k)
    if count < 0:
        raise InvalidArgumentError(None, None, f"Need k >= 0, got {count}")
    if not x.ndim:
        raise InvalidArgumentError(None, None, "input must be >= 1-D, got shape []")
    if x.shape[-1] < count:
        raise InvalidArgumentError(
            None,
            None,
            f"input must have at least k columns. Had {x.shape[-1]}, needed {count}",
        )
    # Of equal elements, those with the lower index come first.
    backwards = x[..., ::-1]
    order = np.argsort(backwards, axis=-1, kind="stable")[..., ::-1][..., :count]
    places = x.shape[-1] - 1 - order
    return np.take_along_axis(x, places, -1), places.astype(np.int32)


def _top_k_gradient(op: Operation, grad: Any, _: Any) -> list[Any]:
    in_shape, ind_shape = array.shape(op._inputs[0]), array.shape(op._outputs[1])
    last = gathering.gather(
        math.cast(ind_shape, dtypes.int64), array.size(ind_shape) - 1
    )
    rows = reshaping.reshape(op._outputs[1], joining.stack([-1, last]))
    width = gathering.gather(
        math.cast(in_shape, dtypes.int64), array.size(in_shape) - 1
    )
    count = array.shape(rows)[0]
    starts = math.range_(0, math.cast(count, dtypes.int64) * width, width)
    column = reshaping.expand_dims(starts, -1)
    places = reshaping.reshape(rows + math.cast(column, dtypes.int32), [-1])
    spread = scattering.scatter_nd(
        reshaping.expand_dims(places, -1),
        reshaping.reshape(grad, [-1]),
        [math.reduce_prod(in_shape)],
    )
    return [reshaping.reshape(spread, in_shape), array.zeros([], dtype=dtypes.int32)]


define("TopKV2", shape=_top_k_shape, kernel=_top_k_kernel, gradient=_top_k_gradient)


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> Any:
    """The k largest elements along the last axis, and where they are."""
    return apply("TopKV2", input, k, sorted=sorted, name=name)


def _in_top_k_kernel(predictions: Array, targets: Array, k: Array) -> Array:
    problem = ""
    if predictions.ndim != 2:
        problem = "predictions must be 2-dimensional"
    elif targets.ndim != 1:
        problem = "targets must be 1-dimensional"
    elif len(predictions) != len(targets):
        problem = (
            f"First dimension of predictions {len(predictions)} must match length of "
            f"targets {len(targets)}"
        )
    if problem:
        raise InvalidArgumentError(None, None, problem)
    rows = np.arange(len(targets))
    inside = (targets >= 0) & (targets < predictions.shape[1])
    wanted = predictions[rows, np.where(inside, targets, 0)]
    better = (predictions > wanted[:, None]).sum(1)
    finite = np.isfinite(predictions).all(1)
    found: Array = inside & finite & (better < k)
    return found


def _in_top_k_shape(op: Operation) -> list[Dims]:
    predictions = rules.with_rank(op._inputs[0]._dims, 2)
    targets = rules.with_rank(op._inputs[1]._dims, 1)
    return [(rules.merge_dim(predictions[0], targets[0]),)]


define("InTopKV2", shape=_in_top_k_shape, kernel=_in_top_k_kernel)


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Any:
    """Whether the targets are among the k largest predictions."""
    with name_scope(name, "in_top_k"):
        return apply("InTopKV2", predictions, targets, k, name=name)


# -- sorting -----------------------------------------------------------------------


def sort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None
) -> Any:
    """Values in order along an axis; built of top_k."""
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, indices=False)


def argsort(
    values: Any,
    axis: Any = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Any:
    """Where the values in order along an axis were."""
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, indices=True)


def _sorted(values: Any, axis: Any, direction: str, *, indices: bool) -> Any:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    axis = convert_to_tensor(axis, name="axis")
    place = static_value(axis)
    if axis.shape.ndims != 0 or place is None:
        raise ValueError("axis must be a constant scalar")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _descending(values, int(place), indices=indices)
    found = _descending(-values, int(place), indices=indices)
    return found if indices else -found


def _descending(values: Any, axis: int, *, indices: bool) -> Any:
    k = array.shape(values)[axis]
    rank, known = array.rank(values), values.shape.ndims
    order: Any = None
    if axis not in (-1, None if known is None else known - 1):
        order = _with_last_swapped(axis, rank, known)
        values = reshaping.transpose(values, order)
    found = top_k(values, k)[1 if indices else 0]
    return found if order is None else reshaping.transpose(found, order)


def _with_last_swapped(axis: Any, rank: Any, known: int | None) -> Any:
    if axis < 0:
        axis = axis + (known or rank)
    if known is not None:
        order = [*range(axis), known - 1, *range(axis + 1, known - 1), axis]
        return constants.constant(np.array(order), name="transposition")
    return joining.concat(
        [math.range_(axis), [rank - 1], math.range_(axis + 1, rank - 1), [axis]],
        axis=0,
    )


def _bound_kernel(side: str) -> Any:
    def build(op: Operation) -> Callable[[Array, Array], Array]:
        kind = op._attrs["out_type"].as_numpy_dtype

        def kernel(rows: Array, values: Array) -> Array:
            found = [
                np.searchsorted(row, wanted, side)  # type: ignore[call-overload]
                for row, wanted in zip(rows, values, strict=True)
            ]
            return np.array(found, kind).reshape(values.shape)

        return kernel

    return build


define("LowerBound", shape=rules.same_as(1), build=_bound_kernel("left"))
define("UpperBound", shape=rules.same_as(1), build=_bound_kernel("right"))


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """Where values would have to go to keep sequences sorted."""
    length = array.shape_of(sorted_sequence)[-1]
    count = array.shape_of(values)[-1]
    rows = reshaping.reshape(sorted_sequence, [-1, length])
    wanted = reshaping.reshape(values, [-1, count])
    op_type = {"left": "LowerBound", "right": "UpperBound"}.get(side)
    if op_type is None:
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    found = apply(op_type, rows, wanted, out_type=out_type, name=name)
    return reshaping.reshape(found, array.shape_of(values))


# -- values that occur -------------------------------------------------------------


def _unique_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    if dims is not None:
        rules.with_rank(dims, 1)
    shapes: list[Dims] = [(None,), dims, (None,)]
    return shapes[: len(op._outputs)]


def _unique_kernel(op: Operation) -> Callable[[Array], tuple[Array, ...]]:
    kind, counted = op._attrs["out_idx"].as_numpy_dtype, len(op._outputs) == 3

    def kernel(x: Array) -> tuple[Array, ...]:
        if x.ndim != 1:
            raise InvalidArgumentError(None, op, "unique expects a 1D vector.")
        found, places = _different(x)
        if not counted:
            return found, places.astype(kind)
        counts = np.bincount(places, minlength=len(found))
        return found, places.astype(kind), counts.astype(kind)

    return kernel


def _different(x: Array) -> tuple[Array, Array]:
    """The different values in the order in which they occur, and which each element is.

    TF 1.15: in that order, where NumPy sorts them.
    """
    if x.size and x.dtype.kind == "i" and x.min() >= 0 and x.max() < _TABLE * x.size:
        return _different_by_table(x)
    _, first, inverse = np.unique(x, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order))
    return x[first[order]], rank[inverse.reshape(-1)]


# How many times as long as a vector a table may be.
_TABLE = 64


def _different_by_table(x: Array) -> tuple[Array, Array]:
    """As `_different`, without sorting: of numbers that are places in a table."""
    places = np.arange(len(x))
    table = np.empty(int(x.max()) + 1, np.intp)
    table[x[::-1]] = places[::-1]  # the last one written is where it occurs first
    found = x[table[x] == places]
    table[found] = places[: len(found)]
    return found, table[x]


define("Unique", shape=_unique_shape, build=_unique_kernel)
define("UniqueWithCounts", shape=_unique_shape, build=_unique_kernel)


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """The different values of a vector, and which of them each element is."""
    return apply("Unique", x, out_idx=out_idx, name=name)


def unique_with_counts(
    x: Any, out_idx: Any = dtypes.int32, name: str | None = None
) -> Any:
    """As unique, and how often each value occurs."""
    return apply("UniqueWithCounts", x, out_idx=out_idx, name=name)


def _list_diff_kernel(op: Operation) -> Callable[[Array, Array], tuple[Array, Array]]:
    kind = op._attrs["out_idx"].as_numpy_dtype

    def kernel(x: Array, y: Array) -> tuple[Array, Array]:
        for name, value in (("x", x), ("y", y)):
            if value.ndim != 1:
                problem = f"{name} should be a 1D vector."
                raise InvalidArgumentError(None, op, problem)
        keep = ~np.isin(x, y)
        return x[keep], np.flatnonzero(keep).astype(kind)

    return kernel


def _list_diff_shape(op: Operation) -> list[Dims]:
    for taken in op._inputs:
        rules.with_rank(taken._dims, 1)
    return [(None,), (None,)]


define("ListDiff", shape=_list_diff_shape, build=_list_diff_kernel)


def list_diff(x: Any, y: Any, out_idx: Any = dtypes.int32, name: Any = None) -> Any:
    """The values of one vector that are not in another, and where they are."""
    return apply("ListDiff", x, y, out_idx=out_idx, name=name)


@deprecation.deprecated(
    "setdiff1d",
    "array_ops",
    "This op will be removed after the deprecation date. Please switch to "
    "tf.sets.difference().",
    date="2018-11-30",
)
def setdiff1d(
    x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None
) -> Any:
    """The values of one vector that are not in another, and where they are."""
    return list_diff(x, y, index_dtype, name)


def _invert_kernel(order: Array) -> Array:
    if order.ndim != 1:
        raise ranks.refusal("invert_permutation expects a 1D vector.")
    size = len(order)
    bad = (order < 0) | (order >= size)
    if bad.any():
        raise InvalidArgumentError(
            None, None, f"{order[bad][0]} is not between 0 and {size}"
        )
    result = np.full(size, -1, order.dtype)
    result[order] = np.arange(size)
    if (result < 0).any():
        values, counts = np.unique(order, return_counts=True)
        raise InvalidArgumentError(
            None, None, f"{values[counts > 1][0]} is duplicated in the input."
        )
    return result


define(
    "InvertPermutation",
    shape=lambda op: [rules.with_rank(op._inputs[0]._dims, 1)],
    kernel=_invert_kernel,
    gradient=None,
)


def invert_permutation(x: Any, name: str | None = None) -> Any:
    """The order that undoes an order."""
    return apply("InvertPermutation", x, name=name)


def _bincount_kernel(values: Array, size: Array, weights: Array) -> Array:
    flat = values.reshape(-1)
    if (flat < 0).any():
        raise InvalidArgumentError(None, None, "Input arr must be non-negative!")
    keep = flat < int(size)
    counts = np.bincount(
        flat[keep],
        weights.reshape(-1)[keep] if weights.size else None,
        minlength=int(size),
    )
    return counts.astype(weights.dtype)


define(
    "Bincount",
    shape=lambda op: [(rules.size_in(op, 1),)],
    kernel=_bincount_kernel,
)


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
) -> Any:
    """How often each number occurs."""
    from .segment import unsorted_segment_sum  # noqa: PLC0415 - used here only

    with name_scope("bincount"):
        arr = convert_to_tensor(arr, name="arr", dtype=dtypes.int32)
        some = math.reduce_prod(array.shape(arr)) > 0
        size = math.cast(some, dtypes.int32) * (math.reduce_max(arr) + 1)
        if minlength is not None:
            least = convert_to_tensor(minlength, name="minlength", dtype=dtypes.int32)
            size = math.maximum(least, size)
        if maxlength is not None:
            most = convert_to_tensor(maxlength, name="maxlength", dtype=dtypes.int32)
            size = math.minimum(most, size)
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            return unsorted_segment_sum(weights, arr, size)
        return apply("Bincount", arr, size, constants.constant([], dtype))


name_functions(globals(), bincount="bincount_v1")
