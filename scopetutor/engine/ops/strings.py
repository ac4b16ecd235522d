"""Text in tensors: `tf.string_join` and what else works on strings.

After array. Elements are ``bytes``, as in TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

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


def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Any:
    """Strings put together, element by element."""
    return apply("StringJoin", inputs, separator=separator, name=name)
