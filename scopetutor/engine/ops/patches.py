"""The operations that put the windows of images, or of volumes, into rows.

After windows, which has the arithmetic of paddings and strides.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.sparse import SparseTensor

from . import array, joining, math, reshaping, rules, sparse_math, sparse_shapes
from .windows import same_padding

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _geometry(op: Operation) -> list[tuple[int, int, int]]:
    """Window, stride and distance between the pixels of a window, for each axis."""
    attrs = op._attrs
    windows = attrs["ksizes"][1:-1]
    rates = attrs["rates"][1:-1] if "rates" in attrs else [1] * len(windows)
    return list(zip(windows, attrs["strides"][1:-1], rates, strict=True))


def _shape(op: Operation) -> list[Dims]:
    geometry = _geometry(op)
    dims = rules.with_rank(op._inputs[0]._dims, len(geometry) + 2)
    sizes = [
        _count(size, (window - 1) * rate + 1, stride, op._attrs["padding"])
        for size, (window, stride, rate) in zip(dims[1:-1], geometry, strict=True)
    ]
    count = int(np.prod([window for window, _, _ in geometry]))
    depth = None if dims[-1] is None else dims[-1] * count
    return [(dims[0], *sizes, depth)]


def _count(size: int | None, reach: int, stride: int, padding: str) -> int | None:
    """How many windows lie along an axis.

    TF 1.15: none is no error, if a window is longer by less than a stride.
    """
    if size is None:
        return None
    if padding == "SAME":
        return -(-size // stride)
    count = int((size - reach + stride) / stride)
    if count < 0:
        raise ShapeError(
            f"Computed output size would be negative: {count} [input_size: {size}, "
            f"effective_filter_size: {reach}, stride: {stride}]"
        )
    return count


def _kernel(op: Operation) -> Callable[[Array], Array]:
    geometry, padding = _geometry(op), op._attrs["padding"]

    def kernel(images: Array) -> Array:
        sizes = images.shape[1:-1]
        counts = [
            _count(size, (window - 1) * rate + 1, stride, padding) or 0
            for size, (window, stride, rate) in zip(sizes, geometry, strict=True)
        ]
        if padding == "SAME":
            around = [
                same_padding(size, (window - 1) * rate + 1, stride)
                for size, (window, stride, rate) in zip(sizes, geometry, strict=True)
            ]
            images = np.pad(images, [(0, 0), *around, (0, 0)])
        places = itertools.product(*(range(window) for window, _, _ in geometry))
        parts = [
            images[
                (
                    slice(None),
                    *(
                        slice(at * rate, at * rate + stride * count, stride)
                        for at, (_, stride, rate), count in zip(
                            place, geometry, counts, strict=True
                        )
                    ),
                )
            ]
            for place in places
        ]
        return np.concatenate(parts, -1)

    return kernel


define(
    "ExtractImagePatches",
    shape=_shape,
    build=_kernel,
    gradient="patches.extract_image_patches_grad",
)
define("ExtractVolumePatches", shape=_shape, build=_kernel)


def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    sizes: Any = None,
) -> Any:
    """The windows of images, the pixels of each in a row.

    Args:
        images: [batch, height, width, channels].
        ksizes: the size of a window, [1, rows, columns, 1].
        strides: from one window to the next, [1, rows, columns, 1].
        rates: from one pixel of a window to the next, [1, rows, columns, 1].
        padding: "SAME" or "VALID".
        name: of the operation.
        sizes: the new name of `ksizes`.

    Returns:
        [batch, rows, columns, pixels of a window times channels].
    """
    if ksizes is not None:
        deprecation.warn_argument(
            "extract_image_patches",
            "array_ops",
            "ksizes",
            "ksizes is deprecated, use sizes instead",
        )
    ksizes = deprecation.either("sizes", sizes, "ksizes", ksizes)
    return extract_patches(images, ksizes, strides, rates, padding, name)


def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: Any,
    name: str | None = None,
) -> Any:  # fmt: skip
    """`extract_image_patches` under its new name."""
    return apply(
        "ExtractImagePatches",
        images,
        ksizes=sizes,
        strides=strides,
        rates=rates,
        padding=padding,
        name=name,
    )


def extract_volume_patches(
    input: Any, ksizes: Any, strides: Any, padding: Any, name: str | None = None
) -> Any:
    """The windows of volumes, [batch, planes, rows, columns, channels]."""
    return apply(
        "ExtractVolumePatches",
        input,
        ksizes=ksizes,
        strides=strides,
        padding=padding,
        name=name,
    )


def extract_image_patches_grad(op: Operation, grad: Any) -> list[Any]:
    """Each pixel gets what the windows have that it lies in.

    TF 1.15 numbers the pixels, takes the windows of the numbers, and multiplies by the
    sparse matrix that says which pixel lies where; number 0 is padding.
    """
    given = array.shape(op.inputs[0], out_type=dtypes.int64)
    batch, rows, columns, channels = (given[i] for i in range(4))
    pixels = 1 + rows * columns
    numbers = math.range_(1, pixels, dtype=dtypes.int64)
    taken = extract_patches(
        reshaping.reshape(numbers, (1, rows, columns, 1)),
        *(op.get_attr(attr) for attr in ("ksizes", "strides", "rates", "padding")),
    )
    found = array.shape(op.outputs[0], out_type=dtypes.int64)
    down, across = found[1], found[2]
    _, height, width, _ = op.get_attr("ksizes")
    places = down * across * height * width
    counted = reshaping.reshape(
        math.range_(places, dtype=dtypes.int64), (1, down, across, height * width)
    )
    pairs = joining.concat(
        [reshaping.expand_dims(taken, axis=-1), reshaping.expand_dims(counted, -1)],
        axis=-1,
    )
    matrix = SparseTensor(
        reshaping.reshape(pairs, (-1, 2)),
        array.ones([places], dtype=grad.dtype),
        (pixels, places),
    )
    matrix = sparse_shapes.sparse_slice(matrix, (1, 0), (pixels - 1, places))
    turned = reshaping.transpose(
        reshaping.reshape(grad, (batch, down, across, height, width, channels)),
        (1, 2, 3, 4, 0, 5),
    )
    flat = reshaping.reshape(turned, (-1, batch * channels))
    summed = sparse_math.sparse_tensor_dense_matmul(matrix, flat)
    result = reshaping.reshape(summed, (rows, columns, batch, channels))
    return [reshaping.transpose(result, (2, 0, 1, 3))]
