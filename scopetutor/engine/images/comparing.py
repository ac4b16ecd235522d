"""How alike two images are, and how an image changes from pixel to pixel.

After colors. TF 1.15 compares as floats, whatever the type of the images.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.depthwise import depthwise_conv2d
from scopetutor.engine.ops.joining import concat, stack, tile, unstack
from scopetutor.engine.ops.nn import relu
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.pool import avg_pool
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .colors import convert_image_dtype

# The weights of five scales: Wang et al., "Multi-scale structural similarity for image
# quality assessment", 2003.
_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Any:
    """The peak signal-to-noise ratio of pairs of images, in decibels.

    Args:
        a: [..., height, width, channels].
        b: as `a`.
        max_val: the difference between the most and the least a pixel may be.
        name: of the name scope.

    Raises:
        ValueError: the shapes do not fit.
    """
    with name_scope(name, "PSNR", [a, b]):
        most, (a, b) = _as_floats(max_val, [a, b])
        error = math.reduce_mean(math.squared_difference(a, b), [-3, -2, -1])
        found = math.subtract(
            20 * math.log(most) / math.log(10.0),
            np.float32(10 / np.log(10)) * math.log(error),
            name="psnr",
        )
        _, checks = _compatible(a, b)
        with control_dependencies(checks):
            return array.identity(found)


def _as_floats(max_val: Any, images: list[Any]) -> tuple[Any, list[Any]]:
    most = math.cast(max_val, images[0].dtype)
    most = convert_image_dtype(most, dtypes.float32)
    return most, [convert_image_dtype(image, dtypes.float32) for image in images]


def _compatible(a: Any, b: Any) -> tuple[list[Any], list[Any]]:
    """The shapes of two images, and checks that they are the same.

    Raises:
        ValueError: it is known that they are not.
    """
    first, second = (x.get_shape().with_rank_at_least(3) for x in (a, b))
    first[-3:].assert_is_compatible_with(second[-3:])
    if first.ndims is not None and second.ndims is not None:
        outer = (reversed(known.dims[:-3]) for known in (first, second))
        for x, y in zip(*outer, strict=False):
            if not (x == 1 or y == 1 or x.is_compatible_with(y)):
                raise ValueError(f"Two images are not compatible: {first} and {second}")
    shapes = array.shape_n([a, b])
    has_rank = math.greater_equal(array.size(shapes[0]), 3)
    checks = [Assert(has_rank, shapes, summarize=10)]
    same = math.reduce_all(math.equal(shapes[0][-3:], shapes[1][-3:]))
    checks.append(Assert(same, shapes, summarize=10))
    return shapes, checks


# -- structural similarity ---------------------------------------------------------


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Any:
    """The structural similarity of pairs of images, from -1 to 1.

    Args:
        img1: [..., height, width, channels].
        img2: as `img1`.
        max_val: the difference between the most and the least a pixel may be.
        filter_size: of the window, in pixels.
        filter_sigma: the standard deviation of the window's weights.
        k1: keeps the comparison of brightness from dividing by 0.
        k2: the same for the comparison of structure.

    Raises:
        ValueError: the shapes do not fit.
    """
    _, checks = _compatible(img1, img2)
    with control_dependencies(checks):
        img1 = array.identity(img1)
    most, images = _as_floats(max_val, [img1, img2])
    similar, _ = _per_channel(images, most, filter_size, filter_sigma, k1, k2)
    return math.reduce_mean(similar, [-1])


def _per_channel(
    images: list[Any], most: Any, size: Any, sigma: Any, k1: float, k2: float
) -> tuple[Any, Any]:
    """The similarity of each channel, and the part of contrast and structure in it."""
    size = constant(size, dtype=dtypes.int32)
    sigma = constant(sigma, dtype=images[0].dtype)
    shapes = array.shape_n(images)
    checks = [
        Assert(
            math.reduce_all(math.greater_equal(shape[-3:-1], size)),
            [shape, size],
            summarize=8,
        )
        for shape in shapes
    ]
    with control_dependencies(checks):
        first = array.identity(images[0])
    kernel = tile(_bell(size, sigma), multiples=[1, 1, shapes[0][-1], 1])

    def blurred(x: Any) -> Any:
        shape = array.shape(x)
        x = reshape(x, shape=concat([[-1], shape[-3:]], 0))
        y = depthwise_conv2d(x, kernel, strides=[1, 1, 1, 1], padding="VALID")
        return reshape(y, concat([shape[:-3], array.shape(y)[1:]], 0))

    luminance, structure = _compared(first, images[1], blurred, most, k1, k2)
    axes = constant([-3, -2], dtype=dtypes.int32)
    similar = math.reduce_mean(luminance * structure, axes)
    return similar, math.reduce_mean(structure, axes)


def _bell(size: Any, sigma: Any) -> Any:
    """The weights of a window: highest in the middle, of sum 1."""
    size = convert_to_tensor(size, dtypes.int32)
    sigma = convert_to_tensor(sigma)
    places = math.cast(math.range_(size), sigma.dtype)
    places -= math.cast(size - 1, sigma.dtype) / 2.0
    weights = math.square(places)
    weights *= -0.5 / math.square(sigma)
    weights = reshape(weights, shape=[1, -1]) + reshape(weights, shape=[-1, 1])
    weights = softmax(reshape(weights, shape=[1, -1]))
    return reshape(weights, shape=[size, size, 1, 1])


def _compared(
    x: Any, y: Any, blurred: Any, most: Any, k1: float, k2: float
) -> tuple[Any, Any]:
    first, second = (k1 * most) ** 2, (k2 * most) ** 2
    mean_x, mean_y = blurred(x), blurred(y)
    product = mean_x * mean_y * 2.0
    squares = math.square(mean_x) + math.square(mean_y)
    luminance = (product + first) / (squares + first)
    crossed = blurred(x * y) * 2.0
    powers = blurred(math.square(x) + math.square(y))
    second *= 1.0  # TF 1.15: makes this operation
    structure = (crossed - product + second) / (powers - squares + second)
    return luminance, structure


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Any = _WEIGHTS,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Any:
    """The structural similarity of pairs of images at several scales.

    Args:
        img1: [..., height, width, channels].
        img2: as `img1`.
        max_val: the difference between the most and the least a pixel may be.
        power_factors: the weight of each scale; each has half of the size before.
        filter_size: as for `ssim`.
        filter_sigma: as for `ssim`.
        k1: as for `ssim`.
        k2: as for `ssim`.

    Raises:
        ValueError: the shapes do not fit.
    """
    with name_scope(None, "MS-SSIM", [img1, img2]):
        img1 = convert_to_tensor(img1, name="img1")
        img2 = convert_to_tensor(img2, name="img2")
        shapes, checks = _compatible(img1, img2)
        with control_dependencies(checks):
            img1 = array.identity(img1)
        most, images = _as_floats(max_val, [img1, img2])
        scales = _Scales(images, shapes)
        structures: list[Any] = []
        for k in range(len(power_factors)):
            with name_scope(None, f"Scale{k}", scales.images):
                if k > 0:
                    scales.halve()
                similar, structure = _per_channel(
                    scales.images, most, filter_size, filter_sigma, k1, k2
                )
                structures.append(relu(structure))
        found = stack([*structures[:-1], relu(similar)], axis=-1)
        weighted = math.reduce_prod(math.pow(found, power_factors), [-1])
        return math.reduce_mean(weighted, [-1])


class _Scales:
    """Two images that become smaller and smaller.

    Attributes:
        images: as they are now.
    """

    def __init__(self, images: list[Any], shapes: list[Any]) -> None:
        self.images = images
        self._heads = [shape[:-3] for shape in shapes]
        self._tails = [shape[-3:] for shape in shapes]
        self._divisor = constant([2, 2, 1], dtype=dtypes.int32)

    def halve(self) -> None:
        """Takes the mean of each four pixels; an odd row or column counts twice."""
        flat = [
            reshape(x, concat([[-1], tail], 0))
            for x, tail in zip(self.images, self._tails, strict=True)
        ]
        left = self._tails[0] % self._divisor
        padded = cond(
            math.reduce_any(math.not_equal(left, 0)),
            lambda: _longer(flat, left),
            lambda: flat,
        )
        window = [1, 2, 2, 1]
        smaller = [
            avg_pool(x, ksize=window, strides=window, padding="VALID") for x in padded
        ]
        self._tails = [shape[1:] for shape in array.shape_n(smaller)]
        self.images = [
            reshape(x, concat([head, tail], 0))
            for x, head, tail in zip(smaller, self._heads, self._tails, strict=True)
        ]


def _longer(images: list[Any], more: Any) -> list[Any]:
    around = pad(expand_dims(more, -1), [[1, 0], [1, 0]])
    return [pad(x, around, mode="SYMMETRIC") for x in images]


# -- differences between neighbours ------------------------------------------------


def image_gradients(image: Any) -> tuple[Any, Any]:
    """The differences of each pixel to the one below and the one to the right.

    Args:
        image: [batch, height, width, channels].

    Returns:
        Both in the shape of `image`; those of the last row or column are 0.

    Raises:
        ValueError: it has another rank.
    """
    if image.get_shape().ndims != 4:
        raise ValueError(
            "image_gradients expects a 4D tensor [batch_size, h, w, d], not %s.",
            image.get_shape(),
        )
    shape = array.shape(image)
    batch, height, width, depth = unstack(shape)
    down = image[:, 1:, :, :] - image[:, :-1, :, :]
    right = image[:, :, 1:, :] - image[:, :, :-1, :]
    row = stack([batch, 1, width, depth])
    down = reshape(concat([down, array.zeros(row, image.dtype)], 1), shape)
    column = stack([batch, height, 1, depth])
    right = reshape(concat([right, array.zeros(column, image.dtype)], 2), shape)
    return down, right


_SOBEL = [
    [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
]


def sobel_edges(image: Any) -> Any:
    """How steeply images change from top to bottom and from left to right.

    Args:
        image: [batch, height, width, channels].

    Returns:
        [batch, height, width, channels, 2].
    """
    known = image.get_shape()
    shape = array.shape(image)
    filters = np.expand_dims(np.transpose(np.asarray(_SOBEL), (1, 2, 0)), -2)
    kernel = constant(filters, dtype=image.dtype)
    kernel = tile(kernel, [1, 1, shape[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    found = depthwise_conv2d(padded, kernel, [1, 1, 1, 1], "VALID")
    found = reshape(found, shape=concat([shape, [len(_SOBEL)]], 0))
    found.set_shape(known.concatenate([len(_SOBEL)]))
    return found
