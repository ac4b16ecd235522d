"""Numbers in a row: `tf.range` and `tf.linspace`.

After casting; ``math.py`` gathers it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import ranks, rules
from .casting import cast

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _range_shape(op: Operation) -> list[Dims]:
    for name, taken in zip(("start", "limit", "delta"), op._inputs, strict=True):
        try:
            rules.with_rank(taken._dims, 0)
        except ShapeError as error:
            raise ShapeError(f"{error}\n\t for '{name}'") from None
    values = [shape_inference.value(op, index) for index in range(3)]
    if any(value is None for value in values):
        return [(None,)]
    start, limit, delta = (value.item() for value in values)
    _check_range(start, limit, delta)
    return [(_range_size(start, limit, delta),)]


def _check_range(start: Any, limit: Any, delta: Any) -> None:
    if delta > 0 and start > limit:
        raise ShapeError(f"Requires start <= limit when delta > 0: {start}/{limit}")
    if delta < 0 and start < limit:
        raise ShapeError(f"Requires start >= limit when delta < 0: {start}/{limit}")
    if delta == 0:
        raise ShapeError("Requires delta != 0")


def _range_size(start: Any, limit: Any, delta: Any) -> int:
    size: int = max(0, math.ceil((limit - start) / delta))
    return size


def _range_kernel(start: Array, limit: Array, delta: Array) -> Any:
    for name, value in (("start", start), ("limit", limit), ("delta", delta)):
        if np.ndim(value):
            shape = dims_text(np.shape(value))
            problem = f"{name} must be a scalar, not shape {shape}"
            raise InvalidArgumentError(None, None, problem)
    try:
        _check_range(start.item(), limit.item(), delta.item())
    except ShapeError as error:
        found = f"{error}: 0" if not delta else str(error)
        raise InvalidArgumentError(None, None, found) from None
    size = _range_size(start.item(), limit.item(), delta.item())
    if start.dtype.kind in "iu":
        return (start + delta * np.arange(size, dtype=start.dtype)).astype(start.dtype)
    steps = np.full(size, delta, start.dtype)
    steps[:1] = start
    return np.cumsum(steps, dtype=start.dtype)  # TF 1.15 adds up step by step


define("Range", shape=_range_shape, kernel=_range_kernel, gradient=None)
_RANGE_TYPES = [dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64]


def range_(
    start: Any,
    limit: Any = None,
    delta: Any = 1,
    dtype: Any = None,
    name: str | None = "range",
) -> Any:
    """Numbers from start up to, but not including, limit."""
    if limit is None:
        start, limit = 0, start
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        ends = [
            convert_to_tensor(value, dtype=dtype, name=word)
            for word, value in (("start", start), ("limit", limit), ("delta", delta))
        ]
        if dtype is None:
            assert all(end.dtype in _RANGE_TYPES for end in ends)
            widest = max((end.dtype for end in ends), key=_RANGE_TYPES.index)
            ends = [cast(end, widest) for end in ends]
        return apply("Range", *ends, name=scope)


def _linspace_kernel(start: Array, stop: Array, num: Array) -> Any:
    for word, number in (("start", start), ("stop", stop), ("num", num)):
        if number.ndim:
            shape = dims_text(number.shape)
            raise ranks.refusal(f"{word} must be a scalar, not shape {shape}")
    if int(num) <= 0:
        raise InvalidArgumentError(None, None, f"Requires num > 0: {int(num)}")
    if int(num) == 1:
        return start.reshape(1)
    step = (stop - start) / np.asarray(int(num) - 1, start.dtype)
    made = (start + step * np.arange(int(num), dtype=start.dtype)).astype(start.dtype)
    made[-1] = stop  # TF 1.15: exactly, whatever the steps come to
    return made


def _linspace_shape(op: Operation) -> list[Dims]:
    num = shape_inference.value(op, 2)
    if num is not None and int(num) <= 0:
        raise ShapeError(f"Requires num > 0: {int(num)}")
    return [(None if num is None else int(num),)]


define("LinSpace", shape=_linspace_shape, kernel=_linspace_kernel, gradient=None)


def linspace(start: Any, stop: Any, num: Any, name: str | None = None) -> Any:
    """`num` evenly spaced numbers from start to stop."""
    return apply("LinSpace", start, stop, num, name=name)


name_functions(globals(), linspace="lin_space", range_="range")
