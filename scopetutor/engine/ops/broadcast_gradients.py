"""Gradients brought back to the shapes that inputs had before they were broadcast.

Loaded when a gradient is first asked for, before reduction_gradients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from scopetutor.engine import constants, defaults
from scopetutor.engine.apply import apply
from scopetutor.engine.operation import Tensor
from scopetutor.engine.registry import define

from . import array, math, reshaping, rules

if TYPE_CHECKING:
    from scopetutor.engine.graph import Graph
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _reduction_axes(x: Array, y: Array) -> tuple[Array, Array]:
    """The axes along which two shapes were broadcast, for each of them."""
    wide_x, wide_y = x.tolist(), y.tolist()
    if wide_x == wide_y:
        return x[:0], y[:0]
    wide_x = [1] * (len(y) - len(x)) + wide_x
    wide_y = [1] * (len(x) - len(y)) + wide_y
    axes_x, axes_y = [], []
    for axis, (a, b) in enumerate(zip(wide_x, wide_y, strict=True)):
        # TF 1.15: where both are 1, both are reduced; nothing changes.
        if a == 1:
            axes_x.append(axis)
        if b == 1:
            axes_y.append(axis)
    return np.array(axes_x, x.dtype), np.array(axes_y, y.dtype)


def _axes_shape(op: Operation) -> list[Dims]:
    for taken in op._inputs:
        rules.with_rank(taken._dims, 1)
    return [(None,), (None,)]


define(
    "BroadcastGradientArgs", shape=_axes_shape, kernel=_reduction_axes, gradient=None
)

_known_axes: WeakKeyDictionary[Graph, dict[Any, Any]] = WeakKeyDictionary()


def broadcast_axes(x: Any, y: Any) -> tuple[Any, Any, Any, Any]:
    """The shapes of two tensors, and the axes along which each was broadcast."""
    sx, sy = array.shape(x), array.shape(y)
    rx, ry = apply("BroadcastGradientArgs", sx, sy)
    return sx, rx, sy, ry


def reductions_back(x: Any, y: Any, grad: Any) -> tuple[Any, Any]:
    """For each of two inputs, how a gradient is reduced to its shape; None: not at all.

    TF 1.15: of known shapes, the axes are computed once for each pair in a graph.
    """
    if not (isinstance(grad, Tensor) and not defaults.state.eager):
        sx, rx, sy, ry = broadcast_axes(x, y)
        return (sx, rx), (sy, ry)
    if not (array.is_known(x) and array.is_known(y)):
        sx = array.shape_of(x, optimize=False)
        sy = array.shape_of(y, optimize=False)
        rx, ry = apply("BroadcastGradientArgs", sx, sy)
        return (sx, rx), (sy, ry)
    sx, sy = x._dims, y._dims
    axes = _known_axes.setdefault(defaults.get_default_graph(), {})
    found = axes.get((sx, sy))
    if found is None:
        both = apply("BroadcastGradientArgs", sx, sy)
        found = axes[sx, sy] = tuple(numbers(part) for part in both)
    rx, ry = found
    dims = grad._dims
    return None if sx == dims else (sx, rx), None if sy == dims else (sy, ry)


def numbers(tensor: Any) -> tuple[int, ...]:
    value = constants.value_of(tensor)
    assert value is not None
    return tuple(value.tolist())


def reduced_back(grad: Any, how: Any) -> Any:
    """A gradient added up along the axes that were broadcast."""
    if how is None:
        return grad
    shape, axes = how
    return reshaping.reshape(math.reduce_sum(grad, axes), shape)


def summed(grad: Any, axes: Any, shape: Any) -> Any:
    return reshaping.reshape(math.reduce_sum(grad, axes), shape)


def all_the_same(x: Any, y: Any, grad: Any) -> bool:
    """Whether two inputs and a gradient are known to have one shape."""
    return (
        isinstance(grad, Tensor)
        and x._dims == y._dims == grad._dims
        and x._dims is not None
        and None not in x._dims
    )
