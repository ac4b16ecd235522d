"""The rules for shapes that `tensorflow.python.framework.common_shapes` still has.

After ``shapes.py`` and ``nodes.py``. TF 1.15 computes shapes in C++; what was left
behind in Python is asked for by operations that people wrote themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import shapes
from scopetutor.engine.eager import EagerTensor
from scopetutor.engine.operation import Tensor

from .nodes import nothing as call_cpp_shape_fn

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.shapes import TensorShape

    Rule = Callable[[Any], list[TensorShape]]

__all__ = ["call_cpp_shape_fn"]


def has_fully_defined_shape(tensor: Any) -> bool:
    """Whether the whole shape is known."""
    return isinstance(tensor, EagerTensor) or tensor.shape.is_fully_defined()


def rank(tensor: Any) -> int | None:
    """How many dimensions a tensor has; None if that is not known."""
    return tensor._rank() if isinstance(tensor, Tensor) else None


def scalar_shape(_op: Any) -> list[TensorShape]:
    """One scalar."""
    return [shapes.TensorShape([])]


def unknown_shape(op: Any) -> list[TensorShape]:
    """Nothing is known of any output."""
    return [shapes.TensorShape(None) for _ in op.outputs]


def no_outputs(_op: Any) -> list[TensorShape]:
    """There are no outputs."""
    return []


def unchanged_shape(op: Any) -> list[TensorShape]:
    """The shape of the first input."""
    return [op.inputs[0].get_shape()]


def _unchanged(check: str) -> Callable[[int], Rule]:
    def of_rank(wanted: int) -> Rule:
        return lambda op: [getattr(op.inputs[0].get_shape(), check)(wanted)]

    return of_rank


unchanged_shape_with_rank = _unchanged("with_rank")
unchanged_shape_with_rank_at_least = _unchanged("with_rank_at_least")
unchanged_shape_with_rank_at_most = _unchanged("with_rank_at_most")


def is_broadcast_compatible(shape_x: Any, shape_y: Any) -> bool:
    """Whether two shapes, known in full, go together."""
    if shape_x.ndims is None or shape_y.ndims is None:
        return False
    return _broadcast(shape_x, shape_y) is not None


def broadcast_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape of what two shapes give together.

    Raises:
        ValueError: they do not go together.
    """
    if shape_x.ndims is None or shape_y.ndims is None:
        return shapes.TensorShape(None)
    found = _broadcast(shape_x, shape_y)
    if found is None:
        raise ValueError(
            f"Incompatible shapes for broadcasting: {shape_x} and {shape_y}"
        )
    return shapes.TensorShape(found)


def _broadcast(shape_x: Any, shape_y: Any) -> list[int | None] | None:
    count = max(shape_x.ndims, shape_y.ndims)
    xs, ys = (
        [1] * (count - shape.ndims) + shape.as_list() for shape in (shape_x, shape_y)
    )
    merged: list[int | None] = []
    for x, y in zip(xs, ys, strict=True):
        if x is None or y is None:
            # A known size of more than one wins over one that is not known.
            known = x if y is None else y
            merged.append(known if known is not None and known > 1 else None)
        elif x in (1, y) or y == 1:
            merged.append(y if x == 1 else x)
        else:
            return None
    return merged
