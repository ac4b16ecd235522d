"""Gradients of sums, means, extremes and products over axes.

Loaded when a gradient is first asked for; see math_gradients. After
broadcast_gradients.
"""

from __future__ import annotations

import math as scalar_math
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.surroundings import colocate_with, device

from . import array, cumulative, gathering, joining, math, reshaping, sorting
from .broadcast_gradients import numbers
from .dynamic import dynamic_stitch
from .static import static_value

if TYPE_CHECKING:
    from scopetutor.engine.graph import Graph
    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]

_known_reductions: WeakKeyDictionary[Graph, dict[Any, Any]] = WeakKeyDictionary()


def reduced_shape(input_shape: Any, axes: Any) -> Any:
    """A shape in which the axes of a reduction have size 1."""
    sizes = math.cast(input_shape, dtypes.int32)
    axes = math.cast(axes, dtypes.int32)
    rank = array.size(sizes)
    axes = (axes + rank) % rank
    count = array.shape(axes)
    return dynamic_stitch([math.range_(rank), axes], [sizes, array.fill(count, 1)])


def _safe_divide(x: Any, y: Any) -> Any:
    return x // math.maximum(y, 1)


def sum_(op: Operation, grad: Any) -> list[Any]:
    x, axes = op._inputs
    dims = x._dims
    if dims is not None:
        known = static_value(axes)
        if known is not None:
            if np.array_equal(known, np.arange(len(dims))):
                grad = reshaping.reshape(grad, [1] * len(dims))
                sizes = (
                    array.shape(x)
                    if None in dims
                    else constants.constant(dims, dtype=dtypes.int32)
                )
                return [joining.tile(grad, sizes), None]
            if None not in dims and not defaults.state.eager:
                kept, times = _known_reduction(dims, tuple(known.reshape(-1).tolist()))
                return [joining.tile(reshaping.reshape(grad, kept), times), None]
    sizes = array.shape(x)
    with colocate_with(sizes):
        kept = reduced_shape(sizes, axes)
        times = _safe_divide(sizes, kept)
    return [joining.tile(reshaping.reshape(grad, kept), times), None]


def _known_reduction(dims: Any, axes: Any) -> tuple[Any, Any]:
    """The shape after a reduction, and how often each row is repeated to undo it."""
    found = _known_reductions.setdefault(defaults.get_default_graph(), {})
    if (dims, axes) not in found:
        kept = numbers(reduced_shape(dims, axes))
        times = numbers(dims // math.maximum(kept, 1))
        found[dims, axes] = kept, times
    kept, times = found[dims, axes]
    return kept, times


def mean(op: Operation, grad: Any) -> tuple[Any, None]:
    total = sum_(op, grad)[0]
    x, y = op._inputs[0], op._outputs[0]
    factor: Any
    if array.is_known(x) and array.is_known(y):
        sizes = scalar_math.prod(x._dims), scalar_math.prod(y._dims)  # type: ignore[arg-type]
        factor = constants.constant(sizes[0] // max(sizes[1], 1), dtype=total.dtype)
    else:
        before, after = array.shape(x), array.shape(y)
        factor = _safe_divide(math.reduce_prod(before), math.reduce_prod(after))
    return math.truediv(total, math.cast(factor, total.dtype)), None


def extreme(op: Operation, grad: Any) -> list[Any]:
    """Of Max and Min: what equals the result shares the gradient."""
    x, axes = op._inputs
    kept = reduced_shape(array.shape(x), axes)
    y = reshaping.reshape(op._outputs[0], kept)
    grad = reshaping.reshape(grad, kept)
    chosen = math.cast(math.equal(y, x), grad.dtype)
    count = reshaping.reshape(math.reduce_sum(chosen, axes), kept)
    return [math.divide(chosen, count) * grad, None]


def prod(op: Operation, grad: Any) -> tuple[Any, None]:
    x = op._inputs[0]
    sizes = array.shape(x)
    axes = reshaping.reshape(op._inputs[1], [-1])
    kept = reduced_shape(sizes, op._inputs[1])
    times = _safe_divide(sizes, kept)
    grad = joining.tile(reshaping.reshape(grad, kept), times)
    with device("/cpu:0"):
        rank = array.rank(x)
        axes = (axes + rank) % rank
        gone = math.cast(axes, dtypes.int32)
        places = math.range_(0, rank)
        other, _ = sorting.list_diff(places, gone)
        order = joining.concat([gone, other], 0)
        gone_count = math.reduce_prod(gathering.gather(sizes, gone))
        other_count = math.reduce_prod(gathering.gather(sizes, other))
    moved = reshaping.transpose(x, order)
    moved_shape = array.shape(moved)
    matrix = reshaping.reshape(moved, (gone_count, other_count))
    left = math.cumprod(matrix, axis=0, exclusive=True)
    right = math.cumprod(matrix, axis=0, exclusive=True, reverse=True)
    others = reshaping.reshape(math.conj(left) * math.conj(right), moved_shape)
    back = sorting.invert_permutation(order)
    result = grad * reshaping.transpose(others, back)
    return reshaping.reshape(result, sizes), None


def add_n(op: Operation, grad: Any) -> list[Any]:
    return [grad] * len(op._inputs)


def cumsum(op: Operation, grad: Any) -> list[Any]:
    exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
    axis = op._inputs[1]
    return [math.cumsum(grad, axis, exclusive=exclusive, reverse=not reverse), None]


def cumulative_logsumexp(op: Operation, grad: Any) -> list[Any]:
    """TF 1.15: what rises and what falls, each as logarithms."""
    x, axis = op._inputs
    total: Any = op._outputs[0]
    exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
    least = grad.dtype.min
    rising = gathering.where_v2(math.greater(grad, 0), math.log(grad), least)
    falling = gathering.where_v2(math.less(grad, 0), math.log(-grad), least)
    above, below = (
        math.exp(
            cumulative.cumulative_logsumexp(
                part - total, axis, exclusive=exclusive, reverse=not reverse
            )
            + x
        )
        for part in (rising, falling)
    )
    return [above - below, None]


def cumprod(op: Operation, grad: Any) -> list[Any]:
    x, axis = op._inputs
    exclusive, reverse = op._attrs["exclusive"], op._attrs["reverse"]
    product = math.cumprod(x, axis, exclusive=exclusive, reverse=reverse)
    total = math.cumsum(product * grad, axis, exclusive=exclusive, reverse=not reverse)
    return [total / x, None]
