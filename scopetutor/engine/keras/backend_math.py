"""`tf.keras.backend`: arithmetic, comparisons, sums and products.

After ``backend_tensors.py``; most are the functions of `tf` with keras's arguments and
names. Layers that merge their inputs use `batch_dot`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.ops import array, math, reductions
from scopetutor.engine.ops.clip import clip_by_value
from scopetutor.engine.ops.joining import concat, unstack
from scopetutor.engine.ops.normalize import l2_normalize as tf_l2_normalize
from scopetutor.engine.ops.reshaping import expand_dims, reshape, squeeze, transpose
from scopetutor.engine.ops.sparse_math import sparse_tensor_dense_matmul

from .backend_tensors import is_sparse
from .settings import floatx

# -- products --------------------------------------------------------------------------


def dot(x: Any, y: Any) -> Any:
    """The product of matrices; of more axes, along the last and the last but one."""
    rank, other = x.shape.ndims, y.shape.ndims
    if rank is not None and (rank > 2 or other > 2):
        x_sizes, y_sizes = _sizes(x), _sizes(y)
        flat = reshape(x, [-1, x_sizes[-1]])
        axes = list(range(other))
        axes = [axes.pop(-2), *axes]
        matrix = reshape(transpose(y, perm=axes), [y_sizes[-2], -1])
        shape = x_sizes[:-1] + y_sizes[:-2] + y_sizes[-1:]
        return reshape(math.matmul(flat, matrix), shape)
    if is_sparse(x):
        return sparse_tensor_dense_matmul(x, y)
    return math.matmul(x, y)


def _sizes(x: Any) -> tuple[Any, ...]:
    """A shape; unknown sizes as tensors."""
    tensors = unstack(array.shape(x))
    known = x.shape.as_list()
    return tuple(
        one if size is None else size for size, one in zip(known, tensors, strict=True)
    )


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """The products of each example of two batches, summed up along an axis of each.

    Args:
        x: [batch, ...].
        y: [batch, ...].
        axes: one for both, or one for each; None: the last of x, the last but one of y.
    """
    if isinstance(axes, int):
        axes = (axes, axes)
    x_rank, y_rank = x.shape.ndims, y.shape.ndims
    axes = [x_rank - 1, y_rank - 2] if axes is None else axes
    missing = x_rank - y_rank if x_rank > y_rank else y_rank - x_rank
    if x_rank > y_rank:
        y = _with_ones(y, missing)
    elif y_rank > x_rank:
        x = _with_ones(x, missing)
    if x.shape.ndims == y.shape.ndims == 2:
        left = x if axes[0] == axes[1] else transpose(x, [1, 0])
        axis = axes[0] if axes[0] == axes[1] else axes[1]
        found = math.reduce_sum(math.multiply(left, y), axis)
    else:
        found = math.matmul(
            x,
            y,
            adjoint_a=axes[0] != x.shape.ndims - 1,
            adjoint_b=axes[1] == y.shape.ndims - 1,
        )
    if missing:
        first = x_rank + y_rank - 3 if x_rank > y_rank else x_rank - 1
        found = squeeze(found, list(range(first, first + missing)))
    return expand_dims(found, 1) if found.shape.ndims == 1 else found


def _with_ones(x: Any, count: int) -> Any:
    """With so many further axes of one number."""
    return reshape(x, concat([array.shape(x), [1] * count], axis=0))


# -- along axes ------------------------------------------------------------------------


def _as_number(x: Any) -> Any:
    return math.cast(x, floatx()) if x.dtype.base_dtype.name == "bool" else x


def max(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The largest number."""
    return math.reduce_max(x, axis, keepdims)


def min(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The smallest number."""
    return math.reduce_min(x, axis, keepdims)


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The sum."""
    return math.reduce_sum(x, axis, keepdims)


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The product."""
    return math.reduce_prod(x, axis, keepdims)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The mean; of truths, the share of True."""
    return math.reduce_mean(_as_number(x), axis, keepdims)


def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The variance."""
    return reductions.reduce_variance(_as_number(x), axis=axis, keepdims=keepdims)


def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The standard deviation."""
    return reductions.reduce_std(_as_number(x), axis=axis, keepdims=keepdims)


def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Whether a number is not 0."""
    return math.reduce_any(math.cast(x, "bool"), axis, keepdims)


def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Whether no number is 0."""
    return math.reduce_all(math.cast(x, "bool"), axis, keepdims)


def argmax(x: Any, axis: int = -1) -> Any:
    """The place of the largest number."""
    return math.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Any:
    """The place of the smallest number."""
    return math.argmin(x, axis)


def cumsum(x: Any, axis: int = 0) -> Any:
    """The sums up to each place."""
    return math.cumsum(x, axis=axis)


def cumprod(x: Any, axis: int = 0) -> Any:
    """The products up to each place."""
    return math.cumprod(x, axis=axis)


def l2_normalize(x: Any, axis: Any = None) -> Any:
    """Vectors of length 1."""
    return tf_l2_normalize(x, axis=axis)


# -- number by number ------------------------------------------------------------------


def square(x: Any) -> Any:
    """The square."""
    return math.square(x)


def abs(x: Any) -> Any:
    """The size."""
    return math.abs(x)


def sqrt(x: Any) -> Any:
    """The square root; 0 of what is below 0."""
    kind = x.dtype.base_dtype
    zero, most = constants.constant(0.0, kind), constants.constant(np.inf, kind)
    return math.sqrt(clip_by_value(x, zero, most))


def exp(x: Any) -> Any:
    """The exponential function."""
    return math.exp(x)


def log(x: Any) -> Any:
    """The natural logarithm."""
    return math.log(x)


def round(x: Any) -> Any:
    """The nearest whole number, of two the even one."""
    return math.round(x)


def sign(x: Any) -> Any:
    """-1, 0 or 1."""
    return math.sign(x)


def pow(x: Any, a: Any) -> Any:
    """The power."""
    return math.pow(x, a)


def sin(x: Any) -> Any:
    """The sine."""
    return math.sin(x)


def cos(x: Any) -> Any:
    """The cosine."""
    return math.cos(x)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """The number, or the limit that it is beyond."""
    if max_value is not None and max_value < min_value:
        max_value = min_value
    kind = x.dtype.base_dtype
    low = constants.constant(min_value, kind)
    high = constants.constant(np.inf if max_value is None else max_value, kind)
    return clip_by_value(x, low, high)


def maximum(x: Any, y: Any) -> Any:
    """The larger one."""
    return math.maximum(x, y)


def minimum(x: Any, y: Any) -> Any:
    """The smaller one."""
    return math.minimum(x, y)


def equal(x: Any, y: Any) -> Any:
    """Whether they are equal."""
    return math.equal(x, y)


def not_equal(x: Any, y: Any) -> Any:
    """Whether they differ."""
    return math.not_equal(x, y)


def greater(x: Any, y: Any) -> Any:
    """Whether the first is larger."""
    return math.greater(x, y)


def greater_equal(x: Any, y: Any) -> Any:
    """Whether the second is not larger."""
    return math.greater_equal(x, y)


def less(x: Any, y: Any) -> Any:
    """Whether the first is smaller."""
    return math.less(x, y)


def less_equal(x: Any, y: Any) -> Any:
    """Whether the second is not smaller."""
    return math.less_equal(x, y)


def cast(x: Any, dtype: Any) -> Any:
    """The same numbers in another type."""
    return math.cast(x, dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = "int32") -> Any:
    """Numbers from start to stop, a step apart."""
    if stop is None and start < 0:
        start = 0
    found = math.range_(start, limit=stop, delta=step, name="arange")
    return found if dtype == "int32" else math.cast(found, dtype)
