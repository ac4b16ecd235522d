"""The operations on the hue and saturation of images.

After math. A colour is hue, saturation and value, each from 0 to 1, or red, green and
blue. TF 1.15 has no gradients for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _colour_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    if dims is None:
        return [None]
    if dims[-1] not in (None, 3):
        raise ShapeError(f"Dimension must be 3 but is {dims[-1]}")
    return [(*dims[:-1], 3)]


def _image_shape(op: Operation) -> list[Dims]:
    return [rules.at_least_rank(op._inputs[0]._dims, 3)]


def _hue(colours: Array, most: Array, spread: Array) -> Array:
    """The hues, from 0 to 1; those of greys are 0."""
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    sixth = np.divide(1, 6 * spread, out=np.zeros_like(spread), where=spread > 0)
    third = colours.dtype.type(1 / 3)
    hue = np.where(
        red == most,
        sixth * (green - blue),
        np.where(
            green == most,
            sixth * (blue - red) + third,
            sixth * (red - green) + 2 * third,
        ),
    )
    hue = np.where(spread > 0, hue, 0)
    return np.where(hue < 0, hue + 1, hue)


def _to_hsv(colours: Array) -> Array:
    most, least = colours.max(-1), colours.min(-1)
    spread = most - least
    saturation = np.divide(spread, most, out=np.zeros_like(most), where=most > 0)
    parts = [_hue(colours, most, spread), saturation, most]
    return np.stack(parts, -1).astype(colours.dtype, copy=False)


def _pure(hue: Array) -> Array:
    """The red, green and blue of the brightest colours of some hues."""
    sixths = hue * 6
    parts = [
        abs(sixths - 3) - 1,
        2 - abs(sixths - 2),
        2 - abs(sixths - 4),
    ]
    return np.stack([np.clip(part, 0, 1) for part in parts], -1)


def _to_rgb(colours: Array) -> Array:
    hue, saturation, value = (colours[..., i] for i in range(3))
    kept = saturation[..., None]
    result: Array = ((1 - kept) + kept * _pure(hue)) * value[..., None]
    return result.astype(colours.dtype, copy=False)


def _turned(images: Array, delta: Array) -> Array:
    most, least = images.max(-1), images.min(-1)
    hue = (_hue(images, most, most - least) + delta) % images.dtype.type(1)
    result: Array = least[..., None] + (most - least)[..., None] * _pure(hue)
    return result.astype(images.dtype, copy=False)


def _saturated(images: Array, scale: Array) -> Array:
    colours = _to_hsv(images)
    colours[..., 1] = np.clip(colours[..., 1] * scale, 0, 1)
    return _to_rgb(colours)


def _checked(change: Callable[[Array, Array], Array], what: str) -> Any:
    """A kernel that changes images by a number, which it calls `what`."""

    def kernel(images: Array, number: Array) -> Array:
        if images.ndim < 3:
            text = f"input must be at least 3-D, got shape{dims_text(images.shape)}"
            raise InvalidArgumentError(None, None, text)
        if np.ndim(number):
            text = f"{what} must be scalar: {dims_text(np.shape(number))}"
            raise InvalidArgumentError(None, None, text)
        if images.shape[-1] != 3:
            text = f"input must have 3 channels but instead has {images.shape[-1]}"
            raise InvalidArgumentError(None, None, f"{text} channels.")
        return change(images, number)

    return kernel


define("RGBToHSV", shape=_colour_shape, kernel=_to_hsv)
define("HSVToRGB", shape=_colour_shape, kernel=_to_rgb)
define("AdjustHue", shape=_image_shape, kernel=_checked(_turned, "delta"))
define("AdjustSaturation", shape=_image_shape, kernel=_checked(_saturated, "scale"))


def rgb_to_hsv(images: Any, name: str | None = None) -> Any:
    """Hue, saturation and value of red, green and blue in the last dimension."""
    return apply("RGBToHSV", images, name=name)


def hsv_to_rgb(images: Any, name: str | None = None) -> Any:
    """Red, green and blue of hue, saturation and value in the last dimension."""
    return apply("HSVToRGB", images, name=name)
