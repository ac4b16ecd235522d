"""Images in other types, colours, brightness and contrast.

After math; before hues, comparing and the reading of files, which need floats from 0
to 1. TF 1.15: most functions compute in floats and give the image its own type back.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.ops.tensordot import tensordot
from scopetutor.engine.surroundings import name_scope

from . import shapes

_FLOATS = (dtypes.float16, dtypes.float32)


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Any:
    """An image of another type, scaled: floats in [0, 1), whole numbers to the most.

    Args:
        image: numbers.
        dtype: floating or whole.
        saturate: whether what is out of range becomes the nearest value.
        name: of the operations.

    Raises:
        AttributeError: the type is neither.
    """
    image = convert_to_tensor(image, name="image")
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating and not dtype.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    if dtype == image.dtype:
        return array.identity(image, name=name)
    cast = math.saturate_cast if saturate else math.cast
    given = image.dtype
    with name_scope(name, "convert_image", [image]) as scope:
        if given.is_integer and dtype.is_integer:
            if given.max > dtype.max:
                scale = (given.max + 1) // (dtype.max + 1)
                return cast(math.div(image, scale), dtype, name=scope)
            scale = (dtype.max + 1) // (given.max + 1)
            return math.multiply(cast(image, dtype), scale, name=scope)
        if given.is_integer:
            return math.multiply(math.cast(image, dtype), 1.0 / given.max, name=scope)
        if dtype.is_floating:
            return math.cast(image, dtype, name=scope)
        scaled = math.multiply(image, dtype.max + 0.5)
        return cast(scaled, dtype, name=scope)


def rgb_to_grayscale(images: Any, name: str | None = None) -> Any:
    """The brightness of images with three channels, as one."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        floats = convert_image_dtype(images, dtypes.float32)
        gray = tensordot(floats, [0.2989, 0.5870, 0.1140], [-1, -1])
        return convert_image_dtype(expand_dims(gray, -1), images.dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Any:
    """Images with one channel, three times."""
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = shapes.checked_grayscale(images)
        images = convert_to_tensor(images, name="images")
        ones = array.ones(expand_dims(array.rank(images) - 1, 0), dtype=dtypes.int32)
        multiples = concat([ones, expand_dims(3, 0)], 0)
        result = tile(images, multiples, name=scope)
        result.set_shape(images.get_shape()[:-1].concatenate([3]))
        return result


def as_float(image: Any) -> Any:
    """An image of floats: float32, or float16 if it is that already."""
    return (
        image if image.dtype in _FLOATS else convert_image_dtype(image, dtypes.float32)
    )


def adjust_brightness(image: Any, delta: Any) -> Any:
    """An image with `delta`, from -1 to 1, added to all pixels."""
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        floats = as_float(image)
        changed = math.add(floats, math.cast(delta, floats.dtype), name=scope)
        return convert_image_dtype(changed, image.dtype, saturate=True)


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Any:
    """`adjust_brightness` by a random number up to `max_delta`.

    Raises:
        ValueError: it is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    delta = random_uniform([], -max_delta, max_delta, seed=seed)
    return adjust_brightness(image, delta)


def adjust_contrast(images: Any, contrast_factor: Any) -> Any:
    """Images with each pixel's difference to its channel's mean multiplied."""
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        changed = apply(
            "AdjustContrastv2", as_float(images), contrast_factor, name=scope
        )
        return convert_image_dtype(changed, images.dtype, saturate=True)


def random_contrast(
    image: Any, lower: float, upper: float, seed: int | None = None
) -> Any:
    """`adjust_contrast` by a random number between two.

    Raises:
        ValueError: they are not in order, or negative.
    """
    return adjust_contrast(image, factor_between(lower, upper, seed))


def factor_between(lower: float, upper: float, seed: int | None) -> Any:
    """A random number between two.

    Raises:
        ValueError: they are not in order, or negative.
    """
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return random_uniform([], lower, upper, seed=seed)


def per_image_standardization(image: Any) -> Any:
    """Images with mean 0 and variance 1 each; a plain image becomes 0."""
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = shapes.checked(convert_to_tensor(image, name="image"))
        given = image.dtype
        image = as_float(image)
        pixels = math.reduce_prod(array.shape(image)[-3:])
        mean = math.reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        stddev = math.reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        least = math.rsqrt(math.cast(pixels, image.dtype))
        stddev = math.maximum(stddev, least)
        image -= mean
        image = math.div(image, stddev, name=scope)
        return convert_image_dtype(image, given, saturate=True)


def total_variation(images: Any, name: str | None = None) -> Any:
    """The sum of the differences between neighbouring pixels, for each image.

    Raises:
        ValueError: it is no image and no batch.
    """
    with name_scope(name, "total_variation"):
        rank = images.get_shape().ndims
        if rank == 3:
            down = images[1:, :, :] - images[:-1, :, :]
            along = images[:, 1:, :] - images[:, :-1, :]
            axes = None
        elif rank == 4:
            down = images[:, 1:, :, :] - images[:, :-1, :, :]
            along = images[:, :, 1:, :] - images[:, :, :-1, :]
            axes = [1, 2, 3]
        else:
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        first = math.reduce_sum(math.abs(down), axis=axes)
        return first + math.reduce_sum(math.abs(along), axis=axes)
