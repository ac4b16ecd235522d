"""Reductions: one number of all along some axes, as `tf.reduce_sum` has it.

After elementwise and ranges; ``math.py`` gathers it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .casting import cast
from .elementwise import exp, is_finite, log, sqrt, square, subtract, truncate_divide
from .ranges import range_

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


def _reduce(function: Callable[..., Any], *, typed: bool = False) -> Any:
    """A builder of kernels that reduce along the axes of their second input."""

    def build(op: Operation) -> Callable[[Array, Array], Any]:
        keep = op._attrs["keep_dims"]

        def kernel(x: Array, axes: Array) -> Any:
            axis = _places(x.ndim, axes)
            if typed:
                return function(x, axis=axis, keepdims=keep, dtype=x.dtype)
            return function(x, axis=axis, keepdims=keep)

        return kernel

    return build


def _places(rank: int, axes: Array) -> tuple[int, ...]:
    """The axes to reduce along, from 0; said twice is said once, as in TF 1.15."""
    given = axes.reshape(-1).tolist()
    for axis in given:
        if not -rank <= axis < rank:
            raise InvalidArgumentError(
                None,
                None,
                f"Invalid reduction dimension ({axis} for input with {rank} "
                "dimension(s)",
            )
    return tuple({axis % rank for axis in given})


_added_up: Callable[..., Any] = np.add.reduce
_EXACT = 1 << 24  # up to here, whole numbers are float32 numbers


def _mean(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
    count = math.prod([x.shape[i] for i in axis])
    if x.dtype.kind in "iu":  # TF 1.15: the sum, cut towards zero
        total = np.sum(x, axis=axis, keepdims=keepdims, dtype=x.dtype)
        return truncate_divide(np.asarray(total), np.asarray(count, x.dtype))
    if x.dtype.char in "fd" and count < _EXACT:
        # What np.mean does, in a third of the time for a small array.
        total = _added_up(x, axis=axis, keepdims=keepdims, dtype=x.dtype)
        return total / x.dtype.type(count)
    return np.mean(x, axis=axis, keepdims=keepdims, dtype=x.dtype)


def _extreme(function: Callable[..., Any], *, lowest: bool) -> Callable[..., Any]:
    """Max or min; of nothing, the lowest or highest number there is."""

    def kernel(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
        if x.size:
            return function(x, axis=axis, keepdims=keepdims)
        if x.dtype.kind == "f":
            initial = -np.inf if lowest else np.inf
        else:
            limits = np.iinfo(x.dtype)
            initial = limits.min if lowest else limits.max
        return function(x, axis=axis, keepdims=keepdims, initial=initial)

    return kernel


def _euclidean_norm(x: Array, axis: tuple[int, ...], keepdims: bool) -> Any:
    squares = np.square(np.abs(x))
    return np.sqrt(np.sum(squares, axis=axis, keepdims=keepdims)).astype(x.dtype)


for _type, _build, _slope in (
    ("Sum", _reduce(_added_up, typed=True), "reduction_gradients.sum_"),
    ("Prod", _reduce(np.prod, typed=True), "reduction_gradients.prod"),
    ("Mean", _reduce(_mean), "reduction_gradients.mean"),
    ("Max", _reduce(_extreme(np.max, lowest=True)), "reduction_gradients.extreme"),
    ("Min", _reduce(_extreme(np.min, lowest=False)), "reduction_gradients.extreme"),
    ("All", _reduce(np.all), ""),
    ("Any", _reduce(np.any), ""),
    ("EuclideanNorm", _reduce(_euclidean_norm), None),
):
    define(_type, shape=rules.reduction, build=_build, gradient=_slope)


def _axes(tensor: Any, axis: Any) -> Any:
    """The axes to reduce along; all of them if none are said."""
    if axis is not None:
        return axis
    rank = _rank_of(tensor)
    if rank is not None:
        return constants.constant(np.arange(rank), dtype=dtypes.int32)
    from . import array  # noqa: PLC0415 - built on this module

    return range_(0, array.rank(tensor))


def _rank_of(tensor: Any) -> int | None:
    """The static rank; TF 1.15 knows it of tensors only, not of variables or lists."""
    from scopetutor.engine.operation import Tensor  # noqa: PLC0415 - for isinstance only
    from scopetutor.engine.sparse import SparseTensor  # noqa: PLC0415 - for isinstance

    if isinstance(tensor, SparseTensor):
        rank: int | None = tensor.dense_shape.shape[0].value
        return rank
    return tensor._rank() if isinstance(tensor, Tensor) else None


@takes_ragged("tensor")
def reduce(op_type: str, tensor: Any, axis: Any, keepdims: Any, name: Any) -> Any:
    """Reduces a tensor; along all axes if none are said."""
    keepdims = False if keepdims is None else keepdims
    result = apply(op_type, tensor, _axes(tensor, axis), keep_dims=keepdims, name=name)
    if axis is None and not keepdims and (result._dims is None or None in result._dims):
        result.set_shape(())
    return result


def _reduction(
    op_type: str, function: str, *, warns: bool = True
) -> Callable[..., Any]:
    def reduce_(
        input_tensor: Any,
        axis: Any = None,
        keepdims: Any = None,
        name: str | None = None,
        reduction_indices: Any = None,
        keep_dims: Any = None,
    ) -> Any:
        if keep_dims is not None and warns:
            deprecation.warn_argument(
                f"{function}_v1",
                "math_ops",
                "keep_dims",
                "keep_dims is deprecated, use keepdims instead",
            )
        axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
        keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
        return reduce(op_type, input_tensor, axis, keepdims, name)

    reduce_.__name__ = reduce_.__qualname__ = function
    reduce_.__doc__ = f"{op_type} of the elements along axes; of all, if none are said."
    return reduce_


reduce_sum = _reduction("Sum", "reduce_sum")
reduce_mean = _reduction("Mean", "reduce_mean", warns=False)
reduce_prod = _reduction("Prod", "reduce_prod")
reduce_max = _reduction("Max", "reduce_max")
reduce_min = _reduction("Min", "reduce_min")
reduce_all = _reduction("All", "reduce_all")
reduce_any = _reduction("Any", "reduce_any")


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: Any = None
) -> Any:
    """The root of the sum of squares along axes; it has no gradient."""
    return reduce("EuclideanNorm", input_tensor, axis, keepdims, name)


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: Any = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
) -> Any:
    """log(sum(exp(x))) along axes, without overflow."""
    from . import array, gathering, reshaping  # noqa: PLC0415 - built on this module

    axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
    keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    keepdims = False if keepdims is None else keepdims
    x = convert_to_tensor(input_tensor)
    with name_scope(name, "ReduceLogSumExp", [x]):
        raw_max = reduce("Max", x, axis, True, None)
        finite = gathering.where_no_warning(
            is_finite(raw_max), raw_max, array.zeros_like(raw_max)
        )
        my_max = apply("StopGradient", finite)
        sums = reduce("Sum", exp(subtract(x, my_max)), axis, keepdims, None)
        result = log(sums)
        if not keepdims:
            my_max = reshaping.reshape(my_max, array.shape(result))
        result = apply("Add", result, my_max)
        if axis is None and not keepdims and result._dims != ():
            result.set_shape(())
        return result


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: Any = None
) -> Any:
    """The variance along axes."""
    with name_scope(name or "reduce_variance"):
        means = reduce("Mean", input_tensor, axis, True, None)
        deviations = square(input_tensor - means)
        return reduce("Mean", deviations, axis, keepdims, None)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: Any = None
) -> Any:
    """The standard deviation along axes."""
    with name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis, keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: Any = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: Any = None,
    input: Any = None,
) -> Any:
    """How many elements are not zero, along axes."""
    from . import array  # noqa: PLC0415 - built on this module

    keepdims = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    tensor = deprecation.either("input", input, "input_tensor", input_tensor)
    axis = deprecation.either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "count_nonzero", [tensor]):
        tensor = convert_to_tensor(tensor, name="input")
        zero = array.zeros([], dtype=tensor.dtype)
        ones = cast(apply("NotEqual", tensor, zero), dtypes.int64)
        return cast(reduce("Sum", ones, axis, keepdims, None), dtype)


name_functions(
    globals(),
    reduce_all="reduce_all_v1",
    reduce_any="reduce_any_v1",
    reduce_logsumexp="reduce_logsumexp_v1",
    reduce_max="reduce_max_v1",
    reduce_mean="reduce_mean_v1",
    reduce_min="reduce_min_v1",
    reduce_prod="reduce_prod_v1",
    reduce_sum="reduce_sum_v1",
)
