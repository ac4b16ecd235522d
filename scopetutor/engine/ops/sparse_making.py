"""Sparse tensors of other things, and with other shapes: `tf.sparse.from_dense`, `eye`.

After sparse. TF 1.15 composes these of other operations.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.constants import value_of as static_value
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, math, reshaping, slicing
from .checks import assert_equal, assert_less_equal
from .control_flow import with_dependencies
from .ranges import range_
from .sparse import as_sparse, sparse_tensor_to_dense
from .sparse_merge import merged


def sparse_eye(
    num_rows: Any,
    num_columns: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> SparseTensor:
    """A matrix with ones on its diagonal."""
    with name_scope(name, "eye", [num_rows, num_columns]):
        rows = _int64(num_rows, "num_rows")
        columns = rows if num_columns is None else _int64(num_columns, "num_columns")
        size = math.minimum(rows, columns)
        places = range_(size, dtype=dtypes.int64)
        return SparseTensor(
            indices=joining.stack([places, places], axis=1),
            values=array.ones(size, dtype=dtype),
            dense_shape=[rows, columns],
        )


def _int64(value: Any, name: str) -> Any:
    if isinstance(value, numbers.Integral):
        return convert_to_tensor(value, name=name, dtype=dtypes.int64)
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be an integer value")
    return value if value.dtype == dtypes.int64 else math.cast(value, dtypes.int64)


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a tensor that are not 0."""
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        zero = constant(0, tensor.dtype)
        indices = gathering.where_v2(math.not_equal(tensor, zero))
        values = gathering.gather_nd(tensor, indices)
        return SparseTensor(indices, values, array.shape(tensor, out_type=dtypes.int64))


def sparse_expand_dims(
    sp_input: Any, axis: Any = None, name: str | None = None
) -> SparseTensor:
    """A sparse tensor with one more axis, of size 1.

    Raises:
        TypeError: the axis is neither a number nor a tensor.
    """
    rank = sp_input.dense_shape.get_shape()[0]
    axis = -1 if axis is None else axis
    with name_scope(name, "expand_dims", [sp_input]):
        if isinstance(axis, numbers.Integral):
            axis = convert_to_tensor(axis, name="axis", dtype=dtypes.int32)
        elif not isinstance(axis, Tensor):
            raise TypeError(
                "axis must be an integer value in range [-rank(sp_input) - 1, "
                "rank(sp_input)]"
            )
        axis = gathering.where_v2(axis >= 0, axis, axis + rank + 1)
        count = array.shape(sp_input.indices)[0]
        column = array.zeros([count, 1], dtype=dtypes.int64)
        before = slicing.slice(sp_input.indices, [0, 0], [-1, axis])
        after = slicing.slice(sp_input.indices, [0, axis], [-1, -1])
        indices = joining.concat([before, column, after], axis=1)
        sizes_before = slicing.slice(sp_input.dense_shape, [0], [axis])
        sizes_after = slicing.slice(sp_input.dense_shape, [axis], [-1])
        one = convert_to_tensor([1], name="new_shape", dtype=dtypes.int64)
        shape = joining.concat([sizes_before, one, sizes_after], axis=0)
        return SparseTensor(indices, sp_input.values, shape)


def sparse_to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Any:
    """For each row, which ids are in it: a dense tensor of booleans.

    Args:
        sp_input: ids, int32 or int64.
        vocab_size: how many ids there are.
        name: of the scope of the operations.
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseToIndicator", [sp_input]) as scope:
        count = array.shape(sp_input.indices)[0]
        yes = array.fill(reshaping.expand_dims(count, 0), True)
        values = SparseTensor(sp_input.indices, yes, sp_input.dense_shape)
        new = merged(sp_input, values, vocab_size, scope)
        return sparse_tensor_to_dense(
            new, default_value=False, validate_indices=False, name=scope
        )


def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """A sparse tensor with another dense shape; None: the smallest that will do.

    Raises:
        ValueError: the new shape is smaller, or of another rank.
    """
    sp_input = as_sparse(sp_input)
    indices = array.identity(sp_input.indices)
    values = array.identity(sp_input.values)
    old = array.identity(sp_input.dense_shape)
    if new_shape is None:
        last = math.reduce_max(indices, axis=0)
        shape = math.maximum(
            constant(0, dtype=dtypes.int64), math.add(last, array.ones_like(old))
        )
    else:
        shape = _checked_shape(sp_input, old, new_shape)
    return SparseTensor(indices, values, shape)


def _checked_shape(sp_input: SparseTensor, old: Any, new_shape: Any) -> Any:
    shape = convert_to_tensor(new_shape)
    shape.get_shape().assert_has_rank(1)
    shape = math.cast(shape, dtypes.int64)
    if shape.get_shape().ndims is not None:
        shape.get_shape().dims[0].merge_with(old.get_shape().dims[0])
    known = static_value(shape)
    if known is not None and sp_input.get_shape().is_fully_defined():
        before = np.array(sp_input.get_shape().as_list())
        if not np.all(before <= known):
            raise ValueError(
                "Requested new_shape should have dimension sizes >= sp_input.shape.  "
                f"Found new_shape ({before}), sp_input.shape ({known})."
            )
        return known
    same_rank = assert_equal(array.shape(old), array.shape(shape))
    shape = with_dependencies([same_rank], shape)
    return with_dependencies([assert_less_equal(old, shape)], shape)
