"""`tf.parallel_stack`: tensors of one known shape, stacked as they come.

`tf.stack` (``joining.py``) takes any tensors; this one only those whose shape is fully
known. In TF 1.15 a row is copied as soon as it is there; here all of them at the end.
It has no gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .reshaping import expand_dims

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims


def _shape(op: Operation) -> list[Dims]:
    wanted: Dims = op._attrs["shape"]
    if wanted is None or None in wanted:
        raise ShapeError("shape attr must be fully defined.")
    one: Dims = (1, *wanted[1:])
    for index, taken in enumerate(op._inputs):
        if taken._dims is None or None in taken._dims:
            raise ShapeError("All input shapes must be fully defined.")
        if not taken._dims or taken._dims[0] != 1:
            raise ShapeError("Size of first dimension must be 1.")
        try:
            one = rules.merge(taken._dims, one)
        except ShapeError as error:
            raise ShapeError(
                f"{error}\n\tFrom merging shape {index} with other shapes."
            ) from None
    return [wanted]


define(
    "ParallelConcat",
    shape=_shape,
    kernel=lambda *values: np.concatenate(values),
    gradient="",
)


def parallel_stack(values: Any, name: str | None = "parallel_stack") -> Any:
    """Tensors of one shape, stacked along a new first axis.

    Args:
        values: tensors whose shape is known.
        name: of the operations.

    Raises:
        ValueError: a shape is not known, or is another.
    """
    with name_scope(name):
        first = convert_to_tensor(values[0])
        shape = shapes.TensorShape([len(values)]).concatenate(first.get_shape())
        rows = [expand_dims(value, 0) for value in values]
        return apply("ParallelConcat", rows, shape=shape)
