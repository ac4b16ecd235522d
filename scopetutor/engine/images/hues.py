"""The hue, saturation and gamma of images, and other ways to write colours.

After ``ops/hues.py``, which computes hues; beside colors.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.ops.tensordot import tensordot
from scopetutor.engine.surroundings import name_scope

from . import shapes
from .colors import as_float, convert_image_dtype, factor_between


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Any:
    """Images with the hue of all pixels turned; 1 is once around."""
    return _adjusted("AdjustHue", "adjust_hue", image, delta, name)


def adjust_saturation(
    image: Any, saturation_factor: Any, name: str | None = None
) -> Any:
    """Images with the saturation of all pixels multiplied."""
    return _adjusted(
        "AdjustSaturation", "adjust_saturation", image, saturation_factor, name
    )


def _adjusted(
    op_type: str, default_name: str, image: Any, number: Any, name: str | None
) -> Any:
    with name_scope(name, default_name, [image]):
        image = convert_to_tensor(image, name="image")
        changed = apply(op_type, as_float(image), number)
        return convert_image_dtype(changed, image.dtype)


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Any:
    """`adjust_hue` by a random number up to `max_delta`.

    Raises:
        ValueError: it is negative, or more than half around.
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_saturation(
    image: Any, lower: float, upper: float, seed: int | None = None
) -> Any:
    """`adjust_saturation` by a random number between two.

    Raises:
        ValueError: they are not in order, or negative.
    """
    return adjust_saturation(image, factor_between(lower, upper, seed))


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Any:
    """Images to the power of `gamma`, times `gain`.

    Raises:
        ValueError: `gamma` is negative.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        floats = as_float(image)
        checks = shapes.asserted(
            gamma >= 0, "Gamma should be a non-negative real number."
        )
        if checks:
            gamma = with_dependencies(checks, gamma)
        changed = gain * floats**gamma
        return convert_image_dtype(changed, image.dtype, saturate=True)


# The numbers of TF 1.15: a row for each channel that is given.
_RGB_TO_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
_YIQ_TO_RGB = [
    [1, 1, 1],
    [0.95598634, -0.27201283, -1.10674021],
    [0.6208248, -0.64720424, 1.70423049],
]
_RGB_TO_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
_YUV_TO_RGB = [
    [1, 1, 1],
    [0, -0.394642334, 2.03206185],
    [1.13988303, -0.58062185, 0],
]


def _mixed(images: Any, weights: Any) -> Any:
    images = convert_to_tensor(images, name="images")
    kernel = convert_to_tensor(weights, dtype=images.dtype, name="kernel")
    rank = images.get_shape().ndims
    return tensordot(images, kernel, axes=[[rank - 1], [0]])


def rgb_to_yiq(images: Any) -> Any:
    """Luma and two differences of colour, as NTSC has them."""
    return _mixed(images, _RGB_TO_YIQ)


def yiq_to_rgb(images: Any) -> Any:
    """The reverse of `rgb_to_yiq`."""
    return _mixed(images, _YIQ_TO_RGB)


def rgb_to_yuv(images: Any) -> Any:
    """Luma and two differences of colour, as PAL has them."""
    return _mixed(images, _RGB_TO_YUV)


def yuv_to_rgb(images: Any) -> Any:
    """The reverse of `rgb_to_yuv`."""
    return _mixed(images, _YUV_TO_RGB)
