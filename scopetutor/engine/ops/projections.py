"""The operation that moves, turns and distorts images: `tf.contrib.image.transform`.

After array. A transform is eight numbers a0 a1 a2 b0 b1 b2 c0 c1: the pixel at (x, y)
is taken from ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    images = rules.with_rank(op._inputs[0]._dims, 4)
    size = shape_inference.value(op, 2)
    rows, columns = (None, None) if size is None else map(int, size)
    return [(images[0], rows, columns, images[3])]


def _sources(transforms: Array, rows: int, columns: int) -> tuple[Array, Array]:
    """Where the pixels come from; those that come from nowhere are at -2."""
    x = np.arange(columns, dtype=np.float32)
    y = np.arange(rows, dtype=np.float32)[:, None]
    a0, a1, a2, b0, b1, b2, c0, c1 = transforms.T[:, :, None, None]
    share = c0 * x + c1 * y + np.float32(1)
    safe = np.where(share == 0, np.float32(1), share)
    from_x = np.where(share == 0, np.float32(-2), (a0 * x + a1 * y + a2) / safe)
    from_y = np.where(share == 0, np.float32(-2), (b0 * x + b1 * y + b2) / safe)
    return from_x, from_y


def _read(images: Array, x: Array, y: Array) -> Array:
    """The pixels at whole places; beyond the images they are 0."""
    rows, columns = images.shape[1:3]
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    batch = np.arange(len(images))[:, None, None]
    columns_of = np.where(inside, x, 0).astype(np.intp)
    rows_of = np.where(inside, y, 0).astype(np.intp)
    found = images[batch, rows_of, columns_of]
    return np.where(inside[..., None], found, np.zeros((), images.dtype))


def _nearest(images: Array, x: Array, y: Array) -> Array:
    """TF 1.15: halves are rounded away from zero."""
    x, y = (np.trunc(at + np.copysign(np.float32(0.5), at)) for at in (x, y))
    return _read(images, x, y)


def _bilinear(images: Array, x: Array, y: Array) -> Array:
    left, top = np.floor(x), np.floor(y)
    right, bottom = left + 1, top + 1
    above, below = (
        (right - x)[..., None] * _read(images, left, row)
        + (x - left)[..., None] * _read(images, right, row)
        for row in (top, bottom)
    )
    result = (bottom - y)[..., None] * above + (y - top)[..., None] * below
    found: Array = result.astype(images.dtype, copy=False)
    return found


_READ = {"NEAREST": _nearest, "BILINEAR": _bilinear}


def _kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    read = _READ[op._attrs["interpolation"]]

    def kernel(images: Array, transforms: Array, size: Array) -> Array:
        transforms = np.broadcast_to(transforms, (len(images), 8))
        return read(images, *_sources(transforms, int(size[0]), int(size[1])))

    return kernel


define(
    "ImageProjectiveTransformV2",
    shape=_shape,
    build=_kernel,
    gradient="projection_gradients.image_projective_transform",
)
