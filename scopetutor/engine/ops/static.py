"""What Python code can know of a tensor's value before anything runs.

TF 1.15's `tf.contrib.util.constant_value`: fewer operations than the runtime looks
through, and a tensor whose value was used may no longer be fed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.naming import rename
from scopetutor.engine.operation import Tensor
from scopetutor.engine.shapes import TensorShape

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation

_LOOKED_THROUGH = frozenset(
    {"Range", "Cast", "Concat", "ConcatV2", "Pack", "Fill", "Equal", "NotEqual"}
)


def static_value(tensor: Any, partial: bool = False) -> Any:
    """The value as an array, None if it is not known; no tensor: as it is."""
    if not isinstance(tensor, Tensor):
        return None if is_tensor(tensor) else tensor
    if hasattr(tensor, "_value"):
        return tensor.numpy()  # type: ignore[attr-defined]
    value = _look(tensor._op, partial)
    if value is not None:
        tensor.graph.prevent_feeding(tensor)
    return value


def _look(op: Operation, partial: bool) -> Any:
    kind = op.type
    if kind in ("Shape", "Size", "Rank") and not _is_measured(op):
        return None
    if kind in ("Const", "Shape", "Size", "Rank"):
        return constants.value_of(op._outputs[0])
    if kind == "Pack" and partial and op._attrs["axis"] == 0:
        values = [static_value(taken, partial) for taken in op._inputs]
        if any(value is None or value.dtype.hasobject for value in values):
            return np.array(values, dtype=object)
    if kind in _LOOKED_THROUGH:
        if kind == "Pack" and op._attrs["axis"] != 0:
            return None
        if all(static_value(taken) is not None for taken in op._inputs):
            return constants.value_of(op._outputs[0])
    return None


def _is_measured(op: Operation) -> bool:
    """Whether what an operation says of a shape is in the static shape."""
    dims = op._inputs[0]._dims
    return dims is not None and (op.type == "Rank" or None not in dims)


def static_shape(tensor: Tensor) -> TensorShape:
    """The shape that a tensor of sizes describes, as far as Python code knows it.

    Raises:
        ValueError: a scalar describes no shape, unless it is -1: any shape at all.
    """
    if tensor._dims == ():
        return _shape_of_scalar(static_value(tensor))
    shape = tensor.shape.with_rank(1)
    if shape == [0]:
        return TensorShape([])
    op = tensor._op
    if op.type == "Shape":
        return op._inputs[0].shape
    if op.type == "Pack":
        values = [static_value(taken) for taken in op._inputs]
        return TensorShape([None if v is None or v < 0 else int(v) for v in values])
    if op.type == "ConcatV2":
        joined = TensorShape([])
        for part in op._inputs[:-1]:
            joined = joined.concatenate(static_shape(part))
        return joined
    if op.type == "StridedSlice":
        found = _slice_of_shape(op)
        if found is not None:
            return found
    known = TensorShape([None] * shape[0].value) if shape[0].value is not None \
        else TensorShape(None)  # fmt: skip
    value = static_value(tensor)
    if value is not None:
        known = known.merge_with([d if d >= 0 else None for d in value.tolist()])
    return known


def _shape_of_scalar(value: Any) -> TensorShape:
    if value is None:
        raise ValueError(
            "Received a scalar with unknown value as shape; require a statically known "
            "scalar with value '-1' to describe an unknown shape."
        )
    if value != -1:
        raise ValueError(
            f"Received a scalar value '{value}' as shape; require a statically known "
            "scalar with value '-1' to describe an unknown shape."
        )
    return TensorShape(None)


def _slice_of_shape(op: Operation) -> TensorShape | None:
    """Part of a shape; None if it is not a simple slice."""
    ends = [static_value(taken) for taken in op._inputs[1:]]
    attrs = op._attrs
    special = ("ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    if any(end is None for end in ends) or any(attrs[name] for name in special):
        return None
    if attrs["begin_mask"] > 1 or attrs["end_mask"] > 1:
        return None
    begin, end, step = (int(value[0]) for value in ends)
    whole = static_shape(op._inputs[0])
    if whole.dims is None:
        return None
    start = None if attrs["begin_mask"] else begin
    stop = None if attrs["end_mask"] else end
    return TensorShape(whole.as_list()[start:stop:step])


rename(static_value, "constant_value")
