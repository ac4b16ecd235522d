"""The shapes that the variables of a loop keep from one iteration to the next.

Beside branches, which builds loops. A tensor keeps the shape it enters with, unless the
program says another; of a bundle of tensors, the number of elements may change.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.shapes import TensorShape, unknown_shape
from scopetutor.engine.sparse import IndexedSlices, SparseTensor

from .static import static_shape


def kept(value: Any, shape: Any = None) -> Any:
    """The shape of a loop variable, or the shapes of the tensors it is made of.

    Args:
        value: the loop variable.
        shape: what the program says of it, or None.

    Raises:
        TypeError: that says nothing of such a variable.
        ValueError: that is no shape of a SparseTensor's sizes.
    """
    if isinstance(value, SparseTensor):
        return _of_sparse(value, shape)
    if isinstance(value, IndexedSlices):
        return _of_slices(value, shape)
    if shape is None:
        return value.shape
    if type(shape).__name__ == "TensorSpec":
        if value.dtype != shape.dtype:
            raise TypeError(f"TensorSpec {shape!r} is not compatible with {value!r}")
        return shape.shape
    return shape


def _checked(shape: Any) -> TensorShape:
    if not isinstance(shape, TensorShape):
        raise TypeError(
            f"Expected shape to be a TypeSpec or TensorShape, got {shape!r}"
        )
    return shape


def _of_sparse(value: SparseTensor, shape: Any) -> list[TensorShape]:
    if shape is None:
        rank = value.shape.ndims
    else:
        if _checked(shape).ndims not in (None, 1):
            raise ValueError("Expected a shape with 1 dimension")
        rank = shape[0].value
    return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]


def _of_slices(value: IndexedSlices, shape: Any) -> list[TensorShape]:
    if shape is None:
        rows = value.indices.shape.merge_with(value.values.shape[:1])
        whole = unknown_shape(1).concatenate(value.values.shape[1:])
        if value.dense_shape is not None:
            whole = whole.merge_with(static_shape(value.dense_shape))
    else:
        rows = _checked(shape)[:1]
        whole = unknown_shape(1).concatenate(shape[1:])
    rows = rows.with_rank(1)
    found = [rows.concatenate(whole[1:]), rows]
    if value.dense_shape is not None:
        found.append(TensorShape([whole.ndims]))
    return found
