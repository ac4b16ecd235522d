"""Gradients of what changes shapes and places: reshaping, slicing, joining, gathering.

Loaded when a gradient is first asked for; see math_gradients.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, defaults, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.contexts import output_context
from scopetutor.engine.operation import Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import colocate_with

from . import array, gathering, joining, math, matrices, padding, reshaping, slicing
from .scattering import scatter_nd
from .segment import unsorted_segment_sum
from .slicing import strided_slice_index
from .sorting import invert_permutation
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


@contextmanager
def _without_warning() -> Iterator[None]:
    """Inside, making a dense tensor of IndexedSlices does not warn."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Converting sparse IndexedSlices to a dense Tensor.*"
        )
        yield


# -- passing on --------------------------------------------------------------------


def same(_: Operation, *grads: Any) -> Any:
    """Of operations that pass their inputs on."""
    return list(grads) if len(grads) > 1 else grads[0]


def check_numerics(op: Operation, grad: Any) -> Any:
    return array.check_numerics(
        grad,
        # TF 1.15 shows the text as the bytes it is kept as.
        "Not a number (NaN) or infinity (Inf) values detected in gradient. "
        f"{op._attrs['message'].encode()!r}",
    )


def prevent_gradient(op: Operation, _: Any) -> Any:
    raise LookupError(
        f"Gradient explicitly disabled. Reason: {op._attrs['message'].encode()!r}"
    )


def fill(_: Operation, grad: Any) -> tuple[None, Any]:
    return None, math.reduce_sum(grad)


# -- other shapes ------------------------------------------------------------------


def _to_shape_of_input(op: Operation, grad: Any) -> Any:
    with _without_warning():
        return reshaping.reshape(grad, array.shape(op._inputs[0]))


def reshape(op: Operation, grad: Any) -> list[Any]:
    return [_to_shape_of_input(op, grad), None]


def squeeze(op: Operation, grad: Any) -> Any:
    return _to_shape_of_input(op, grad)


def transpose(op: Operation, grad: Any) -> list[Any]:
    return [reshaping.transpose(grad, invert_permutation(op._inputs[1])), None]


def conjugate_transpose(op: Operation, grad: Any) -> list[Any]:
    order = invert_permutation(op._inputs[1])
    return [reshaping.transpose(grad, order, conjugate=True), None]


# -- joining and splitting -----------------------------------------------------------


def pack(op: Operation, grad: Any) -> Any:
    return joining.unstack(grad, num=op._attrs["N"], axis=op._attrs["axis"])


def unpack(op: Operation, *grads: Any) -> Any:
    return joining.stack(grads, axis=op._attrs["axis"])


def _offsets_kernel(axis: Array, *shapes: Array) -> Any:
    place, start = int(axis), 0
    offsets = []
    for shape in shapes:
        offset = np.zeros_like(shape)
        offset[place] = start
        start += int(shape[place])
        offsets.append(offset)
    return offsets if len(offsets) > 1 else offsets[0]


define(
    "ConcatOffset",
    shape=lambda op: [taken._dims for taken in op._inputs[1:]],
    kernel=_offsets_kernel,
    gradient=None,
)


def concat_v2(op: Operation, grad: Any) -> list[Any]:
    values, axis = op._inputs[:-1], op._inputs[-1]
    if len(values) == 1:
        return [grad, None]
    if isinstance(grad, Tensor):
        return [*_parts(op, values, axis, grad), None]
    if isinstance(grad, IndexedSlices):
        return [*_parts_of_slices(values, axis, grad), None]
    raise TypeError(f"Expected Tensor or IndexedSlices, got {type(grad)}")


def _parts(op: Operation, values: Any, axis: Any, grad: Any) -> list[Any]:
    if constants.is_constant(axis) and output_context(grad.op) is not output_context(
        axis.op
    ):
        # Each branch or loop has constants of its own.
        axis = constants.constant(static_value(axis), dtype=axis.dtype)
    place = axis % array.rank(values[0])
    sizes = _sizes_of(values)
    if len(sizes) > 16:
        rows = slicing.slice(joining.stack(sizes, axis=1), [place, 0], [1, -1])
        return list(joining.split(grad, reshaping.squeeze(rows), place))
    offsets = apply("ConcatOffset", place, sizes)
    return [
        slicing.slice(grad, begin, size)
        for begin, size in zip(offsets, sizes, strict=True)
    ]


def _sizes_of(values: Any) -> list[Any]:
    """The shapes of tensors: constants, if all of them are known."""
    sizes = []
    for value in values:
        size = array.shape(value)
        if size.op.type != "Const":
            return list(array.shape_n(list(values)))
        sizes.append(size)
    return sizes


def _parts_of_slices(values: Any, axis: Any, grad: Any) -> list[Any]:
    place = axis % array.rank(values[0])
    known = static_value(axis)
    if known is None:
        raise ValueError(
            "Can only compute IndexedSlices gradient with statically-known concat_dim"
        )
    if known < 0:
        rank = static_value(array.rank(values[0]))
        if rank is None:
            raise ValueError(
                "Can only compute IndexedSlices gradient with negative concat_dim when "
                "first value rank is statically-known."
            )
        known = known % rank  # a new array: the constant keeps its own
    sizes = [array.shape(value) for value in values]
    if known > 0:
        return _columns_of_slices(sizes, place, grad)
    return _rows_of_slices(sizes, place, grad)


def _columns_of_slices(sizes: list[Any], place: Any, grad: Any) -> list[Any]:
    count = array.shape(sizes[0])
    mask = joining.concat(
        [
            array.fill(reshaping.expand_dims(place, 0), 0),
            [1],
            array.fill(count - place - 1, 0),
        ],
        0,
    )
    begin = array.fill(count, 0)
    parts = []
    for size in sizes:
        width = joining.concat([[-1], slicing.slice(size, [1], [-1])], 0)
        rows = slicing.slice(grad.values, begin, width)
        parts.append(IndexedSlices(rows, grad.indices, size))
        begin = math.add(begin, size * mask)
    return parts


def _rows_of_slices(sizes: list[Any], place: Any, grad: Any) -> list[Any]:
    start: Any = constants.constant(0, dtype=grad.indices.dtype)
    parts = []
    for size in sizes:
        length = gathering.gather(size, place)
        if length.dtype != grad.indices.dtype:
            length = math.cast(length, dtype=grad.indices.dtype)
        end = start + length
        inside = math.logical_and(grad.indices >= start, grad.indices < end)
        chosen = reshaping.squeeze(gathering.where_no_warning(inside), axis=[1])
        indices = gathering.gather(grad.indices, chosen) - start
        rows = gathering.gather(grad.values, chosen)
        parts.append(IndexedSlices(rows, indices, size))
        start = end
    return parts


def split(op: Operation, *grads: Any) -> tuple[None, Any]:
    return None, joining.concat(list(grads), op._inputs[0])


def split_v(op: Operation, *grads: Any) -> list[Any]:
    return [joining.concat(list(grads), op._inputs[2]), None, None]


def tile(op: Operation, grad: Any) -> list[Any]:
    x, multiples = op._inputs
    sizes = array.shape(x, out_type=multiples.dtype)
    pairs = reshaping.transpose(joining.stack([multiples, sizes]))
    shape = reshaping.reshape(pairs, [-1])
    axes = math.range_(0, array.size(shape), 2)
    if isinstance(grad, IndexedSlices):
        rows = math.cast(sizes[0], grad.indices.dtype)
        grad = unsorted_segment_sum(grad.values, math.mod(grad.indices, rows), rows)
        shape = joining.concat([[1], shape[1:]], axis=0)
    result = math.reduce_sum(reshaping.reshape(grad, shape), axes)
    result.set_shape(x.get_shape())
    return [result, None]


# -- slices ------------------------------------------------------------------------


def slice_(op: Operation, grad: Any) -> tuple[Any, None, None]:
    x, begin, _ = op._inputs
    rank = array.rank(x)
    size = array.shape(op._outputs[0])
    column = joining.stack([rank, 1])
    before = reshaping.reshape(begin, column)
    after = reshaping.reshape(array.shape(x) - size - begin, column)
    return padding.pad(grad, joining.concat([before, after], 1)), None, None


_MASKS = (
    "begin_mask",
    "end_mask",
    "ellipsis_mask",
    "new_axis_mask",
    "shrink_axis_mask",
)


def _strided_kernel(op: Operation) -> Callable[..., Array]:
    def kernel(
        shape: Array, begin: Array, end: Array, strides: Array, grad: Array
    ) -> Array:
        result = np.zeros(tuple(shape.tolist()), grad.dtype)
        result[strided_slice_index(op, result, (begin, end, strides))] = grad
        return result

    return kernel


define(
    "StridedSliceGrad",
    shape=lambda op: [shape_inference.sizes(op, 0)],
    build=_strided_kernel,
    gradient="array_gradients.strided_slice_grad",
)


def strided_slice(op: Operation, grad: Any) -> tuple[Any, None, None, None]:
    x, begin, end, strides = op._inputs
    masks = {name: op._attrs[name] for name in _MASKS}
    sizes = array.shape(x, out_type=begin.dtype)
    result = apply("StridedSliceGrad", sizes, begin, end, strides, grad, **masks)
    return result, None, None, None


def strided_slice_grad(op: Operation, grad: Any) -> list[Any]:
    _, begin, end, strides, _ = op._inputs
    masks = {name: op._attrs[name] for name in _MASKS}
    return [None] * 4 + [slicing.strided_slice(grad, begin, end, strides, **masks)]


# -- gathering ---------------------------------------------------------------------


def _sizes_of_table(params: Any) -> Any:
    with colocate_with(params):
        sizes = array.shape(params, out_type=dtypes.int64)
        return math.cast(sizes, dtypes.int32)


def gather(op: Operation, grad: Any) -> list[Any]:
    params, indices = op._inputs
    sizes = _sizes_of_table(params)
    count = reshaping.expand_dims(array.size(indices), 0)
    rows = joining.concat([count, sizes[1:]], 0)
    with _without_warning():
        values = reshaping.reshape(grad, rows)
    indices = reshaping.reshape(indices, count)
    return [IndexedSlices(values, indices, sizes), None]


def gather_v2(op: Operation, grad: Any) -> list[Any]:
    params, indices, axis = op._inputs
    sizes = _sizes_of_table(params)
    count = reshaping.expand_dims(array.size(indices), 0)
    batch = op._attrs["batch_dims"]
    if batch < 0:
        batch += indices.shape.ndims
    if static_value(axis) == 0:
        rows = joining.concat([count, sizes[1:]], 0)
        with _without_warning():
            values = reshaping.reshape(grad, rows)
        indices = reshaping.reshape(indices, count)
        return [IndexedSlices(values, indices, sizes), None, None]
    return [_gather_along(grad, indices, axis, sizes, batch), None, None]


def _gather_along(grad: Any, indices: Any, axis: Any, sizes: Any, batch: int) -> Any:
    """The gradient of a gather along another axis than the first."""
    outer, inner = sizes[:axis], sizes[axis:][1:]
    shape = joining.concat([outer, [-1], inner], 0)
    rank, outer_rank = array.size(shape), array.size(outer)
    batches = math.range_(batch)
    before = math.range_(batch, outer_rank)
    after = math.range_(outer_rank + 1, rank)
    with _without_warning():
        values = reshaping.reshape(grad, shape)
    order = joining.concat([batches, [outer_rank], before, after], 0)
    moved = reshaping.transpose(values, order)
    result = _add_up_batches(sizes, moved, indices, batch, sizes[axis])
    back = joining.concat([batches, before + 1, [batch], after], 0)
    return reshaping.transpose(result, back)


def _add_up_batches(
    sizes: Any, values: Any, indices: Any, batch: int, length: Any
) -> Any:
    count = reshaping.expand_dims(array.size(indices), 0)
    if batch:
        shape = array.shape(values)
        outer, inner = shape[:batch], shape[batch:][1:]
        batches = apply("Prod", outer, [0], keep_dims=False)
        flat = joining.concat([[-1], inner], 0)
        length = length * batches
        indices = _batch_indices(sizes, indices, batch)
        with _without_warning():
            values = reshaping.reshape(values, flat)
    indices = reshaping.reshape(indices, count)
    result = unsorted_segment_sum(values, indices, length)
    if batch:
        result = reshaping.reshape(result, joining.concat([outer, flat], 0))
    return result


def _batch_indices(sizes: Any, indices: Any, batch: int) -> Any:
    """Indices into all batches one after the other."""
    result, rank = indices, indices.shape.ndims
    kind = indices.dtype.base_dtype
    sizes = math.cast(sizes, kind)
    step = array.ones((), dtype=kind)
    for axis in range(batch, 0, -1):
        size = sizes[axis - 1]
        step = step * sizes[axis]
        start, one = array.zeros((), dtype=kind), array.ones((), dtype=kind)
        places = math.range_(start, size, one)
        places = places * step
        wide = joining.stack([1] * (axis - 1) + [size] + [1] * (rank - axis), axis=0)
        result = result + reshaping.reshape(places, wide)
    return result


def gather_nd(op: Operation, grad: Any) -> list[Any]:
    params, indices = op._inputs
    sizes = array.shape(params, out_type=indices.dtype)
    return [_put_at(grad, indices, sizes), None]


def _put_at(grad: Any, indices: Any, sizes: Any) -> Any:
    if indices.shape.ndims == 2 and indices.shape[-1].value == 1:
        return IndexedSlices(grad, reshaping.squeeze(indices, axis=-1), sizes)
    return scatter_nd(indices, grad, sizes)


def resource_gather_nd(op: Operation, grad: Any) -> list[Any]:
    handle, indices = op._inputs
    sizes = apply("VariableShape", handle, out_type=indices.dtype)
    return [_put_at(grad, indices, sizes), None]


def resource_gather(op: Operation, grad: Any) -> tuple[Any, None]:
    handle, indices = op._inputs
    sizes = variable_shape(handle)
    count = reshaping.expand_dims(array.size(indices), 0)
    rows = joining.concat([count, sizes[1:]], 0)
    values = reshaping.reshape(grad, rows)
    return IndexedSlices(values, reshaping.reshape(indices, count), sizes), None


def variable_shape(handle: Any) -> Any:
    """The shape of the variable behind a handle; a constant if it is known.

    TF 1.15: of a handle that was switched, or entered a loop, nothing is known.
    """
    dims = None
    if defaults.state.eager:
        dims = handle._value.shape
    elif handle._op.type == "VarHandleOp":
        dims = handle._op._attrs["shape"]
    if dims is None or None in dims:
        return apply("VariableShape", handle, out_type=dtypes.int32)
    return constants.constant(dims, dtype=dtypes.int32)


# -- padding and order ---------------------------------------------------------------


def pad(op: Operation, grad: Any) -> tuple[Any, ...]:
    x, paddings = op._inputs[:2]
    first = slicing.slice(paddings, [0, 0], joining.stack([array.rank(x), 1]))
    begin = reshaping.reshape(first, [-1])
    result = slicing.slice(grad, begin, array.shape(x))
    return result, *[None] * (len(op._inputs) - 1)


def _mirror_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    edge = 0 if op._attrs["mode"] == "SYMMETRIC" else 1

    def kernel(grad: Array, paddings: Array) -> Array:
        for axis, (before, after) in enumerate(paddings.tolist()):
            rows = np.moveaxis(grad, axis, 0)
            size = len(rows) - before - after
            result = rows[before : before + size].copy()
            for i in range(before):
                result[before - 1 - i + edge] += rows[i]
            for i in range(after):
                result[size - 1 - i - edge] += rows[before + size + i]
            grad = np.moveaxis(result, 0, axis)
        return grad

    return kernel


def _mirror_shape(op: Operation) -> list[Any]:
    dims, paddings = op._inputs[0]._dims, shape_inference.value(op, 1)
    if dims is None:
        return [None]
    if paddings is None:
        return [(None,) * len(dims)]
    return [
        tuple(
            None if size is None else size - sum(pair)
            for size, pair in zip(dims, paddings.tolist(), strict=True)
        )
    ]


define(
    "MirrorPadGrad",
    shape=_mirror_shape,
    build=_mirror_kernel,
    gradient="array_gradients.mirror_pad_grad",
)


def mirror_pad(op: Operation, grad: Any) -> list[Any]:
    mode = op._attrs["mode"]
    return [apply("MirrorPadGrad", grad, op._inputs[1], mode=mode), None]


def mirror_pad_grad(op: Operation, grad: Any) -> list[Any]:
    mode = op._attrs["mode"]
    return [apply("MirrorPad", grad, op._inputs[1], mode=mode), None]


def reverse_v2(op: Operation, grad: Any) -> tuple[Any, None]:
    return padding.reverse(grad, op._inputs[1]), None


def broadcast_to(op: Operation, grad: Any) -> list[Any]:
    x, shape = op._inputs
    sizes = array.shape(x)
    _, axes = apply("BroadcastGradientArgs", shape, sizes)
    total = math.reduce_sum(grad, axis=axes, keepdims=True)
    return [reshaping.reshape(total, sizes), None]


# -- diagonals ---------------------------------------------------------------------


def diag(_: Operation, grad: Any) -> Any:
    return apply("DiagPart", grad)


def diag_part(_: Operation, grad: Any) -> Any:
    return apply("Diag", grad)


def matrix_diag(_: Operation, grad: Any) -> Any:
    return matrices.matrix_diag_part(grad)


def matrix_diag_part(op: Operation, grad: Any) -> Any:
    x = op._inputs[0]
    sizes = x.get_shape()[-2:]
    if sizes.is_fully_defined() and sizes[0] == sizes[1]:
        return matrices.matrix_diag(grad)
    return matrices.matrix_set_diag(array.zeros_like(x), grad)


def matrix_set_diag(op: Operation, grad: Any) -> tuple[Any, Any]:
    whole = op._inputs[0].get_shape().merge_with(grad.get_shape())
    diagonal = op._inputs[1].get_shape()
    batch = whole[:-2].merge_with(diagonal[:-1])
    matrix = whole[-2:]
    sizes: Any
    if batch.is_fully_defined() and matrix.is_fully_defined():
        sizes = [*batch.as_list(), min(matrix.as_list())]
    else:
        with colocate_with(grad):
            shape, rank = array.shape(grad), array.rank(grad)
            outer = slicing.slice(shape, [0], [rank - 2])
            inner = slicing.slice(shape, [rank - 2], [2])
            least = math.reduce_min(inner)
            sizes = joining.concat([outer, [least]], 0)
    zeros = array.zeros(sizes, dtype=grad.dtype)
    first = matrices.matrix_set_diag(grad, zeros)
    return first, matrices.matrix_diag_part(grad)


def matrix_band_part(op: Operation, grad: Any) -> tuple[Any, None, None]:
    _, lower, upper = op._inputs
    return apply("MatrixBandPart", grad, lower, upper), None, None
