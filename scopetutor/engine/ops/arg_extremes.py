"""Where along an axis the extremes are: `tf.argmax` and `tf.argmin`.

Beside reductions; ``math.py`` gathers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import ranks, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _arg_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    rules.with_rank(op._inputs[1]._dims, 0)
    if dims is None or len(dims) <= 1:
        return [None if dims is None else ()]
    axis = shape_inference.value(op, 1)
    if axis is None:
        return [(None,) * (len(dims) - 1)]
    place = int(axis)
    if not -len(dims) <= place < len(dims):
        raise ShapeError(
            f"Dimension ({place}) must be in the range [{-len(dims)}, {len(dims)}), "
            f"where {len(dims)} is the number of dimensions in the input."
        )
    place %= len(dims)
    return [dims[:place] + dims[place + 1 :]]


def _arg_kernel(function: Callable[..., Any]) -> Any:
    def build(op: Operation) -> Callable[[Array, Array], Any]:
        kind = op._attrs["output_type"].as_numpy_dtype

        def kernel(x: Array, axis: Array) -> Any:
            if axis.ndim:
                raise ranks.refusal(
                    "dim must be a scalar, but received tensor of shape: "
                    f"{dims_text(axis.shape)}"
                )
            if not -x.ndim <= axis < x.ndim:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Expected dimension in the range [{-x.ndim}, {x.ndim}), but got "
                    f"{axis}",
                )
            if not x.size and not x.shape[int(axis)]:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Reduction axis {axis} is empty in shape {dims_text(x.shape)}",
                )
            return function(x, axis=int(axis)).astype(kind)

        return kernel

    return build


define(
    "ArgMax",
    shape=_arg_shape,
    build=_arg_kernel(np.argmax),
    gradient="math_gradients.nothing",
)
define(
    "ArgMin",
    shape=_arg_shape,
    build=_arg_kernel(np.argmin),
    gradient="math_gradients.nothing",
)


def _arg(op_type: str, function: str) -> Callable[..., Any]:
    def arg(
        input: Any,
        axis: Any = None,
        name: str | None = None,
        dimension: Any = None,
        output_type: Any = dtypes.int64,
    ) -> Any:
        if dimension is not None:
            deprecation.warn_argument(
                function, "math_ops", "dimension", "Use the `axis` argument instead"
            )
        axis = deprecation.either("axis", axis, "dimension", dimension)
        axis = 0 if axis is None else axis
        return apply(op_type, input, axis, output_type=output_type, name=name)

    arg.__name__ = arg.__qualname__ = function
    arg.__doc__ = f"Where along an axis the {function[3:]}imum is."
    return arg


argmax, argmin = _arg("ArgMax", "argmax"), _arg("ArgMin", "argmin")


def _unravel_shape(op: Operation) -> list[Dims]:
    indices = rules.at_most_rank(op._inputs[0]._dims, 1)
    (axes,) = rules.with_rank(op._inputs[1]._dims, 1)
    if indices is None:
        return [None]
    return [(axes, *indices)]


def _unravel(indices: Array, sizes: Array) -> Array:
    if not sizes.all():
        raise InvalidArgumentError(
            None, None, "Input dims cannot contain a dim of zero"
        )
    strides = np.append(np.cumprod(sizes[:0:-1])[::-1], 1).astype(sizes.dtype)
    column = (-1, *[1] * indices.ndim)
    found: Array = indices // strides.reshape(column) % sizes.reshape(column)
    return found


define("UnravelIndex", shape=_unravel_shape, kernel=_unravel)


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Any:
    """Where the elements with some numbers lie, along each axis of a shape."""
    return apply("UnravelIndex", indices, dims, name=name)


def _older(op_type: str, name: str, newer: str) -> Callable[..., Any]:
    def arg(
        input: Any, dimension: Any, output_type: Any = dtypes.int64, name: Any = None
    ) -> Any:
        return apply(op_type, input, dimension, output_type=output_type, name=name)

    arg.__name__ = arg.__qualname__ = name
    arg.__doc__ = f"`{newer}` under its older name."
    return deprecation.deprecated(
        name, "gen_math_ops", f"Use `tf.math.{newer}` instead"
    )(arg)


arg_max = _older("ArgMax", "arg_max", "argmax")
arg_min = _older("ArgMin", "arg_min", "argmin")
