"""The sum of a list of tensors: `tf.add_n` and `tf.accumulate_n`.

Beside elementwise; ``math.py`` gathers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


def _add_n_kernel(op: Operation) -> Callable[..., Any]:
    def kernel(*tensors: Array) -> Any:
        total, shape = tensors[0], tensors[0].shape
        for place, tensor in enumerate(tensors[1:], 1):
            if tensor.shape != shape:
                if op.type == "AccumulateNV2":
                    problem = "Parameters and update must be the same size"
                    raise InvalidArgumentError(None, op, problem)
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Inputs to operation {op._name} of type {op.type} must have the "
                    f"same size and shape.  Input 0: {dims_text(shape)} != "
                    f"input {place}: {dims_text(tensor.shape)}",
                )
            if place == 1:
                total = total + tensor
            else:  # into the array that the first sum has made
                total += tensor
        return total

    return kernel


define(
    "AddN",
    shape=rules.all_the_same,
    build=_add_n_kernel,
    gradient="reduction_gradients.add_n",
)
define(
    "AccumulateNV2",
    shape=rules.attribute("shape"),
    build=_add_n_kernel,
    gradient="reduction_gradients.add_n",
)


@takes_ragged("*inputs")
def add_n(inputs: Any, name: str | None = None) -> Any:
    """The sum of a list of tensors of one shape and type.

    Raises:
        ValueError: it is no list, or not all are of one shape and type.
    """
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only
    from scopetutor.engine.sparse import IndexedSlices, to_tensor_or_indexed_slices  # noqa: PLC0415 - for isinstance only

    message = (
        "inputs must be a list of at least one Tensor/IndexedSlices with the same "
        "dtype and shape"
    )
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(message)
    tensors = [to_tensor_or_indexed_slices(value) for value in inputs]
    if not all(isinstance(x, (Tensor, IndexedSlices)) for x in tensors):
        raise ValueError(message)
    if len(tensors) == 1:
        only = tensors[0]
        if isinstance(only, IndexedSlices):
            only = convert_to_tensor(only)
        return apply("Identity", only, name=name) if name else only
    return apply("AddN", tensors, name=name)


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Any:
    """The sum of a list of tensors; TF 1.15: an operation of its own."""
    from scopetutor.engine import shapes  # noqa: PLC0415 - used here only

    message = (
        "inputs must be a list of at least one Tensor with the same dtype and shape"
    )
    if not inputs or not isinstance(inputs, (list, tuple)):
        raise ValueError(message)
    tensors = [convert_to_tensor(value) for value in inputs]
    if not all(x.dtype == tensors[0].dtype for x in tensors):
        raise ValueError(message)
    merged = shapes.as_shape(shape) if shape is not None else shapes.unknown_shape()
    for tensor in tensors:
        merged = merged.merge_with(tensor.shape)
    if tensor_dtype is not None and tensor_dtype != tensors[0].dtype:
        raise TypeError(
            f"tensor_dtype is {tensor_dtype}, but input is of type {tensors[0].dtype}"
        )
    if len(tensors) == 1:
        return apply("Identity", tensors[0], name=name) if name else tensors[0]
    return apply("AccumulateNV2", tensors, shape=merged, name=name)
