"""`tf.image.adjust_jpeg_quality`: an image with the losses of a JPEG file.

After files: the image is written as a file and read again.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.surroundings import name_scope

from .colors import convert_image_dtype

_BEST = 100


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Any:
    """What is left of an image in a JPEG file.

    Args:
        image: [height, width, 1 or 3].
        jpeg_quality: from 0 to 100, a number or a tensor.
        name: of the scope of the operations.
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        given = image.dtype
        pixels = convert_image_dtype(image, dtypes.uint8)
        if not isinstance(jpeg_quality, Tensor):
            jpeg_quality = convert_to_tensor(jpeg_quality, dtype=dtypes.int32)
        file = apply("EncodeJpegVariableQuality", pixels, jpeg_quality)
        return convert_image_dtype(apply("DecodeJpeg", file), given)


def random_jpeg_quality(
    image: Any, min_jpeg_quality: Any, max_jpeg_quality: Any, seed: int | None = None
) -> Any:
    """What is left of an image in a JPEG file of a random quality.

    Args:
        image: [height, width, 1 or 3].
        min_jpeg_quality: the lowest quality.
        max_jpeg_quality: above the highest quality.
        seed: of the random number.

    Raises:
        ValueError: the qualities are no range within 0 to 100.
    """
    low, high = min_jpeg_quality, max_jpeg_quality
    if low < 0 or high < 0 or low > _BEST or high > _BEST:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if low >= high:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = random_uniform([], low, high, seed=seed, dtype=dtypes.int32)
    return adjust_jpeg_quality(image, quality)
