"""`tf.image.extract_glimpse`: a window of each image, where an offset says.

After state. TF 1.15: what lies outside of the image is filled with noise of the kind
of the image; a window that begins before the image is filled from its own end, and one
that ends behind it from its beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference, state
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def extract_glimpse(
    input: Any,
    size: Any,
    offsets: Any,
    centered: bool = True,
    normalized: bool = True,
    uniform_noise: bool = True,
    name: str | None = None,
) -> Any:
    """A window of each image.

    Args:
        input: [batch, height, width, channels], float32.
        size: the height and width of the windows, int32.
        offsets: [batch, 2]: where they are, y before x.
        centered: whether 0 is the middle of an image, and not its first pixel.
        normalized: whether 1 is the whole height or width, and not one pixel.
        uniform_noise: whether what is outside is equally likely noise between the
            least and the largest pixel, and not normal noise.
        name: of the operation.

    Returns:
        [batch, height, width, channels] with the height and width of `size`.
    """
    return apply(
        "ExtractGlimpse",
        input,
        size,
        offsets,
        centered=centered,
        normalized=normalized,
        uniform_noise=uniform_noise,
        name=name,
    )


def _shape(op: Operation) -> list[Dims]:
    images = rules.with_rank(op._inputs[0]._dims, 4)
    offsets = rules.with_rank(op._inputs[2]._dims, 2)
    batch = rules.merge_dim(images[0], offsets[0])
    rules.with_size(offsets[1], 2)
    size = rules.with_rank(op._inputs[1]._dims, 1)
    rules.with_size(size[0], 2)
    known = shape_inference.value(op, 1)
    height, width = (None, None) if known is None else known.tolist()
    return [(batch, height, width, images[3])]


def _check(images: Array, size: Array, offsets: Array) -> None:
    said = None
    if images.ndim != 4:
        said = "input must be 4-dimensional (batch_size, height, width, depth)"
        said += dims_text(images.shape)
    elif size.shape != (2,):
        said = "input must be a vector of size 2 (height, width)"
        said += dims_text(size.shape)
    elif offsets.ndim != 2:
        said = f"input must be a matrix{dims_text(offsets.shape)}"
    elif len(offsets) != len(images):
        said = f"first dimension should be batch{dims_text(offsets.shape)}"
    elif offsets.shape[1] != 2:
        said = "second dimension should be of size 2 (y,x)"
        said += dims_text(offsets.shape)
    if said:
        raise InvalidArgumentError(None, None, said)


def _build(op: Operation) -> Callable[[Array, Array, Array], Array]:
    attrs = op._attrs

    def kernel(images: Array, size: Array, offsets: Array) -> Array:
        _check(images, size, offsets)
        space = np.array(images.shape[1:3])
        begins = _begins(offsets, space, size, attrs["normalized"], attrs["centered"])
        shape = (len(images), *size.tolist(), images.shape[3])
        result = np.empty(shape, images.dtype)
        for glimpse, image, begin in zip(result, images, begins, strict=True):
            if (begin < 0).any() or (begin + size >= space).any():
                glimpse[...] = _noise(image, glimpse.shape, attrs["uniform_noise"])
            (to_y, from_y), (to_x, from_x) = (
                _shared(*sizes)
                for sizes in zip(begin.tolist(), size.tolist(), space, strict=True)
            )
            glimpse[to_y, to_x] = image[from_y, from_x]
        return result

    return kernel


def _begins(
    offsets: Array, space: Array, size: Array, normalized: bool, centered: bool
) -> Array:
    """The first pixel of each window: [batch, 2].

    TF 1.15: from the middle of the image, offsets count half of what they say.
    """
    half, whole = np.float32(2), space.astype(np.float32)
    places = offsets.astype(np.float32)
    if normalized:
        places = places * whole
    if centered:
        places = places / half + whole / half
    begins: Array = (places - size.astype(np.float32) / half).astype(np.int64)
    return begins


def _shared(begin: int, size: int, whole: int) -> tuple[slice, slice]:
    """Along an axis, which pixels of the window are which of the image."""
    first, at = begin, 0
    count = size
    if begin < 0:
        count = max(0, size + begin)
        first, at = 0, size - count
    elif begin + size >= whole:
        count = max(0, whole - begin)
    count = min(count, whole)
    return slice(at, at + count), slice(first, first + count)


def _noise(image: Array, shape: tuple[int, ...], uniform: bool) -> Array:
    numbers = np.random.default_rng(state.entropy())
    least, most = image.min(), image.max()
    if uniform:
        drawn: Array = least + numbers.random(shape, np.float32) * (most - least)
        return drawn
    mean, deviation = image.mean((0, 1)), image.std((0, 1))
    drawn = mean + numbers.standard_normal(shape, np.float32) * deviation
    clipped: Array = np.clip(drawn, image.min((0, 1)), image.max((0, 1)))
    return clipped


define("ExtractGlimpse", shape=_shape, build=_build, gradient=None)
