"""Kernels that need not read again what is the same in every run.

Part of planning, beside folding. Which part a Slice takes, or along which axes a Sum
goes, is mostly a constant: for small tensors, making that out takes longer than the
work itself. A shortcut remembers what it comes to for the last shape; for any other,
and for whatever may be wrong, it asks the operation's own kernel.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .ops.slicing import strided_slice_index

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .operation import Operation

    Kernel = Callable[..., Any]

Array = np.ndarray[Any, Any]


def shortcut(op: Operation, known: Sequence[Any], kernel: Kernel) -> Kernel:
    """A kernel that does the same in less time, if there is one.

    Args:
        op: the operation.
        known: for each input its value if that is the same in every run, else None.
        kernel: what computes the operation; it takes all inputs, as the shortcut does.
    """
    entry = _SHORTCUTS.get(op._definition.name)
    if entry is None:
        return kernel
    make, constants = entry
    if any(known[place] is None for place in constants):
        return kernel
    if any(taken._dtype._is_ref_dtype for taken in op._inputs):
        return kernel  # it gets a variable's cell, and reads that first
    return make(op, known, kernel)


def _slice(_op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    begin, sizes = known[1].tolist(), known[2].tolist()
    index = tuple(
        slice(start, None if size == -1 else start + size)
        for start, size in zip(begin, sizes, strict=False)
    )
    checked: Any = None  # the shape that it is right for

    def run(x: Array, begin: Array, sizes: Array) -> Any:
        nonlocal checked
        if x.shape != checked:
            result = kernel(x, begin, sizes)
            checked = x.shape
            return result
        return x[index]

    return run


def _strided_slice(op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    checked: Any = None
    index: Any = None

    def run(x: Array, begin: Array, end: Array, strides: Array) -> Any:
        nonlocal checked, index
        if x.shape != checked:
            index = strided_slice_index(op, x, known[1:])
            checked = x.shape
        return x[index]

    return run


def _split(_op: Operation, _known: Sequence[Array], kernel: Kernel) -> Kernel:
    checked: Any = None
    cut: Callable[[Array], list[Array]]

    def run(axis: Array, x: Array) -> Any:
        nonlocal checked, cut
        if x.shape != checked:
            parts = kernel(axis, x)
            if type(parts) is list:
                cut = _cutting(x.shape, int(axis), [part.shape for part in parts])
                checked = x.shape
            return parts
        return cut(x)

    return run


# Elements of an array that is copied in less time than it takes to use its parts once.
_FEW = 4096


def _cutting(
    whole: tuple[int, ...], axis: int, shapes: list[tuple[int, ...]]
) -> Callable[[Array], list[Array]]:
    """Gives the parts of these shapes that lie beside each other in an array.

    Parts of the rows of a small matrix are copied: what is not in one piece takes
    every kernel twice as long.
    """
    if len(whole) == 2 and axis % 2 and len({*shapes}) == 1 and math.prod(whole) < _FEW:
        three = (whole[0], len(shapes), shapes[0][1])
        return lambda x: list(x.reshape(three).swapaxes(0, 1).copy())
    before = (slice(None),) * (axis % len(whole))
    ends = np.cumsum([0, *(shape[axis] for shape in shapes)]).tolist()
    indices = [(*before, slice(start, end)) for start, end in pairwise(ends)]
    return lambda x: [x[index] for index in indices]


def _concat(_op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    axis = int(known[-1])

    def run(*values: Array) -> Any:
        try:
            return np.concatenate(values[:-1], axis)
        except ValueError:
            return kernel(*values)

    return run


def _reshape(_op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    sizes = known[1].tolist()

    def run(x: Array, new: Array) -> Any:
        if type(x) is not np.ndarray:
            return kernel(x, new)
        try:
            return x.reshape(sizes)
        except ValueError:
            return kernel(x, new)

    return run


def _sum(op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    keep = op._attrs["keep_dims"]
    checked = -1
    axis: tuple[int, ...] = ()

    def run(x: Array, axes: Array) -> Any:
        nonlocal checked, axis
        if x.ndim != checked:
            result = kernel(x, axes)
            axis = tuple({place % x.ndim for place in known[1].reshape(-1).tolist()})
            checked = x.ndim
            return result
        if x.size > _FEW and len(axis) == 1 and _is_short(x, axis[0]):
            total = _layers_added(x, axis[0])
            return np.expand_dims(total, axis[0]) if keep else total
        return np.add.reduce(x, axis=axis, dtype=x.dtype, keepdims=keep)

    return run


def _is_short(x: Array, axis: int) -> bool:
    """Whether NumPy would go over few numbers at a time, again and again."""
    return 2 <= x.shape[axis] <= 16 and axis < x.ndim - 1


def _layers_added(x: Array, axis: int) -> Array:
    """The sum along an axis: whole layers in their order, in half of NumPy's time."""
    first, second, *others = np.moveaxis(x, axis, 0)
    total: Array = first + second
    for layer in others:
        total += layer
    return total


def _add_n(_op: Operation, _known: Sequence[Array], kernel: Kernel) -> Kernel:
    def run(*tensors: Array) -> Any:
        if len(tensors) == 2 and tensors[0].shape == tensors[1].shape:
            return np.add(*tensors)
        return kernel(*tensors)

    return run


def _bias_add_grad(op: Operation, _known: Sequence[Array], kernel: Kernel) -> Kernel:
    ones = np.ones(0)

    def run(grad: Array) -> Any:
        nonlocal ones
        if grad.ndim != 2 or grad.dtype.char not in "fd" or grad.size > _FEW:
            return kernel(grad)
        if ones.dtype is not grad.dtype or len(ones) != len(grad):
            ones = np.ones(len(grad), grad.dtype)
        return ones.dot(grad)

    return run if op._attrs["data_format"] == "NHWC" else kernel


def _expand_dims(_op: Operation, _known: Sequence[Array], kernel: Kernel) -> Kernel:
    checked: Any = None
    shape: tuple[int, ...] = ()

    def run(x: Array, axis: Array) -> Any:
        nonlocal checked, shape
        if type(x) is not np.ndarray or x.shape != checked:
            result = kernel(x, axis)
            checked, shape = np.shape(x), result.shape
            return result
        return x.reshape(shape)

    return run


def _pad(_op: Operation, known: Sequence[Array], kernel: Kernel) -> Kernel:
    pads = known[1].tolist()
    checked: Any = None
    sizes: tuple[int, ...] = ()
    inside: tuple[slice, ...] = ()

    def run(x: Array, paddings: Array) -> Any:
        nonlocal checked, sizes, inside
        if x.shape != checked:
            result = kernel(x, paddings)
            checked, sizes = x.shape, result.shape
            inside = tuple(
                slice(before, before + length)
                for length, (before, _) in zip(x.shape, pads, strict=True)
            )
            return result
        result = np.zeros(sizes, x.dtype)
        result[inside] = x
        return result

    return run


# By type of operation: how it is made, the places of the inputs that must be known.
_SHORTCUTS: dict[str, tuple[Callable[..., Kernel], tuple[int, ...]]] = {
    "AddN": (_add_n, ()),
    "BiasAddGrad": (_bias_add_grad, ()),
    "ConcatV2": (_concat, (-1,)),
    "ExpandDims": (_expand_dims, (1,)),
    "Pad": (_pad, (1,)),
    "Reshape": (_reshape, (1,)),
    "Slice": (_slice, (1, 2)),
    "Split": (_split, (0,)),
    "StridedSlice": (_strided_slice, (1, 2, 3)),
    "Sum": (_sum, (1,)),
}
