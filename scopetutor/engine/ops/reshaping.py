"""Operations that give the same elements in another shape or order of axes.

After array, before joining. TF 1.15: only `transpose` moves elements; the others are
the same array, looked at otherwise.
"""

from __future__ import annotations

import builtins
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, deprecation, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, joining, ranks, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _reshape_shape(op: Operation) -> list[Dims]:
    old, new = op._inputs[0]._dims, shape_inference.sizes(op, 1)
    if new is None or old is None:
        return [new]
    gap_old = [i for i, size in enumerate(old) if size is None]
    gap_new = [i for i, size in enumerate(new) if size is None]
    if len(gap_old) > 1 or len(gap_new) > 1:
        return [new]
    count_old = math.prod(size for size in old if size is not None)
    count_new = math.prod(size for size in new if size is not None)
    filled = list(new)
    if not gap_old and not gap_new and count_old != count_new:
        raise ShapeError(
            f"Cannot reshape a tensor with {count_old} elements to shape "
            f"{dims_text(new)} ({count_new} elements)"
        )
    if gap_new and not gap_old and count_new > 0:
        filled[gap_new[0]] = rules.divide(count_old, count_new)
    elif gap_old and not gap_new and count_old:
        rules.divide(count_new, count_old)
    return [tuple(filled)]


def _rest_beside_zeros(shape: tuple[int, ...], sizes: list[int]) -> int:
    """TF 1.15: what is left for -1, if sizes of 0 do not count in either shape."""
    whole = math.prod(size for size in shape if size)
    return whole // math.prod(size for size in sizes if size > 0)


def _reshape_kernel(x: Array, new: Array) -> Any:
    if new.ndim != 1:
        shape = dims_text(new.shape)
        raise ranks.refusal(f"sizes input must be 1-D, not {shape}")
    sizes = new.tolist()
    x = np.asarray(x)
    if sizes.count(-1) > 1:
        raise InvalidArgumentError(
            None,
            None,
            "Only one input size may be -1, not both "
            f"{sizes.index(-1)} and {sizes.index(-1, sizes.index(-1) + 1)}",
        )
    for place, size in enumerate(sizes):
        if size < -1:
            raise InvalidArgumentError(
                None, None, f"Size {place} must be non-negative, not {size}"
            )
    if 0 in sizes and -1 in sizes:
        sizes[sizes.index(-1)] = _rest_beside_zeros(x.shape, sizes)
    try:
        return x.reshape(sizes)
    except ValueError:
        known = math.prod(size for size in sizes if size != -1)
        if -1 in sizes:
            raise InvalidArgumentError(
                None,
                None,
                f"Input to reshape is a tensor with {x.size} values, but the requested "
                f"shape requires a multiple of {known}",
            ) from None
        raise InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {x.size} values, but the requested "
            f"shape has {known}",
        ) from None


define(
    "Reshape",
    shape=_reshape_shape,
    kernel=_reshape_kernel,
    gradient="array_gradients.reshape",
)


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Any:
    """The same elements in another shape; -1 for the size that remains."""
    return apply("Reshape", tensor, shape, name=name)


def _expand_dims_shape(op: Operation) -> list[Dims]:
    dims, axis = op._inputs[0]._dims, shape_inference.value(op, 1)
    if axis is not None and axis.size != 1:
        raise ShapeError("'dim' input must be a tensor with a single value")
    if dims is None or axis is None:
        return [None]
    place = int(axis.reshape(-1)[0])
    if not -1 - len(dims) <= place <= len(dims):
        raise ShapeError(
            f"dim {place} not in the interval [{-1 - len(dims)}, {len(dims)}]."
        )
    place = place + len(dims) + 1 if place < 0 else place
    return [(*dims[:place], 1, *dims[place:])]


def _expand_dims_kernel(x: Array, axis: Array) -> Any:
    if axis.size != 1:
        problem = "'dim' must be a tensor with a single value"
        raise InvalidArgumentError(None, None, problem)
    place, rank = axis.item(), np.ndim(x)
    if not -rank - 1 <= place <= rank:
        raise InvalidArgumentError(
            None,
            None,
            f"Tried to expand dim index {place} for tensor with {rank} dimensions.",
        )
    return np.expand_dims(x, place)


define(
    "ExpandDims",
    shape=_expand_dims_shape,
    kernel=_expand_dims_kernel,
    gradient="array_gradients.reshape",
)


@takes_ragged("input")
def _expanded(input: Any, axis: Any, name: str | None) -> Any:
    return apply("ExpandDims", input, axis, name=name)


@takes_ragged("input")
def expand_dims(
    input: Any, axis: Any = None, name: str | None = None, dim: Any = None
) -> Any:
    """A tensor with one more axis, of size 1."""
    if dim is not None:
        deprecation.warn_argument(
            "expand_dims", "array_ops", "dim", "Use the `axis` argument instead"
        )
    axis = deprecation.either("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return _expanded(input, axis, name)


def _squeeze_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    wanted = op._attrs["squeeze_dims"]
    if dims is None:
        return [None]
    for place in wanted:
        if not -len(dims) <= place < len(dims):
            raise ShapeError(
                f"squeeze_dims[{wanted.index(place)}] not in "
                f"[{-len(dims)},{len(dims)})."
            )
    places = {place % len(dims) for place in wanted}
    if not wanted and None in dims:
        return [None]
    kept: list[int | None] = []
    for i, length in enumerate(dims):
        if wanted and i in places:
            if length not in (1, None):
                raise ShapeError(
                    f"Can not squeeze dim[{i}], expected a dimension of 1, got {length}"
                )
        elif wanted or length != 1:
            kept.append(length)
    return [tuple(kept)]


def _squeeze_kernel(op: Operation) -> Callable[[Array], Any]:
    places = tuple(op._attrs["squeeze_dims"]) or None

    def kernel(x: Array) -> Any:
        for place in places or ():
            if not -x.ndim <= place < x.ndim:
                raise InvalidArgumentError(
                    None,
                    op,
                    f"Tried to squeeze dim index {place} for tensor with {x.ndim} "
                    "dimensions.",
                )
        try:
            return np.squeeze(x, places)
        except ValueError:
            bad = next(i for i in places or () if x.shape[i] != 1)
            raise InvalidArgumentError(
                None,
                op,
                f"Can not squeeze dim[{bad % x.ndim}], expected a dimension of 1, got "
                f"{x.shape[bad]}",
            ) from None

    return kernel


define(
    "Squeeze",
    shape=_squeeze_shape,
    build=_squeeze_kernel,
    gradient="array_gradients.squeeze",
)


@takes_ragged("input")
def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Any:
    """A tensor without its axes of size 1, or without some of them."""
    if squeeze_dims is not None:
        deprecation.warn_argument(
            "squeeze", "array_ops", "squeeze_dims", "Use the `axis` argument instead"
        )
    axis = deprecation.either("axis", axis, "squeeze_dims", squeeze_dims)
    if np.isscalar(axis):
        axis = [axis]
    return apply("Squeeze", input, squeeze_dims=axis, name=name)


def _transpose_shape(op: Operation) -> list[Dims]:
    dims, perm_dims = op._inputs[0]._dims, op._inputs[1]._dims
    perm = shape_inference.value(op, 1)
    count = rules.elements(perm_dims)
    if dims is None and count is None:
        return [None]
    rank = count if dims is None else len(dims)
    assert rank is not None
    if dims is None and rank < 2:
        return [None]
    dims = rules.with_rank(dims, rank)
    rules.with_rank(perm_dims, 1)
    if count is not None and count != rank:
        raise ShapeError(f"Dimension must be {rank} but is {count}")
    if perm is None:
        return [(None,) * rank]
    order = perm.tolist()
    for place in order:
        if not -rank <= place < rank:  # TF 1.15: those below 0 are refused in a run
            raise ShapeError(f"perm dim {place} is out of range of input rank {rank}")
    return [tuple(dims[place] for place in order)]


def _turned(x: Array, perm: Array) -> Any:
    if perm.ndim != 1:
        problem = f"perm must be a vector, not {dims_text(perm.shape)}"
        raise InvalidArgumentError(None, None, problem)
    order = perm.tolist()
    try:
        if min(order, default=0) < 0:
            raise ValueError
        return np.transpose(x, order)
    except ValueError:
        raise InvalidArgumentError(None, None, _bad_order(np.ndim(x), order)) from None


def _bad_order(rank: int, order: list[int]) -> str:
    if len(order) != rank:
        return (
            f"transpose expects a vector of size {rank}. But input(1) is a vector of "
            f"size {len(order)}"
        )
    far = [axis for axis in order if not 0 <= axis < rank]
    if far:
        return f"{far[0]} is out of range [0 .. {rank})"
    missing = next(axis for axis in range(rank) if axis not in order)
    return f"{missing} is missing from {{{','.join(map(str, order))}}}."


define(
    "Transpose",
    shape=_transpose_shape,
    kernel=_turned,
    gradient="array_gradients.transpose",
)
define(
    "ConjugateTranspose",
    shape=_transpose_shape,
    kernel=lambda x, perm: np.conj(_turned(x, perm)),
    gradient="array_gradients.conjugate_transpose",
)


def transpose(
    a: Any,
    perm: Any = None,
    name: str | None = "transpose",
    conjugate: builtins.bool = False,
) -> Any:
    """A tensor with its axes in another order; reversed, if none is said."""
    with name_scope(name, "transpose", [a]) as scope:
        op_type = "Transpose"
        if conjugate and a.dtype.is_complex:
            op_type = "ConjugateTranspose"
        if perm is not None:
            return apply(op_type, a, perm, name=scope)
        a = convert_to_tensor(a, name="a")
        if not a._dims:
            axes = apply("Rank", a)
            perm = (axes - 1) - apply("Range", 0, axes, 1)
        else:
            # TF 1.15 computes this one in the graph too.
            axes = len(a._dims)
            perm = (axes - 1) - np.arange(axes)
        result = apply(op_type, a, perm, name=scope)
        if not defaults.state.eager and a._dims is not None:
            result.set_shape(a._dims[::-1])
        return result


def matrix_transpose(
    a: Any, name: str = "matrix_transpose", conjugate: builtins.bool = False
) -> Any:
    """A batch of matrices, each transposed."""
    with name_scope(name, values=[a]):
        a = convert_to_tensor(a, name="a")
        if a._dims is None:
            axes = array.rank(a)
            front = apply("Range", 0, axes - 2, 1)
            return transpose(
                a, joining.concat((front, [axes - 1, axes - 2]), 0), conjugate=conjugate
            )
        axes = len(a._dims)
        if axes < 2:
            raise ValueError(
                "Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: "
                f"{a.shape}"
            )
        perm = [*builtins.range(axes - 2), axes - 1, axes - 2]
        return transpose(a, perm=perm, conjugate=conjugate)
