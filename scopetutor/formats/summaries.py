"""The values of a summary: a scalar, a histogram, pictures, text.

Each function gives what the op of that name puts into its ``Summary`` in TF 1.15;
``summary`` puts values together. ``events.py`` writes them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import protos, tensors
from .arrays import Array
from .histogram import histogram
from .png import png

_Value = protos.message_class("Summary.Value")

# TF 1.15: below this the largest value counts as zero
_DARK = 1e-6


def summary(*values: Any) -> Any:
    """A ``Summary`` of these values."""
    return protos.Summary(value=list(values))


def scalar_value(tag: str, value: float) -> Any:
    """The value of ``tf.summary.scalar``."""
    return _Value(tag=tag, simple_value=value)


def histogram_value(tag: str, values: Array) -> Any:
    """The value of ``tf.summary.histogram``.

    Raises:
        ValueError: a value is not finite.
    """
    return _Value(tag=tag, histo=histogram(values))


def image_values(
    tag: str,
    images: Array,
    *,
    max_outputs: int = 3,
    bad_colour: tuple[int, ...] = (255, 0, 0, 255),
) -> list[Any]:
    """The values of ``tf.summary.image``: one for each picture.

    Args:
        tag: ``/image`` is added, and a number unless ``max_outputs`` is 1.
        images: [batch, height, width, channels], uint8 or floating point, with
            1, 3 or 4 channels.
        max_outputs: how many of the batch to keep.
        bad_colour: for pixels that are not finite.

    Raises:
        ValueError: it has another shape.
    """
    if images.ndim != 4 or images.shape[3] not in (1, 3, 4):
        raise ValueError(
            "Tensor must be 4-D with last dim 1, 3, or 4, not "
            f"[{','.join(map(str, images.shape))}]"
        )
    values = []
    for number, image in enumerate(images[:max_outputs]):
        name = f"{tag}/image" if max_outputs == 1 else f"{tag}/image/{number}"
        pixels = image if image.dtype == np.uint8 else _normalized(image, bad_colour)
        height, width, channels = image.shape
        picture = {
            "height": height,
            "width": width,
            "colorspace": channels,
            "encoded_image_string": png(pixels),
        }
        values.append(_Value(tag=name, image=picture))
    return values


def _normalized(image: Array, bad_colour: tuple[int, ...]) -> Array:
    """Floating-point pixels as bytes.

    TF 1.15: positive pictures are stretched to 0..255; pictures with a negative
    value so that zero is 128 and the largest magnitude 127 away from it. The
    arithmetic is that of the picture's own type.
    """
    real = image.dtype.type
    finite = np.isfinite(image).all(axis=2)
    low = np.float32(image[finite].min(initial=np.inf))
    high = np.float32(image[finite].max(initial=-np.inf))
    if low < 0:
        reach, span, offset = max(abs(low), abs(high)), np.float32(127), 128
    else:
        reach, span, offset = high, np.float32(255), 0
    scale = real(0 if reach < _DARK else span / reach)
    pixels = np.zeros(image.shape, np.uint8)
    pixels[finite] = (image[finite] * scale + real(offset)).astype(np.uint8)
    pixels[~finite] = bad_colour[: image.shape[2]]
    return pixels


def text_value(tag: str, text: str | bytes | Array) -> Any:
    """The value of ``tf.summary.text``.

    Args:
        tag: its name.
        text: one string, or an array of them.
    """
    array = text if isinstance(text, np.ndarray) else np.array(text, object)
    about = {"plugin_data": {"plugin_name": "text"}}
    return _Value(tag=tag, metadata=about, tensor=tensors.from_array(array))
