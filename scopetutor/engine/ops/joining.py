"""Operations that make one tensor of several, or several of one.

After reshaping, before slicing. TF 1.15: the operations are called otherwise than the
functions: Pack, Unpack, ConcatV2, Split and SplitV.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dispatch import takes_ragged
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import ranks, rules
from .array import identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _pack_shape(op: Operation) -> list[Dims]:
    dims: Dims = op._inputs[-1]._dims
    for i in reversed(builtins.range(len(op._inputs) - 1)):
        try:
            dims = rules.merge(op._inputs[i]._dims, dims)
        except ShapeError as error:
            raise ShapeError(
                f"{error}\n\tFrom merging shape {i} with other shapes."
            ) from None
    if dims is None:
        return [None]
    axis = op._attrs["axis"]
    if not -len(dims) - 1 <= axis <= len(dims):
        raise ShapeError(
            f"Invalid axis: {axis}; must be in [{-len(dims) - 1},{len(dims) + 1})"
        )
    place = axis % (len(dims) + 1)
    return [(*dims[:place], len(op._inputs), *dims[place:])]


def _pack_kernel(op: Operation) -> Callable[..., Any]:
    axis = op._attrs["axis"]

    def kernel(*values: Array) -> Any:
        first = np.asarray(values[0]).shape
        for i, value in enumerate(values):
            if np.asarray(value).shape != first:
                raise InvalidArgumentError(
                    None,
                    op,
                    "Shapes of all inputs must match: values[0].shape = "
                    f"{dims_text(first)} != values[{i}].shape = "
                    f"{dims_text(np.asarray(value).shape)}",
                )
        if not -len(first) - 1 <= axis <= len(first):
            count = len(first) + 1
            raise InvalidArgumentError(
                None, op, f"axis = {axis} not in [{-count}, {count})"
            )
        return np.stack(values, axis)

    return kernel


define("Pack", shape=_pack_shape, build=_pack_kernel, gradient="array_gradients.pack")


@takes_ragged("[values]")
def stack(values: Any, axis: int = 0, name: str | None = "stack") -> Any:
    """Tensors of one shape as the rows of one more axis."""
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass
    dims = convert_to_tensor(values[0], name=name)._shape_tuple()
    if dims is not None:
        axes = len(dims) + 1
        if axis < -axes or axis >= axes:
            raise ValueError(f"axis = {axis} not in [{-axes}, {axes})")
    return apply("Pack", values, axis=axis, name=name)


def _unpack_shape(op: Operation) -> list[Dims]:
    dims, axis, num = op._inputs[0]._dims, op._attrs["axis"], op._attrs["num"]
    if dims is None:
        return [None] * num
    if not -len(dims) <= axis < len(dims):
        raise ShapeError(f"Invalid axis: {axis}; must be in [{-len(dims)},{len(dims)})")
    place = axis % len(dims)
    if dims[place] not in (None, num):
        raise ShapeError(f"Dimension must be {num} but is {dims[place]}")
    return [dims[:place] + dims[place + 1 :]] * num


def _unpack_kernel(op: Operation) -> Callable[[Array], Any]:
    axis, num = op._attrs["axis"], op._attrs["num"]

    def kernel(x: Array) -> Any:
        rank = x.ndim
        if not -rank <= axis < rank:
            problem = f"axis = {axis} not in [{-rank}, {rank})"
            raise InvalidArgumentError(None, op, problem)
        place = axis % rank
        parts = list(x.transpose(place, *range(place), *range(place + 1, rank)))
        if len(parts) != num:
            raise InvalidArgumentError(
                None,
                op,
                f"Input shape axis {place} must equal {num}, got shape "
                f"{dims_text(x.shape)}",
            )
        return parts if num > 1 else parts[0] if num else []

    return kernel


define(
    "Unpack",
    shape=_unpack_shape,
    build=_unpack_kernel,
    gradient="array_gradients.unpack",
)


def unstack(
    value: Any, num: Any = None, axis: int = 0, name: str | None = "unstack"
) -> Any:
    """The rows along an axis as a list of tensors."""
    if num is None:
        value = convert_to_tensor(value)
        dims = value._dims
        if dims is not None:
            if not -len(dims) <= axis < len(dims):
                raise ValueError(f"axis = {axis} not in [{-len(dims)}, {len(dims)})")
            num = dims[axis]
    if num is None:
        raise ValueError(f"Cannot infer num from shape {value.shape}")
    parts = apply("Unpack", value, num=num, axis=axis, name=name)
    return parts if num else []


def _concat_shape(op: Operation) -> list[Dims]:
    values = [taken._dims for taken in op._inputs[:-1]]
    return [joined_shape(op, values, len(values))]


def joined_shape(op: Operation, values: list[Dims], index: int) -> Dims:
    """The shape of values joined along an axis that an input of an operation says."""
    rules.with_rank(op._inputs[index]._dims, 0)
    axis = shape_inference.value(op, index)
    if axis is None:
        return _joined_rank(values)
    place = int(axis)
    joined = _checked_rank(values[-1], place)
    for dims in reversed(values[:-1]):
        joined = _join(_checked_rank(dims, place), joined, place)
    return joined


def _joined_rank(values: list[Dims]) -> Dims:
    """What is known of the result while the axis is not known."""
    rank = next((len(dims) for dims in values if dims is not None), None)
    if rank is None:
        return None
    if rank == 0:
        raise ShapeError("Can't concatenate scalars (use tf.stack instead)")
    for dims in values:
        rules.with_rank(dims, rank)
    return (None,) * rank


def _checked_rank(dims: Dims, axis: int) -> Dims:
    return rules.at_least_rank(dims, -axis if axis < 0 else axis + 1)


def _join(one: Dims, other: Dims, axis: int) -> Dims:
    """The shape of two tensors joined: all sizes but one are the same."""
    if one is None or other is None:
        known = other if one is None else one
        return None if known is None else _with_size(known, axis, None)
    before = rules.merge(one[:axis], other[:axis])
    lengths = one[axis], other[axis]
    length = None if None in lengths else sum(lengths)  # type: ignore[arg-type]
    end = axis + 1 or None
    after = () if end is None else rules.merge(one[end:], other[end:])
    assert before is not None
    assert after is not None
    return (*before, length, *after)


def _with_size(
    dims: tuple[int | None, ...], axis: int, size: int | None
) -> tuple[int | None, ...]:
    axis %= len(dims)
    return (*dims[:axis], size, *dims[axis + 1 :])


def _concat_kernel(*values: Array) -> Any:
    axis, rank = int(values[-1]), np.ndim(values[0])
    if not -rank <= axis < rank:
        raise InvalidArgumentError(
            None,
            None,
            "ConcatOp : Expected concatenating dimensions in the range "
            f"[{-rank}, {rank}), but got {axis}",
        )
    try:
        return np.concatenate(values[:-1], axis)
    except ValueError:
        texts = [dims_text(np.asarray(value).shape) for value in values[:-1]]
        odd = next(i for i, text in enumerate(texts) if text != texts[0])
        ranks = len({np.ndim(value) for value in (values[0], values[odd])}) > 1
        what = "Ranks of all input tensors" if ranks else "Dimensions of inputs"
        raise InvalidArgumentError(
            None,
            None,
            f"ConcatOp : {what} should match: shape[0] = {texts[0]} vs. "
            f"shape[{odd}] = {texts[odd]}",
        ) from None


define(
    "ConcatV2",
    shape=_concat_shape,
    kernel=_concat_kernel,
    gradient="array_gradients.concat_v2",
)


@takes_ragged("[values]")
def concat(values: Any, axis: Any, name: str | None = "concat") -> Any:
    """Tensors joined along an axis they have."""
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with name_scope(name):
            place = convert_to_tensor(axis, dtypes.int32, name="concat_dim")
            place.get_shape().assert_has_rank(0)
            return identity(values[0], name=name)
    return apply("ConcatV2", values, axis, name=name)


def _split_shape(op: Operation) -> list[Dims]:
    num, dims = op._attrs["num_split"], op._inputs[1]._dims
    axis = _split_axis(op, 0, dims)
    if dims is None or axis is None:
        return [None if dims is None else (None,) * len(dims)] * num
    try:
        part = rules.divide(dims[axis], num)
    except ShapeError as error:
        raise ShapeError(
            f"{error}\n\tNumber of ways to split should evenly divide the split "
            "dimension"
        ) from None
    return [_with_size(dims, axis, part)] * num


def _split_axis(op: Operation, index: int, dims: Dims) -> int | None:
    """The axis to split along, from 0; None while it is not known."""
    axis = shape_inference.value(op, index)
    if axis is None:
        return None
    if axis.ndim:
        raise ShapeError(f"Input must be scalar but has rank {axis.ndim}")
    place = int(axis)
    if dims is None:
        return place if place >= 0 else None
    if not -len(dims) <= place < len(dims):
        raise ShapeError(
            f"Dimension size, given by scalar input {place} must be in range "
            f"[-{len(dims)}, {len(dims)})"
        )
    return place % len(dims)


def _cut(x: Array, lengths: list[int], axis: int) -> list[Array]:
    """An array in parts; np.split does the same in ten times the time."""
    before = (slice(None),) * (axis % x.ndim)
    parts, start = [], 0
    for length in lengths:
        parts.append(x[(*before, slice(start, start + length))])
        start += length
    return parts


def _split_place(rank: int, axis: Array) -> int:
    if axis.ndim:
        raise InvalidArgumentError(
            None, None, f"split_dim must be a scalar but has rank {axis.ndim}"
        )
    place = int(axis)
    if not -rank <= place < rank:
        raise InvalidArgumentError(
            None,
            None,
            f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {place}",
        )
    return place


# So many bytes are copied in less time than kernels lose on parts with gaps in memory.
_COPIED = 1 << 15


def _cut_evenly(x: Array, num: int, place: int) -> list[Array]:
    """An array in equal parts; those of a small one have no gaps."""
    length = x.shape[place] // num
    if x.ndim == 2 and place in (1, -1) and x.nbytes <= _COPIED:
        return list(x.reshape(len(x), num, length).transpose(1, 0, 2).copy())
    return _cut(x, [length] * num, place)


def _split_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    num = op._attrs["num_split"]

    def kernel(axis: Array, x: Array) -> Any:
        place = _split_place(x.ndim, axis)
        if x.shape[place] % num:
            raise InvalidArgumentError(
                None,
                op,
                "Number of ways to split should evenly divide the split dimension, but "
                f"got split_dim {place} (size = {x.shape[place]}) and num_split {num}",
            )
        return _cut_evenly(x, num, place) if num > 1 else x

    return kernel


define(
    "Split", shape=_split_shape, build=_split_kernel, gradient="array_gradients.split"
)


def _split_v_shape(op: Operation) -> list[Dims]:
    num, dims = op._attrs["num_split"], op._inputs[0]._dims
    sizes = shape_inference.value(op, 1)
    axis = _split_axis(op, 2, dims)
    if dims is None:
        return [None] * num
    if not dims:
        raise ShapeError("Can't split scalars")
    if sizes is None:
        parts = (None,) * len(dims) if axis is None else _with_size(dims, axis, None)
        return [parts] * num
    if axis is None:
        axis = len(dims) - 1  # TF 1.15 takes one that is not known for -1
    lengths = _split_lengths(sizes.tolist(), num, dims[axis])
    return [_with_size(dims, axis, length) for length in lengths]


def _split_lengths(sizes: list[int], num: int, total: int | None) -> list[int | None]:
    """The sizes of the parts, -1 replaced by what remains."""
    if len(sizes) != num:
        raise ShapeError("Length of size_splits should be equal to num_outputs")
    if sizes.count(-1) > 1:
        raise ShapeError("size_splits can only have one -1")
    known = sum(size for size in sizes if size != -1)
    if total is not None and (known > total if -1 in sizes else known != total):
        raise ShapeError(
            f"can't split axis of size {total} into pieces of size "
            f"[{','.join(map(str, sizes))}]"
        )
    lengths: list[int | None] = []
    for index, size in enumerate(sizes):
        length = total - known if size == -1 and total is not None else size
        if length < -1 or (length == -1 and total is not None):
            raise ShapeError(f"Split size at index {index} must be >= 0. Got: {length}")
        lengths.append(None if length == -1 else length)
    return lengths


def _split_v_kernel(op: Operation) -> Callable[..., Any]:
    count = op._attrs["num_split"]

    def kernel(x: Array, sizes: Array, axis: Array) -> Any:
        if sizes.shape != (count,):
            raise InvalidArgumentError(
                None,
                None,
                "size of the split_tensor must be 1-D and have the same elements as "
                f"outputs got {sizes.ndim} -D and {sizes.size} elements",
            )
        # TF 1.15: a list of one axis will do here.
        place = _split_place(x.ndim, axis.reshape(()) if axis.size == 1 else axis)
        lengths = sizes.tolist()
        if lengths.count(-1) > 1:
            raise ranks.refusal("There can only be one -1 in the input.")
        total = sum(length for length in lengths if length >= 0)
        whole = x.shape[place]
        if -1 in lengths and total <= whole:
            lengths[lengths.index(-1)] = whole - total
            total = whole
        if total != whole:
            raise InvalidArgumentError(
                None,
                None,
                "Determined shape must either match input shape along split_dim "
                "exactly if fully specified, or be less than the size of the input "
                f"along split_dim if not fully specified.  Got: {total}",
            )
        parts = _cut(x, lengths, place)
        return parts if len(parts) > 1 else parts[0]

    return kernel


define(
    "SplitV",
    shape=_split_v_shape,
    build=_split_v_kernel,
    gradient="array_gradients.split_v",
)


def split(
    value: Any,
    num_or_size_splits: Any,
    axis: Any = 0,
    num: Any = None,
    name: str | None = "split",
) -> Any:
    """A tensor cut along an axis into equal parts, or parts of given sizes."""
    sizes = convert_to_tensor(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, shapes.Dimension)):
        return apply("Split", axis, value, num_split=num_or_size_splits, name=name)
    if sizes._rank() == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to "
            f"split. Argument provided: {num_or_size_splits}"
        )
    if num is None:
        dims = sizes._shape_tuple()
        num = dims[0] if dims else None
        if num is None:
            raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return apply("SplitV", value, sizes, axis, num_split=num, name=name)


def _tile_shape(op: Operation) -> list[Dims]:
    dims, multiples = op._inputs[0]._dims, shape_inference.sizes(op, 1)
    if dims is None:
        return [None if multiples is None else (None,) * len(multiples)]
    times = rules.with_rank(multiples, len(dims))
    return [
        tuple(
            None if length is None or count is None else length * count
            for length, count in zip(dims, times, strict=True)
        )
    ]


def _tile_kernel(x: Array, multiples: Array) -> Array:
    if multiples.ndim != 1:
        shape = dims_text(multiples.shape)
        problem = f"Expected multiples to be 1-D, but got shape {shape}"
    elif len(multiples) != x.ndim:
        problem = (
            f"Expected multiples argument to be a vector of length {x.ndim} but got "
            f"length {len(multiples)}"
        )
    elif min(times := multiples.tolist(), default=0) < 0:
        first = next(place for place, count in enumerate(times) if count < 0)
        problem = f"Expected multiples[{first}] >= 0, but got {times[first]}"
    else:
        return _repeated(x, times)
    raise InvalidArgumentError(None, None, problem)


def _repeated(x: Array, times: list[int]) -> Array:
    """As np.tile, in a tenth of the time where nothing but lengths of 1 is repeated."""
    if any(
        length != 1 and count != 1 for length, count in zip(x.shape, times, strict=True)
    ):
        return np.tile(x, times)
    dims = [length * count for length, count in zip(x.shape, times, strict=True)]
    result = np.empty(dims, x.dtype)
    result[...] = x
    return result


define(
    "Tile",
    shape=_tile_shape,
    kernel=_tile_kernel,
    gradient="array_gradients.tile",
)


@takes_ragged("input", generated=True)
def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """A tensor repeated along its axes."""
    return apply("Tile", input, multiples, name=name)
