"""Operations that take a part of a tensor: `t[...]`, slices, masks.

After joining, before gathering. TF 1.15: whatever stands in square brackets becomes one
StridedSlice with five masks.
"""

from __future__ import annotations

import builtins
import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, dtypes, shape_inference, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, joining, reshaping, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_INDEX_TYPES = (
    dtypes.int32,
    dtypes.int32._as_ref,
    dtypes.int64,
    dtypes.int64._as_ref,
)


def _check_index(index: Any) -> None:
    """TypeError unless something may stand in square brackets."""
    if isinstance(index, (int, shapes.Dimension)):
        return
    dtype = getattr(index, "dtype", None)
    if (
        dtype is None
        or dtypes.as_dtype(dtype) not in _INDEX_TYPES
        or (index.shape and len(index.shape) == 1)
    ):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and "
            f"scalar tf.int32/tf.int64 tensors are valid indices, got {index!r}"
        )


class _Slice:
    """What stands in square brackets, as StridedSlice wants it."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.begin: list[Any] = []
        self.end: list[Any] = []
        self.strides: list[Any] = []
        self.masks = dict.fromkeys(
            ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask",
             "shrink_axis_mask"), 0,
        )  # fmt: skip
        for index, part in enumerate(parts):
            self._add(index, part)

    def _add(self, index: int, part: Any) -> None:
        if isinstance(part, builtins.slice):
            begin = self._end_of_slice(part.start, "begin_mask", index)
            end = self._end_of_slice(part.stop, "end_mask", index)
            if part.step is not None:
                _check_index(part.step)
            self._append(begin, end, 1 if part.step is None else part.step)
        elif part is Ellipsis:
            self.masks["ellipsis_mask"] |= 1 << index
            self._append(0, 0, 1)
        elif part is None:
            self.masks["new_axis_mask"] |= 1 << index
            self._append(0, 0, 1)
        else:
            _check_index(part)
            self.masks["shrink_axis_mask"] |= 1 << index
            self._append(part, part + 1, 1)

    def _end_of_slice(self, end: Any, mask: str, index: int) -> Any:
        if end is not None and (isinstance(end, Tensor) or end != sys.maxsize):
            _check_index(end)
            return end
        self.masks[mask] |= 1 << index
        return 0

    def _append(self, begin: Any, end: Any, step: Any) -> None:
        self.begin.append(begin)
        self.end.append(end)
        self.strides.append(step)


def slice_helper(tensor: Any, slice_spec: Any, var: Any = None) -> Any:
    """`tensor[slice_spec]`."""
    if (
        isinstance(slice_spec, builtins.bool)
        or (isinstance(slice_spec, Tensor) and slice_spec.dtype == dtypes.bool_)
        or (isinstance(slice_spec, np.ndarray) and slice_spec.dtype == bool)
    ):
        return boolean_mask(tensor, slice_spec)
    if not isinstance(slice_spec, (list, tuple)):
        slice_spec = [slice_spec]
    wanted = _Slice(slice_spec)
    ends = (wanted.begin, wanted.end, wanted.strides)
    with name_scope(None, "strided_slice", [tensor, *chain(*ends)]) as scope:
        if wanted.begin:
            begin, end, strides = (joining.stack(values) for values in ends)
            if dtypes.int64 in (begin.dtype, end.dtype, strides.dtype):
                begin, end, strides = (
                    x
                    if x.dtype == dtypes.int64
                    else apply("Cast", x, DstT=dtypes.int64)
                    for x in (begin, end, strides)
                )
        else:
            begin = end = strides = constant([], dtype=dtypes.int32)
        return strided_slice(
            tensor, begin, end, strides, var=var, name=scope, **wanted.masks
        )


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Any:
    """Part of a tensor; the masks say where an end, a new axis or `...` is meant."""
    if strides is None:
        strides = array.ones_like(begin)
    masks = {
        "begin_mask": begin_mask,
        "end_mask": end_mask,
        "ellipsis_mask": ellipsis_mask,
        "new_axis_mask": new_axis_mask,
        "shrink_axis_mask": shrink_axis_mask,
    }
    result = apply("StridedSlice", input_, begin, end, strides, name=name, **masks)
    if var is None and defaults.state.eager:
        return result

    def assign(val: Any, name: str | None = None) -> Any:
        """TF 1.15: `v[2:].assign(...)`, for variables only."""
        if var is None:
            raise ValueError("Sliced assignment is only supported for variables")
        if name is None and scope_name is None:
            raise TypeError("unsupported operand type(s) for +: 'NoneType' and 'str'")
        return var._strided_slice_assign(
            begin, end, strides, val, name or f"{scope_name}_assign", **masks
        )

    scope_name = name
    result.assign = assign
    return result


class _Bounds:
    """One index of a StridedSlice: a python slice, and what becomes of the axis."""

    def __init__(
        self, kind: str, index: Any, step: int = 1, whole: bool = False
    ) -> None:
        self.kind = kind  # "slice", "new" or "shrink"
        self.index = index
        self.step = step
        self.whole = whole  # from end to end, whatever begin and end are


def _plan(op: Operation, rank: int, parts: Any) -> list[_Bounds]:
    """What each given index does, with the ellipsis written out.

    Args:
        op: the StridedSlice, for its masks.
        rank: of the input.
        parts: begin, end and strides as lists, or None where one is not known.

    Raises:
        ShapeError: there are two ellipses, or more indices than axes.
    """
    begin, end, strides = parts
    count = len(strides)
    attrs = op._attrs
    has_ellipsis = attrs["ellipsis_mask"] != 0
    if attrs["ellipsis_mask"] & (attrs["ellipsis_mask"] - 1):
        raise ShapeError("Multiple ellipses in slice spec not allowed")
    new = sum(
        1
        for i in builtins.range(count)
        if attrs["new_axis_mask"] >> i & 1 and not attrs["ellipsis_mask"] >> i & 1
    )
    used = count - new - (1 if has_ellipsis else 0)
    if used > rank:
        raise ShapeError(f"Index out of range using input dim {rank}; input has only "
                         f"{rank} dims")  # fmt: skip
    bounds: list[_Bounds] = []
    everything = _Bounds("slice", builtins.slice(None), whole=True)
    for i in builtins.range(count):
        if attrs["ellipsis_mask"] >> i & 1:
            bounds.extend([everything] * (rank - used))
        elif attrs["new_axis_mask"] >> i & 1:
            bounds.append(_Bounds("new", None))
        elif attrs["shrink_axis_mask"] >> i & 1:
            index = None if begin is None else begin[i]
            bounds.append(_Bounds("shrink", index, strides[i]))
        else:
            start = None if attrs["begin_mask"] >> i & 1 else begin and begin[i]
            stop = None if attrs["end_mask"] >> i & 1 else end and end[i]
            index = builtins.slice(start, stop, strides[i])
            whole = attrs["begin_mask"] & attrs["end_mask"] & 1 << i != 0
            bounds.append(_Bounds("slice", index, strides[i], whole))
    if not has_ellipsis:
        bounds.extend([everything] * (rank - used))
    return bounds


def _listed(value: Any) -> list[int] | None:
    return None if value is None else value.tolist()


def _strided_slice_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    begin_dims, *others = (rules.with_rank(x._dims, 1) for x in op._inputs[1:])
    for other in others:
        rules.merge(begin_dims, other)
    if dims is None or begin_dims == (None,):
        return [None]
    strides = _listed(shape_inference.value(op, 3))
    if strides is None:
        return [None]
    _plan(op, len(dims), (None, None, strides))  # TF 1.15: before it asks for the rest
    begin, end = (_listed(shape_inference.value(op, index)) for index in (1, 2))
    bounds = _plan(op, len(dims), (begin, end, strides))
    _check_bounds(bounds, dims)
    ends_known = begin is not None and end is not None
    result: list[int | None] = []
    axis = 0
    for bound in bounds:
        if bound.kind == "new":
            result.append(1)
            continue
        length = dims[axis]
        if bound.kind == "slice" and (bound.whole or ends_known):
            result.append(_slice_length(bound.index, length))
        elif bound.kind == "slice":
            result.append(None)
        axis += 1
    return [tuple(result)]


def _check_bounds(bounds: list[_Bounds], dims: Sequence[int | None]) -> None:
    """ShapeError for a stride of 0 and for an index that is out of bounds."""
    axes = (bound for bound in bounds if bound.kind != "new")
    for axis, (bound, length) in enumerate(zip(axes, dims, strict=True)):
        if bound.step == 0:
            raise ShapeError(f"strides[{axis}] must be non-zero")
        if bound.kind == "slice" or length is None:
            continue
        if bound.step < 0:
            raise ShapeError("only stride 1 allowed on non-range indexing.")
        if bound.index is not None and not -length <= bound.index < length:
            index = bound.index + length if bound.index < 0 else bound.index
            raise ShapeError(f"slice index {index} of dimension {axis} out of bounds.")


def _slice_length(index: builtins.slice, length: int | None) -> int | None:
    if length is None:
        return None
    return len(builtins.range(*index.indices(length)))


def strided_slice_index(op: Operation, x: Array, parts: Sequence[Array]) -> Any:
    """NumPy's index for what a StridedSlice takes from `x`."""
    sizes = [part.shape for part in parts]
    if len(sizes[0]) != 1 or sizes.count(sizes[0]) != len(sizes):
        first, second, third = map(dims_text, sizes)
        raise InvalidArgumentError(
            None,
            op,
            "Expected begin, end, and strides to be 1D equal size tensors, but got "
            f"shapes {first}, {second}, and {third} instead.",
        )
    begin, end, strides = (part.tolist() for part in parts)
    try:
        bounds = _plan(op, x.ndim, (begin, end, strides))
        _check_bounds(bounds, x.shape)
    except ShapeError as error:
        raise InvalidArgumentError(None, op, str(error)) from None
    return tuple(bound.index for bound in bounds)


def _strided_slice_kernel(op: Operation) -> Callable[..., Any]:
    def kernel(x: Array, begin: Array, end: Array, strides: Array) -> Any:
        return x[strided_slice_index(op, x, (begin, end, strides))]

    return kernel


define(
    "StridedSlice", shape=_strided_slice_shape,
    build=_strided_slice_kernel, gradient="array_gradients.strided_slice")  # fmt: skip


def _slice_shape(op: Operation) -> list[Dims]:
    begin_dims = rules.with_rank(op._inputs[1]._dims, 1)
    (count,) = rules.merge(begin_dims, rules.with_rank(op._inputs[2]._dims, 1)) or ()
    dims = op._inputs[0]._dims
    if count is not None:
        dims = rules.with_rank(dims, count)
    begin = shape_inference.sizes(op, 1)
    lengths = shape_inference.sizes(op, 2)
    known = shape_inference.value(op, 2)
    if known is None:
        if lengths is not None:
            return [lengths]
        return [None if dims is None else (None,) * len(dims)]
    begin = rules.with_rank(begin, known.size)
    assert dims is not None
    return [
        tuple(
            _rest(total, start) if length == -1 else length
            for length, start, total in zip(known.tolist(), begin, dims, strict=True)
        )
    ]


def _rest(total: int | None, start: int | None) -> int | None:
    """How much there is from a place to the end."""
    if total is None or start is None:
        return None
    if start > total:
        raise ShapeError(
            f"Negative dimension size caused by subtracting {start} from {total}"
        )
    return total - start


def _slice_kernel(x: Array, begin: Array, sizes: Array) -> Any:
    if begin.shape != (x.ndim,) or sizes.shape != (x.ndim,):
        raise InvalidArgumentError(
            None,
            None,
            f"Expected begin and size arguments to be 1-D tensors of size {x.ndim}, "
            f"but got shapes {dims_text(begin.shape)} and {dims_text(sizes.shape)} "
            "instead.",
        )
    index = []
    for i, (start, length) in enumerate(
        zip(begin.tolist(), sizes.tolist(), strict=True)
    ):
        total = x.shape[i]
        if not 0 <= start <= total:
            raise InvalidArgumentError(
                None, None, f"Expected begin[{i}] in [0, {total}], but got {start}"
            )
        stop = total if length == -1 else start + length
        if not start <= stop <= total:
            raise InvalidArgumentError(
                None,
                None,
                f"Expected size[{i}] in [0, {total - start}], but got {length}",
            )
        index.append(builtins.slice(start, stop))
    return x[tuple(index)]


define(
    "Slice", shape=_slice_shape, kernel=_slice_kernel, gradient="array_gradients.slice_"
)


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Any:
    """The part of a tensor that starts at `begin` and has `size`; -1: to the end."""
    return apply("Slice", input_, begin, size, name=name)


def boolean_mask(
    tensor: Any, mask: Any, name: str | None = "boolean_mask", axis: Any = None
) -> Any:
    """The rows of a tensor for which a mask is True."""
    with name_scope(name, values=[tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        mask_shape, tensor_shape = mask.shape, tensor.shape
        if mask_shape.ndims == 0:
            raise ValueError("mask cannot be scalar.")
        if mask_shape.ndims is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions "
                "are None.  E.g. shape=[None] is ok, but shape=None is not."
            )
        axis = 0 if axis is None else axis
        after = axis + mask_shape.ndims
        tensor_shape[axis:after].assert_is_compatible_with(mask_shape)
        leading = apply("Prod", array.shape(tensor)[axis:after], [0])
        tensor = reshaping.reshape(
            tensor,
            joining.concat(
                [array.shape(tensor)[:axis], [leading], array.shape(tensor)[after:]], 0
            ),
        )
        first = tensor_shape[axis:after].num_elements()
        tensor.set_shape(
            tensor_shape[:axis].concatenate([first]).concatenate(tensor_shape[after:])
        )
        mask = reshaping.reshape(mask, [-1])
        indices = reshaping.squeeze(gathering.where_no_warning(mask), axis=[1])
        return gathering.gather(tensor, indices, axis=axis)
