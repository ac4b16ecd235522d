"""What `padded_batch` asks for: shapes and values, checked.

Before dataset, for `padded_batch`; the padding itself is done in
``ops/dataset_batches.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.shapes import TensorShape

from . import structure


def padded_batches(
    spec: Any, batch_size: Any, padded_shapes: Any, padding_values: Any, drop: Any
) -> tuple[list[Any], Any]:
    """What the operation takes beside the dataset, and the structure of a batch.

    Args:
        spec: the structure of an element.
        batch_size: how many elements.
        padded_shapes: what they are made.
        padding_values: with what.
        drop: whether fewer at the end are left out.

    Raises:
        ValueError: a shape is too small, or a value no scalar.
        TypeError: a value is not of its part's type.
    """
    size = convert_to_tensor(batch_size, dtype=dtypes.int64, name="batch_size")
    leaves = structure.flatten(spec)
    if padding_values is None:
        padding_values = structure.map_structure(_nothing, spec)
    wanted = structure.flatten_up_to(spec, padded_shapes)
    shapes = [
        _shape_tensor(shape, leaf.shape)
        for shape, leaf in zip(wanted, leaves, strict=True)
    ]
    values = [
        _value_tensor(value, leaf.dtype)
        for value, leaf in zip(
            structure.flatten_up_to(spec, padding_values), leaves, strict=True
        )
    ]
    drops = convert_to_tensor(drop, dtype=dtypes.bool_, name="drop_remainder")
    dropped = structure.known_value(drops)
    known = structure.known_value(size) if dropped is not None and dropped else None
    first = None if known is None else int(known)
    batch = [
        structure.TensorSpec(
            TensorShape([first]).concatenate(_static_shape(shape)), leaf.dtype
        )
        for shape, leaf in zip(shapes, leaves, strict=True)
    ]
    return [size, shapes, values, drops], structure.pack(spec, batch)


def _nothing(leaf: Any) -> Any:
    if leaf.dtype.base_dtype == dtypes.string:
        return ""
    if leaf.dtype.base_dtype == dtypes.variant:
        raise TypeError(
            "Unable to create padding for field of type 'variant' because t.base_type "
            f"== dtypes.variant == {leaf.dtype.base_dtype}."
        )
    return np.zeros_like(leaf.dtype.as_numpy_dtype())


def _static_shape(tensor: Any) -> TensorShape:
    value = structure.known_value(tensor)
    if value is None:
        rank = tensor.shape.dims[0].value if tensor.shape.dims else None
        return TensorShape(None if rank is None else [None] * rank)
    return TensorShape([None if size == -1 else int(size) for size in value])


def _shape_tensor(wanted: Any, element: TensorShape) -> Any:
    try:
        shape = TensorShape(wanted)
        sizes = [-1 if size is None else size for size in shape.as_list()]
        tensor = convert_to_tensor(sizes, dtype=dtypes.int64)
    except (TypeError, ValueError):
        tensor = convert_to_tensor(wanted, preferred_dtype=dtypes.int64)
        _check_shape_tensor(wanted, tensor)
        shape = _static_shape(tensor)
    if not _may_hold(shape, element):
        raise ValueError(
            f"The padded shape {shape} is not compatible with the corresponding input "
            f"component shape {element}."
        )
    return tensor


def _check_shape_tensor(wanted: Any, tensor: Any) -> None:
    problem = f"Padded shape {wanted} must be a 1-D tensor of tf.int64 values, but its"
    if tensor.shape.dims is not None and len(tensor.shape.dims) != 1:
        raise ValueError(f"{problem} shape was {tensor.shape}.")
    if tensor.dtype != dtypes.int64:
        raise TypeError(f"{problem} element type was {tensor.dtype.name}.")


def _may_hold(shape: TensorShape, element: TensorShape) -> bool:
    """Whether an element fits into a shape."""
    if shape.dims is None or element.dims is None:
        return True
    return len(shape.dims) == len(element.dims) and all(
        a.value is None or b.value is None or a.value >= b.value
        for a, b in zip(shape.dims, element.dims, strict=True)
    )


def _value_tensor(value: Any, dtype: Any) -> Any:
    tensor = convert_to_tensor(value, name="padding_value")
    if not tensor.shape.is_compatible_with(TensorShape([])):
        raise ValueError(f"Padding value should be a scalar, but is not: {tensor}")
    if tensor.dtype != dtype:
        raise TypeError(
            f"Padding value tensor ({tensor}) does not match output type: {dtype}"
        )
    return tensor
