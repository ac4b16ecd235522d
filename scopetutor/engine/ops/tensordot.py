"""`tf.tensordot`: a sum of products over some axes of two tensors.

After math and reshaping. TF 1.15 makes two matrices of the tensors, multiplies them and
gives the result its shape; what is known of the shapes is computed in Python.
"""

from __future__ import annotations

import math as math_module
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import name_scope

from . import array, joining, math
from .gathering import gather, where
from .reshaping import reshape, transpose
from .sorting import setdiff1d


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Any:
    """The sum of products over some axes.

    Args:
        a: a tensor.
        b: of the same type.
        axes: how many last axes of a and first ones of b; or [axes of a, axes of b].
        name: of the name scope.

    Returns:
        A tensor with the other axes of a, then those of b.

    Raises:
        ValueError: the axes do not fit.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        a_axes, b_axes = _axes_of_both(a, axes)
        a_matrix, a_free, a_static = _as_matrix(a, a_axes, flipped=False)
        b_matrix, b_free, b_static = _as_matrix(b, b_axes, flipped=True)
        product = math.matmul(a_matrix, b_matrix)
        if isinstance(a_free, list) and isinstance(b_free, list):
            return reshape(product, a_free + b_free, name=scope)
        a_free = convert_to_tensor(a_free, dtype=dtypes.int32)
        b_free = convert_to_tensor(b_free, dtype=dtypes.int32)
        result = reshape(product, joining.concat([a_free, b_free], 0), name=scope)
        if a_static is not None and b_static is not None:
            result.set_shape(a_static + b_static)
        return result


def _axes_of_both(a: Tensor, axes: Any) -> tuple[Any, Any]:
    """The axes of a and of b that are summed over."""
    if isinstance(axes, int):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        rank = a.get_shape().ndims
        if rank is not None:
            if axes > rank:
                raise ValueError(
                    "'axes' must not be larger than the number of dimensions of tensor "
                    f"{a}."
                )
            return list(range(rank - axes, rank)), list(range(axes))
        rank_later = array.rank(a)
        return (
            math.range_(rank_later - axes, rank_later, dtype=dtypes.int32),
            math.range_(axes, dtype=dtypes.int32),
        )
    if isinstance(axes, (list, tuple)):
        if len(axes) != 2:
            raise ValueError("'axes' must be an integer or have length 2.")
        a_axes, b_axes = axes
        if isinstance(a_axes, int):
            a_axes = [a_axes]
        if isinstance(b_axes, int):
            b_axes = [b_axes]
        if len(a_axes) != len(b_axes):
            raise ValueError(
                f"Different number of contraction axes 'a' and 'b', {len(a_axes)} != "
                f"{len(b_axes)}."
            )
        return a_axes, b_axes
    axes = convert_to_tensor(axes, name="axes", dtype=dtypes.int32)
    return axes[0], axes[1]


def _as_matrix(
    tensor: Tensor, axes: Any, *, flipped: bool
) -> tuple[Any, Any, list[int | None] | None]:
    """The tensor as a matrix: [free axes, summed axes], or the other way round.

    Returns:
        The matrix, the sizes of the free axes (a list or a tensor), and what is known
        of them before the graph runs.
    """
    shape = tensor.get_shape()
    listed = isinstance(axes, (list, tuple))
    if not listed or shape.ndims is None:
        return (*_as_matrix_later(tensor, axes, flipped), None)
    sizes = shape.as_list()
    axes = [axis if axis >= 0 else axis + len(sizes) for axis in axes]
    free = [axis for axis in range(len(sizes)) if axis not in axes]
    free_sizes = [sizes[axis] for axis in free]
    if not shape.is_fully_defined():
        axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
        free = convert_to_tensor(free, dtype=dtypes.int32, name="free")
        return (
            *_arranged(tensor, array.shape(tensor), axes, free, flipped),
            free_sizes,
        )
    free_count = math_module.prod(free_sizes)
    count = math_module.prod(sizes[axis] for axis in axes)
    order = axes + free if flipped else free + axes
    new = [count, free_count] if flipped else [free_count, count]
    return reshape(transpose(tensor, order), new), free_sizes, free_sizes


def _as_matrix_later(tensor: Tensor, axes: Any, flipped: bool) -> tuple[Any, Any]:
    """As above, where the rank or the axes are not known yet."""
    shape = array.shape(tensor)
    rank = array.rank(tensor)
    axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
    axes = where(axes >= 0, axes, axes + rank)
    free, _ = setdiff1d(math.range_(rank), axes)
    return _arranged(tensor, shape, axes, free, flipped)


def _arranged(
    tensor: Tensor, shape: Any, axes: Any, free: Any, flipped: bool
) -> tuple[Any, Any]:
    free_sizes = gather(shape, free)
    sizes = gather(shape, axes)
    free_count = math.reduce_prod(free_sizes)
    count = math.reduce_prod(sizes)
    order = joining.concat([axes, free] if flipped else [free, axes], 0)
    new = joining.stack([count, free_count] if flipped else [free_count, count])
    return reshape(transpose(tensor, order), new), free_sizes
