"""What Python code can know of a tensor's value before anything runs.

TF 1.15's `tf.contrib.util.constant_value`: fewer operations than the runtime looks
through, and a tensor whose value was used may no longer be fed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants
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
        return tensor if not hasattr(tensor, "_as_graph_element") else None
    if hasattr(tensor, "_value"):
        return tensor.numpy()  # type: ignore[attr-defined]
    value = _look(tensor._op, partial)
    if value is not None:
        tensor.graph.prevent_feeding(tensor)
    return value


def _look(op: Operation, partial: bool) -> Any:
    kind = op.type
    if kind in ("Const", "Shape", "Size", "Rank"):
        return constants.value_of(op._outputs[0])
    if kind == "Pack" and partial and op._attrs["axis"] == 0:
        values = [static_value(taken, partial) for taken in op._inputs]
        if any(value is None for value in values):
            return np.array(values, dtype=object)
    if kind in _LOOKED_THROUGH:
        if kind == "Pack" and op._attrs["axis"] != 0:
            return None
        if all(static_value(taken) is not None for taken in op._inputs):
            return constants.value_of(op._outputs[0])
    return None


def static_shape(tensor: Tensor) -> TensorShape:
    """The shape that a tensor of sizes describes, as far as it is known."""
    return TensorShape(constants.shape_of_value(tensor))
