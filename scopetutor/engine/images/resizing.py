"""`tf.image.resize_images`, and cropping and padding to a size.

``ops/resize.py`` computes the pixels; here sizes are checked, and ratios kept. Where a
size is not known before the run, TF 1.15 checks it with operations, and so does this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.joining import stack
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import expand_dims, reshape, squeeze
from scopetutor.engine.ops.resize import (
    resize_area,
    resize_bicubic,
    resize_bilinear,
    resize_nearest_neighbor,
)
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.ops.static import static_shape
from scopetutor.engine.surroundings import name_scope

from . import shapes

if TYPE_CHECKING:
    from collections.abc import Callable


class ResizeMethod:
    """How `resize_images` finds the new pixels."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


_RESIZERS: dict[Any, Callable[..., Any]] = {
    0: resize_bilinear,
    1: resize_nearest_neighbor,
    2: resize_bicubic,
    3: resize_area,
    "bilinear": resize_bilinear,
    "nearest": resize_nearest_neighbor,
    "bicubic": resize_bicubic,
    "area": resize_area,
}


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Any:
    """Images in another size; as they are, if it is known to be theirs.

    Args:
        images: [height, width, channels] or [batch, height, width, channels].
        size: (height, width).
        method: of `ResizeMethod`.
        align_corners: whether the corner pixels keep their values.
        preserve_aspect_ratio: whether they fit into the size with their own ratio.
        name: of the operations.

    Raises:
        ValueError: images or size have another rank, or the method is unknown.
    """
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        rank = images.get_shape().ndims
        if rank is None:
            raise ValueError("'images' contains no shape.")
        if rank not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        if rank == 3:
            images = expand_dims(images, 0)
        size = _as_size(size)
        wanted = static_shape(size).as_list()
        if preserve_aspect_ratio:
            size = _with_ratio(images, wanted)
            wanted = static_shape(size).as_list()
        known = images.get_shape().as_list()[1:3]
        if None in known or known != wanted:
            if method not in _RESIZERS:
                raise ValueError("Resize method is not implemented.")
            images = _RESIZERS[method](images, size, align_corners=align_corners)
            images.set_shape([None, *wanted, None])
        return images if rank == 4 else squeeze(images, axis=[0])


def _as_size(size: Any) -> Any:
    try:
        size = convert_to_tensor(size, dtypes.int32, name="size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not size.get_shape().is_compatible_with([2]):
        raise ValueError(
            "'size' must be a 1-D Tensor of 2 elements: new_height, new_width"
        )
    return size


def _with_ratio(images: Any, wanted: list[Any]) -> Any:
    """The largest size within the wanted one that has the images' ratio."""
    _, height, width, _ = shapes.sizes_of(images)
    scales = [
        math.cast(new, dtypes.float32) / math.cast(old, dtypes.float32)
        for new, old in zip(wanted, (height, width), strict=True)
    ]
    scale = math.minimum(*scales)
    sizes = [
        math.cast(math.round(scale * math.cast(old, dtypes.float32)), dtypes.int32)
        for old in (height, width)
    ]
    return convert_to_tensor(sizes, dtypes.int32, name="size")


# -- cropping and padding ----------------------------------------------------------


def crop_to_bounding_box(
    image: Any,
    offset_height: Any,
    offset_width: Any,
    target_height: Any,
    target_width: Any,
) -> Any:
    """A part of an image.

    Args:
        image: [height, width, channels] or [batch, height, width, channels].
        offset_height: the first row.
        offset_width: the first column.
        target_height: how many rows.
        target_width: how many columns.

    Raises:
        ValueError: it is no image, or the part is not in it.
    """
    with name_scope(None, "crop_to_bounding_box", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = shapes.as_batch(image)
        checks = shapes.image_checks(image)
        batch, height, width, depth = shapes.sizes_of(image)
        checks += shapes.asserted(offset_width >= 0, "offset_width must be >= 0.")
        checks += shapes.asserted(offset_height >= 0, "offset_height must be >= 0.")
        checks += shapes.asserted(target_width > 0, "target_width must be > 0.")
        checks += shapes.asserted(target_height > 0, "target_height must be > 0.")
        fits = width >= target_width + offset_width
        checks += shapes.asserted(fits, "width must be >= target + offset.")
        fits = height >= target_height + offset_height
        checks += shapes.asserted(fits, "height must be >= target + offset.")
        image = with_dependencies(checks, image)
        begin = stack([0, offset_height, offset_width, 0])
        cropped = slice_of(image, begin, stack([-1, target_height, target_width, -1]))
        cropped.set_shape(_static([batch, target_height, target_width, depth]))
        return cropped if was_batch else squeeze(cropped, axis=[0])


def _static(sizes: list[Any]) -> list[int | None]:
    return [None if is_tensor(size) else size for size in sizes]


def pad_to_bounding_box(
    image: Any,
    offset_height: Any,
    offset_width: Any,
    target_height: Any,
    target_width: Any,
) -> Any:
    """An image with zeros around it.

    Args:
        image: [height, width, channels] or [batch, height, width, channels].
        offset_height: how many rows of zeros come first.
        offset_width: how many columns of zeros come first.
        target_height: how many rows the result has.
        target_width: how many columns the result has.

    Raises:
        ValueError: it is no image, or too large.
    """
    with name_scope(None, "pad_to_bounding_box", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = shapes.as_batch(image)
        checks = shapes.image_checks(image)
        batch, height, width, depth = shapes.sizes_of(image)
        right = target_width - offset_width - width
        below = target_height - offset_height - height
        checks += shapes.asserted(offset_height >= 0, "offset_height must be >= 0")
        checks += shapes.asserted(offset_width >= 0, "offset_width must be >= 0")
        checks += shapes.asserted(right >= 0, "width must be <= target - offset")
        checks += shapes.asserted(below >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        around = stack([0, 0, offset_height, below, offset_width, right, 0, 0])
        padded = pad(image, reshape(around, [4, 2]))
        padded.set_shape(_static([batch, target_height, target_width, depth]))
        return padded if was_batch else squeeze(padded, axis=[0])


def _checked(
    image: Any, target_height: Any, target_width: Any
) -> tuple[Any, bool, list[Any]]:
    """An image as a batch, whether it was one, and what is checked before it is used.

    Raises:
        ValueError: it is no image, or a size is not positive.
    """
    image = convert_to_tensor(image, name="image")
    image, was_batch = shapes.as_batch(image)
    checks = shapes.image_checks(image)
    checks += shapes.asserted(target_width > 0, "target_width must be > 0.")
    checks += shapes.asserted(target_height > 0, "target_height must be > 0.")
    return with_dependencies(checks, image), was_batch, checks


def resize_image_with_crop_or_pad(
    image: Any, target_height: Any, target_width: Any
) -> Any:
    """The middle of an image, or an image in the middle of zeros.

    Args:
        image: [height, width, channels] or [batch, height, width, channels].
        target_height: how many rows the result has.
        target_width: how many columns the result has.

    Raises:
        ValueError: it is no image, or a size is not positive.
    """
    with name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, was_batch, checks = _checked(image, target_height, target_width)
        if is_tensor(target_height):
            target_height = with_dependencies(checks, target_height)
        if is_tensor(target_width):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = shapes.sizes_of(image)
        more = target_width - width
        crop_left, pad_left = _greater(-more // 2, 0), _greater(more // 2, 0)
        more = target_height - height
        crop_top, pad_top = _greater(-more // 2, 0), _greater(more // 2, 0)
        rows, columns = _less(target_height, height), _less(target_width, width)
        cropped = crop_to_bounding_box(image, crop_top, crop_left, rows, columns)
        resized = pad_to_bounding_box(
            cropped, pad_top, pad_left, target_height, target_width
        )
        _, height, width, _ = shapes.sizes_of(resized)
        checks = shapes.asserted(
            _equal(height, target_height), "resized height is not correct."
        )
        checks += shapes.asserted(
            _equal(width, target_width), "resized width is not correct."
        )
        resized = with_dependencies(checks, resized)
        return resized if was_batch else squeeze(resized, axis=[0])


def resize_image_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Any:
    """An image as large as fits, in the middle of zeros.

    Args:
        image: [height, width, channels] or [batch, height, width, channels].
        target_height: how many rows the result has.
        target_width: how many columns the result has.
        method: of `ResizeMethod`.
        align_corners: whether the corner pixels keep their values.

    Raises:
        ValueError: it is no image, or a size is not positive.
    """
    with name_scope(None, "resize_image_with_pad", [image]):
        image, was_batch, _ = _checked(image, target_height, target_width)
        sizes, (above, left) = _fitted(image, target_height, target_width)
        resized = resize_images(image, sizes, method, align_corners=align_corners)
        padded = pad_to_bounding_box(resized, above, left, target_height, target_width)
        if padded.get_shape().ndims is None:
            raise ValueError("padded contains no shape.")
        shapes.sizes_of(padded)  # TF 1.15: makes its operations, and has no use for it
        return padded if was_batch else squeeze(padded, axis=[0])


def _fitted(image: Any, *targets: Any) -> tuple[list[Any], list[Any]]:
    """The largest height and width that fit, and how many zeros come before."""
    _, *given = shapes.sizes_of(image)[:3]
    sizes = [math.cast(size, dtypes.float64) for size in given]
    wanted = [math.cast(size, dtypes.float64) for size in targets]
    across, down = sizes[1] / wanted[1], sizes[0] / wanted[0]
    ratio = _greater(across, down)
    fitting = [size / ratio for size in sizes]
    whole = [math.cast(math.floor(size), dtypes.int32) for size in fitting]
    free = [(a - b) / 2 for a, b in zip(wanted, fitting, strict=True)]
    free = [math.floor(size) for size in free]
    return whole, [_greater(0, math.cast(size, dtypes.int32)) for size in free]


def _greater(x: Any, y: Any) -> Any:
    return math.maximum(x, y) if is_tensor(x) or is_tensor(y) else max(x, y)


def _less(x: Any, y: Any) -> Any:
    return math.minimum(x, y) if is_tensor(x) or is_tensor(y) else min(x, y)


def _equal(x: Any, y: Any) -> Any:
    return math.equal(x, y) if is_tensor(x) or is_tensor(y) else x == y


def central_crop(image: Any, central_fraction: float) -> Any:
    """The middle of an image: a share of its height and width.

    Raises:
        ValueError: the share is not in (0, 1], or it is no image.
    """
    with name_scope(None, "central_crop", [image]):
        image = convert_to_tensor(image, name="image")
        if central_fraction <= 0.0 or central_fraction > 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return image
        shapes.checked(image)
        rank = image.get_shape().ndims
        if rank not in (3, 4):
            raise ValueError(
                "`image` should either be a Tensor with rank = 3 or rank = 4. Had rank "
                f"= {rank}."
            )
        first = rank - 3  # the axis of rows
        sizes = [_size_at(image, axis) for axis in (first, first + 1)]
        starts = [_border(size, central_fraction) for size in sizes]
        counts = [size - start * 2 for size, start in zip(sizes, starts, strict=True)]
        whole = ([0], [-1]) if rank == 4 else ([], [])
        begin = stack([*whole[0], *starts, 0])
        count = stack([*whole[1], *counts, -1])
        known = image.get_shape().as_list()
        image = slice_of(image, begin, count)
        image.set_shape([*known[:first], *_static(counts), known[-1]])
        return image


def _size_at(image: Any, axis: int) -> Any:
    known = image.get_shape()[axis].value
    return array.shape(image)[axis] if known is None else known


def _border(size: Any, share: float) -> Any:
    """How many rows or columns are left out on one side."""
    if is_tensor(size):
        number = math.cast(size, dtypes.float64)
        return math.cast((number - number * share) / 2, dtypes.int32)
    number = float(size)
    return int((number - number * share) / 2)
