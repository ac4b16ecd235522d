"""Text in tensors: `tf.string_join` and what else works on strings.

After array. Elements are ``bytes``, as in TensorFlow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _join_shape(op: Operation) -> list[Dims]:
    """Scalars go with everything; all others have one shape."""
    found: Dims = None
    scalars = True
    for taken in op._inputs:
        dims = taken._dims
        if dims is None:
            scalars = False
        elif dims:
            scalars = False
            found = rules.merge(found, dims)
    return [() if scalars else found]


def _join_kernel(op: Operation) -> Callable[..., Array]:
    separator = op._attrs["separator"].encode("utf-8", "surrogateescape")

    def kernel(*values: Any) -> Array:
        arrays = [np.asarray(value, object) for value in values]
        shape: tuple[int, ...] = ()
        for index, array in enumerate(arrays):
            if array.shape and shape and array.shape != shape:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Input shapes do not match: {dims_text(shape)} vs. "
                    f"{dims_text(array.shape)}",
                )
            shape = array.shape or shape
            arrays[index] = array
        joined = np.empty(shape, object)
        columns = [np.broadcast_to(array, shape).reshape(-1) for array in arrays]
        joined.reshape(-1)[:] = [
            separator.join(row) for row in zip(*columns, strict=True)
        ]
        return joined

    return kernel


define("StringJoin", shape=_join_shape, build=_join_kernel, gradient=None)


def _reduce_join_kernel(op: Operation) -> Callable[..., Any]:
    separator = op._attrs["separator"].encode("utf-8", "surrogateescape")
    keep = op._attrs["keep_dims"]

    def kernel(inputs: Any, axes: Any) -> Any:
        array = np.asarray(inputs, object)
        listed = [int(axis) % array.ndim for axis in np.asarray(axes).reshape(-1)]
        twice = [axis for i, axis in enumerate(listed) if axis in listed[:i]]
        if twice:
            problem = f"Duplicate reduction dimension {twice[0]}"
            raise InvalidArgumentError(None, op, problem)
        rest = [axis for axis in range(array.ndim) if axis not in listed]
        # TF 1.15: along the axis that is named first, neighbours come together.
        ordered = array.transpose([*rest, *reversed(listed)])
        rows = ordered.reshape(math.prod(ordered.shape[: len(rest)]), -1)
        joined = np.empty(len(rows), object)
        joined[:] = [separator.join(row) for row in rows.tolist()]
        shape = [
            1 if axis in listed else size
            for axis, size in enumerate(array.shape)
            if keep or axis not in listed
        ]
        return joined.reshape(shape)

    return kernel


define("ReduceJoin", shape=rules.reduction, build=_reduce_join_kernel, gradient=None)


@takes_ragged("inputs")
def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Any:
    """Strings put together along some axes; None: all, the last one first."""
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    axes = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(None, "ReduceJoin", [inputs, axes]):
        tensor = convert_to_tensor(inputs)
        return apply(
            "ReduceJoin",
            tensor,
            _all_axes(tensor) if axes is None else axes,
            keep_dims=keep,
            separator=separator,
            name=name,
        )


def _all_axes(tensor: Any) -> Any:
    """Every axis, the last one first."""
    if tensor.shape.ndims is not None:
        last = tensor.shape.ndims
        return constants.constant(np.arange(last - 1, -1, -1), dtype=dtypes.int32)
    from .array import rank  # noqa: PLC0415 - seldom
    from .math import range_  # noqa: PLC0415 - seldom

    return range_(rank(tensor) - 1, -1, -1)


@takes_ragged("[inputs]")
def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Any:
    """Strings put together, element by element."""
    return apply("StringJoin", inputs, separator=separator, name=name)
