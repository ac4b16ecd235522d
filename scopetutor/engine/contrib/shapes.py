"""`tf.contrib.framework.with_shape`: tensors that are checked to have a shape.

After ``ops/checks.py``. What is known of the shape is checked at once, the rest by an
operation; `AttentionWrapper` checks batch sizes with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import control_dependencies, name_scope


def with_same_shape(expected_tensor: Any, tensor: Any) -> Any:
    """A tensor that is checked to have the shape of another."""
    with name_scope(f"{tensor.op.name}/", values=[expected_tensor, tensor]):
        shape: Any = expected_tensor.get_shape()
        if shape.is_fully_defined():
            shape = shape.as_list()
        else:
            shape = array.shape(expected_tensor, name="expected_shape")
        return with_shape(shape, tensor)


def with_shape(expected_shape: Any, tensor: Any) -> Any:
    """A tensor that is checked to have a shape.

    Args:
        expected_shape: a list, an array or a tensor.
        tensor: returned as it is, if its shape is known and right.

    Raises:
        ValueError: its shape is known and wrong, or the expected one is no shape.
    """
    if isinstance(tensor, SparseTensor):
        raise ValueError("SparseTensor not supported.")
    unknown = is_tensor(expected_shape)
    if unknown:
        _check_type(expected_shape, expected_shape.dtype.base_dtype, tensor)
    else:
        expected_shape = np.asarray(expected_shape)
        if expected_shape.dtype == np.int64 or not expected_shape.size:
            expected_shape = expected_shape.astype(np.int32)
        _check_type(expected_shape, dtypes.as_dtype(expected_shape.dtype), tensor)
    actual = tensor.get_shape()
    if unknown or not actual.is_fully_defined():
        return _checked(expected_shape, tensor, unknown)
    wanted = TensorShape(expected_shape.tolist())
    if actual.is_compatible_with(wanted):
        return tensor
    if not wanted.ndims and actual.is_compatible_with(TensorShape([1])):
        with name_scope(f"{tensor.op.name}/", values=[tensor]):
            return reshape(tensor, [])
    raise ValueError(
        f"Invalid shape for tensor {tensor.name}, expected {expected_shape}, got "
        f"{actual}."
    )


def _check_type(shape: Any, dtype: Any, tensor: Any) -> None:
    if dtype != dtypes.int32:
        raise ValueError(
            f"Invalid dtype {shape.dtype} for shape {shape} expected of tensor "
            f"{tensor.name}."
        )


def _checked(shape: Any, tensor: Any, unknown: bool) -> Any:
    with name_scope(f"{tensor.op.name}/", values=[tensor]):
        if not unknown and not len(shape):
            return reshape(tensor, [])
        with control_dependencies([_assertion(shape, tensor)]):
            result = array.identity(tensor)
        if not unknown:
            result.set_shape(shape.tolist())
        return result


def _assertion(expected: Any, tensor: Any) -> Any:
    with name_scope("assert_shape", values=[tensor]) as scope:
        actual = array.shape(tensor, name="actual")
        with name_scope("is_shape", values=[tensor]) as is_shape:
            same_rank = _is_rank(array.size(expected), tensor)
            fits = _compatible(expected, actual)
            right = math.logical_and(same_rank, fits, name=is_shape)
        message = f"Wrong shape for {tensor.name} [expected] [actual]."
        return Assert(right, [message, expected, actual], name=scope)


def _is_rank(expected_rank: Any, tensor: Any) -> Any:
    with name_scope("is_rank", values=[tensor]) as scope:
        expected = convert_to_tensor(expected_rank, name="expected")
        actual = array.rank(tensor, name="actual")
        return math.equal(expected, actual, name=scope)


def _compatible(expected: Any, actual: Any) -> Any:
    """Whether two shapes are equal where the first says a size."""
    with name_scope("shape_tensor_equal", values=[expected, actual]) as scope:
        fits = math.logical_or(
            math.equal(expected, -1),
            math.equal(expected, actual, "equal"),
            name="exclude_partial_shape",
        )
        return math.reduce_all(fits, name=scope)
