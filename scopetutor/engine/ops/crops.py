"""The operation that cuts boxes out of images and scales them to one size.

After resize, which scales whole images. A box is [top, left, bottom, right], in shares
of the image's height and width less one; it may reach beyond the image, and a box
whose bottom is above its top is mirrored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError, OutOfRangeError
from scopetutor.engine.registry import ShapeError, define

from . import array, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_FLOATS = (dtypes.float16, dtypes.float32, dtypes.float64)


def _shape(op: Operation) -> list[Dims]:
    image = rules.with_rank(op._inputs[0]._dims, 4)
    boxes = rules.with_rank(op._inputs[1]._dims, 2)
    index = rules.with_rank(op._inputs[2]._dims, 1)
    count = rules.merge_dim(boxes[0], index[0])
    if boxes[1] not in (None, 4):
        raise ShapeError(f"Dimension must be 4 but is {boxes[1]}")
    size = rules.with_rank(op._inputs[3]._dims, 1)
    if size[0] not in (None, 2):
        raise ShapeError(f"Dimension must be 2 but is {size[0]}")
    value = shape_inference.value(op, 3)
    rows, columns = (None, None) if value is None else map(int, value)
    return [(count, rows, columns, image[3])]


class _Samples(NamedTuple):
    """Where the rows or columns of crops lie in images.

    Attributes:
        low, high: the pixels before and after them, [boxes, size].
        share: how near the pixel after is, from 0 to 1.
        inside: whether they lie in the image.
    """

    low: Array
    high: Array
    share: Array
    inside: Array


def _samples(boxes: Array, axis: int, crop: int, size: int) -> _Samples:
    begin, end = boxes[:, axis, None], boxes[:, axis + 2, None]
    last = np.float32(size - 1)
    if crop > 1:
        step = (end - begin) * last / np.float32(crop - 1)
        at = begin * last + np.arange(crop, dtype=np.float32) * step
    else:
        at = np.float32(0.5) * (begin + end) * last
    inside = (at >= 0) & (at <= last)
    kept = np.where(inside, at, 0)
    low = np.floor(kept).astype(np.intp)
    high = np.ceil(kept).astype(np.intp)
    share = kept - low.astype(np.float32)
    return _Samples(low, high, share, inside)


def _checked(images: Array, boxes: Array, index: Array) -> None:
    if images.ndim != 4:
        raise InvalidArgumentError(None, None, "input image must be 4-D")
    if not images.shape[1] or not images.shape[2]:
        raise InvalidArgumentError(None, None, "image dimensions must be positive")
    if index.size and not ((index >= 0) & (index < len(images))).all():
        text = "box_index has values outside [0, batch_size)"
        raise OutOfRangeError(None, None, text)


def _corners(
    images: Array, index: Array, rows: _Samples, columns: _Samples
) -> list[Array]:
    """The pixels around each sample: top left, top right, bottom left, bottom right."""
    of = index[:, None, None]
    return [
        images[of, y[:, :, None], x[:, None, :]].astype(np.float32, copy=False)
        for y in (rows.low, rows.high)
        for x in (columns.low, columns.high)
    ]


def _kernel(op: Operation) -> Callable[..., Array]:
    nearest = op._attrs["method"] == "nearest"
    outside = np.float32(op._attrs["extrapolation_value"])

    def kernel(images: Array, boxes: Array, index: Array, size: Array) -> Array:
        _checked(images, boxes, index)
        if (size <= 0).any():
            raise InvalidArgumentError(None, None, "crop dimensions must be positive")
        rows = _samples(boxes, 0, int(size[0]), images.shape[1])
        columns = _samples(boxes, 1, int(size[1]), images.shape[2])
        if nearest:
            found = images[
                index[:, None, None],
                _nearest(rows)[:, :, None],
                _nearest(columns)[:, None, :],
            ].astype(np.float32)
        else:
            found = _between(_corners(images, index, rows, columns), rows, columns)
        inside = rows.inside[:, :, None] & columns.inside[:, None, :]
        return np.where(inside[..., None], found, outside)

    return kernel


def _nearest(samples: _Samples) -> Array:
    """The nearest pixels; halves go to the one after."""
    return np.where(samples.share < 0.5, samples.low, samples.high)


def _between(corners: list[Array], rows: _Samples, columns: _Samples) -> Array:
    top_left, top_right, bottom_left, bottom_right = corners
    x, y = columns.share[:, None, :, None], rows.share[:, :, None, None]
    top = top_left + (top_right - top_left) * x
    bottom = bottom_left + (bottom_right - bottom_left) * x
    result: Array = top + (bottom - top) * y
    return result


define(
    "CropAndResize", shape=_shape, build=_kernel, gradient="crops.crop_and_resize_grad"
)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_ind: Any = None,
    crop_size: Any = None,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
    box_indices: Any = None,
) -> Any:
    """Parts of images, all scaled to one size.

    Args:
        image: [batch, height, width, channels].
        boxes: [boxes, 4], as this module's first lines say.
        box_ind: [boxes], which image each is cut out of.
        crop_size: [height, width].
        method: "bilinear" or "nearest".
        extrapolation_value: of pixels that lie outside.
        name: of the operation.
        box_indices: the new name of `box_ind`.

    Returns:
        [boxes, height, width, channels], float32.
    """
    if box_ind is not None:
        deprecation.warn_argument(
            "crop_and_resize_v1",
            "image_ops_impl",
            "box_ind",
            "box_ind is deprecated, use box_indices instead",
        )
    box_ind = deprecation.either("box_indices", box_indices, "box_ind", box_ind)
    return apply(
        "CropAndResize",
        image,
        boxes,
        box_ind,
        crop_size,
        method=method,
        extrapolation_value=extrapolation_value,
        name=name,
    )


# -- gradients ---------------------------------------------------------------------


def crop_and_resize_grad(op: Operation, grad: Any) -> list[Any]:
    """Those of the images, if they are floats, and of the boxes."""
    images, boxes, index, _ = op.inputs
    known = images.get_shape()
    sizes = known.as_list() if known.is_fully_defined() else array.shape(images)
    of_images = None
    if images.dtype in _FLOATS:
        of_images = apply(
            "CropAndResizeGradImage",
            grad,
            boxes,
            index,
            sizes,
            T=op.get_attr("T"),
            method=op.get_attr("method"),
        )
    of_boxes = apply("CropAndResizeGradBoxes", grad, images, boxes, index)
    return [of_images, of_boxes, None, None]


def _images_kernel(op: Operation) -> Callable[..., Array]:
    nearest = op._attrs["method"] == "nearest"
    kind = op._attrs["T"].as_numpy_dtype

    def kernel(grads: Array, boxes: Array, index: Array, size: Array) -> Array:
        result = np.zeros(tuple(size), np.float32)
        rows = _samples(boxes, 0, grads.shape[1], int(size[1]))
        columns = _samples(boxes, 1, grads.shape[2], int(size[2]))
        inside = rows.inside[:, :, None] & columns.inside[:, None, :]
        grads = grads * inside[..., None]
        of = index[:, None, None]
        if nearest:
            y, x = _nearest(rows)[:, :, None], _nearest(columns)[:, None, :]
            np.add.at(result, (of, y, x), grads)
            return result.astype(kind)
        for y, of_row in ((rows.low, 1 - rows.share), (rows.high, rows.share)):
            part = grads * of_row[:, :, None, None]
            for x, of_column in (
                (columns.low, 1 - columns.share),
                (columns.high, columns.share),
            ):
                share = part * of_column[:, None, :, None]
                np.add.at(result, (of, y[:, :, None], x[:, None, :]), share)
        return result.astype(kind)

    return kernel


def _boxes_kernel(grads: Array, images: Array, boxes: Array, index: Array) -> Array:
    rows = _samples(boxes, 0, grads.shape[1], images.shape[1])
    columns = _samples(boxes, 1, grads.shape[2], images.shape[2])
    inside = rows.inside[:, :, None] & columns.inside[:, None, :]
    grads = grads * inside[..., None]
    top_left, top_right, bottom_left, bottom_right = _corners(
        images, index, rows, columns
    )
    x, y = columns.share[:, None, :, None], rows.share[:, :, None, None]
    down = (1 - x) * (bottom_left - top_left) + x * (bottom_right - top_right)
    right = (1 - y) * (top_right - top_left) + y * (bottom_right - bottom_left)
    result = np.zeros_like(boxes)
    for axis, change, size in ((0, down, images.shape[1]), (1, right, images.shape[2])):
        crop = grads.shape[1 + axis]
        summed = (change * grads).sum(axis=(3, 2 - axis))
        end = np.arange(crop) / (crop - 1) if crop > 1 else np.full(1, 0.5)
        result[:, axis] = (summed * (1 - end) * (size - 1)).sum(1)
        result[:, axis + 2] = (summed * end * (size - 1)).sum(1)
    return result


define(
    "CropAndResizeGradImage",
    shape=lambda op: [rules.of_value(3)(op)[0]],
    build=_images_kernel,
    gradient=None,
)
define(
    "CropAndResizeGradBoxes",
    shape=lambda op: [op._inputs[2]._dims],
    kernel=_boxes_kernel,
    gradient=None,
)
