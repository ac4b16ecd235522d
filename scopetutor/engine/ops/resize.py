"""Operations that change the height and width of images, and their gradients.

After math. TF 1.15: an output pixel's place in the image is its number times a scale in
float32; with `align_corners` the corner pixels keep their values, with
`half_pixel_centers` a pixel's place is its middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import array, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_TABLE = 1024  # steps between two pixels for which the cubic's weights are kept


# -- the functions -----------------------------------------------------------------


def resize_bilinear(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Any:
    """Images [batch, height, width, channels] in another size, between four pixels.

    Args:
        images: numbers.
        size: (height, width).
        align_corners: whether the corner pixels keep their values.
        name: of the operation.
        half_pixel_centers: whether a pixel's place is its middle.

    Returns:
        float32.
    """
    return _resized(
        "ResizeBilinear", images, size, align_corners, name, half_pixel_centers
    )


def resize_nearest_neighbor(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Any:
    """Images in another size, each pixel that of the nearest one; the type stays."""
    return _resized(
        "ResizeNearestNeighbor", images, size, align_corners, name, half_pixel_centers
    )


def resize_bicubic(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Any:
    """Images in another size, between sixteen pixels; float32."""
    return _resized(
        "ResizeBicubic", images, size, align_corners, name, half_pixel_centers
    )


def resize_area(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None
) -> Any:
    """Images in another size, each pixel the mean of what it covers; float32."""
    return apply("ResizeArea", images, size, align_corners=align_corners, name=name)


def _resized(
    kind: str, images: Any, size: Any, corners: bool, name: str | None, middle: bool
) -> Any:
    return apply(
        kind, images, size, align_corners=corners, half_pixel_centers=middle, name=name
    )


# -- places and weights ------------------------------------------------------------


def _scale(size: int, new_size: int, corners: bool) -> np.float32:
    """How far apart the places of two output pixels are."""
    if corners and new_size > 1:
        return np.float32((size - 1) / np.float32(new_size - 1))
    return np.float32(size) / np.float32(new_size)


def _places(size: int, new_size: int, attrs: dict[str, Any]) -> Array:
    """Where the output pixels are in the image, along one axis."""
    numbers = np.arange(new_size, dtype=np.float32)
    scale = _scale(size, new_size, attrs["align_corners"])
    if attrs.get("half_pixel_centers"):
        places: Array = (numbers + np.float32(0.5)) * scale - np.float32(0.5)
        return places
    return numbers * scale


def _between(
    size: int, new_size: int, attrs: dict[str, Any]
) -> tuple[Array, Array, Array]:
    """The pixels before and after each place, and how far it is from the first."""
    places = _places(size, new_size, attrs)
    floor = np.floor(places)
    lower = np.maximum(floor, 0).astype(np.int64)
    upper = np.minimum(
        np.ceil(places) if attrs.get("half_pixel_centers") else floor + 1, size - 1
    ).astype(np.int64)
    return lower, upper, (places - floor).astype(np.float32)


def _nearest(size: int, new_size: int, attrs: dict[str, Any]) -> Array:
    """The pixel nearest to each place."""
    numbers = np.arange(new_size, dtype=np.float32)
    scale = _scale(size, new_size, attrs["align_corners"])
    if attrs.get("half_pixel_centers"):
        numbers = numbers + np.float32(0.5)
    places: Array = numbers * scale
    if attrs["align_corners"]:
        # C's round: halves away from zero.
        places = np.floor(places + np.float32(0.5))
    nearest: Array = np.clip(np.floor(places).astype(np.int64), 0, size - 1)
    return nearest


def _cubic_table(a: float) -> tuple[Array, Array]:
    """The cubic's weights for pixels nearer than one step, and than two."""
    near = np.arange(_TABLE + 1, dtype=np.float64) / _TABLE
    far = near + 1.0
    first = ((a + 2) * near - (a + 3)) * near * near + 1
    second = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    return first.astype(np.float32), second.astype(np.float32)


def _cubic(size: int, new_size: int, attrs: dict[str, Any]) -> Array:
    """[new_size, size]: how much of each pixel goes into each output pixel."""
    middle = attrs["half_pixel_centers"]
    places = _places(size, new_size, attrs)
    floor = np.floor(places)
    offset = np.rint((places - floor) * np.float32(_TABLE)).astype(np.int64)
    near, far = _cubic_table(-0.5 if middle else -0.75)
    parts = (far[offset], near[offset], near[_TABLE - offset], far[_TABLE - offset])
    matrix = np.zeros((new_size, size), np.float32)
    rows, total = np.arange(new_size), np.zeros(new_size, np.float32)
    for step, part in enumerate(parts):
        at = floor.astype(np.int64) + step - 1
        inside = np.clip(at, 0, size - 1)
        weight = np.where(at == inside, part, np.float32(0)) if middle else part
        np.add.at(matrix, (rows, inside), weight)
        total += weight
    return matrix / total[:, None] if middle else matrix


def _linear(size: int, new_size: int, attrs: dict[str, Any]) -> Array:
    """[new_size, size]: how much of each pixel goes into each output pixel."""
    lower, upper, share = _between(size, new_size, attrs)
    matrix = np.zeros((new_size, size), np.float32)
    rows = np.arange(new_size)
    np.add.at(matrix, (rows, lower), np.float32(1) - share)
    np.add.at(matrix, (rows, upper), share)
    return matrix


def _area(size: int, new_size: int, attrs: dict[str, Any]) -> Array:
    """[new_size, size]: how much of each pixel an output pixel covers."""
    scale = float(_scale(size, new_size, attrs["align_corners"]))
    matrix = np.zeros((new_size, size), np.float32)
    for row in range(new_size):
        start, end = row * scale, (row + 1) * scale
        for at in range(int(np.floor(start)), int(np.ceil(end))):
            covered = min(at + 1, end) - max(at, start)
            matrix[row, min(at, size - 1)] += np.float32(covered / scale)
    return matrix


# -- the operations ----------------------------------------------------------------


def _resized_shape(op: Operation) -> list[Dims]:
    batch, _, _, channels = rules.with_rank(op._inputs[0]._dims, 4)
    rules.merge(op._inputs[1]._dims, (2,))
    value = shape_inference.value(op, 1)
    if value is None:
        return [(batch, None, None, channels)]
    return [(batch, int(value[0]), int(value[1]), channels)]


def _checked_size(op: Operation, images: Array, size: Array) -> tuple[int, int]:
    if images.ndim != 4:
        problem = f"input must be 4-dimensional{dims_text(images.shape)}"
        raise InvalidArgumentError(None, op, problem)
    height, width = (int(number) for number in size)
    if height <= 0 or width <= 0:
        raise InvalidArgumentError(None, op, "output dimensions must be positive")
    return height, width


def _bilinear_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    attrs = op._attrs

    def kernel(images: Array, size: Array) -> Array:
        height, width = _checked_size(op, images, size)
        images = images.astype(np.float32, copy=False)
        top, bottom, down = _between(images.shape[1], height, attrs)
        left, right, along = _between(images.shape[2], width, attrs)
        along, down = along[:, None], down[:, None, None]
        upper, lower = images[:, top], images[:, bottom]
        first = upper[:, :, left]
        first = first + (upper[:, :, right] - first) * along
        second = lower[:, :, left]
        second = second + (lower[:, :, right] - second) * along
        result: Array = first + (second - first) * down
        return result

    return kernel


def _nearest_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    attrs = op._attrs

    def kernel(images: Array, size: Array) -> Array:
        height, width = _checked_size(op, images, size)
        rows = _nearest(images.shape[1], height, attrs)
        columns = _nearest(images.shape[2], width, attrs)
        result: Array = images[:, rows[:, None], columns]
        return result

    return kernel


def _by_matrices(
    weights: Callable[[int, int, dict[str, Any]], Array],
) -> Callable[[Operation], Callable[[Array, Array], Array]]:
    """A kernel that weighs rows and columns by matrices."""

    def build(op: Operation) -> Callable[[Array, Array], Array]:
        attrs = op._attrs

        def kernel(images: Array, size: Array) -> Array:
            height, width = _checked_size(op, images, size)
            rows = weights(images.shape[1], height, attrs)
            columns = weights(images.shape[2], width, attrs)
            return _product(images.astype(np.float32, copy=False), rows, columns)

        return kernel

    return build


def _product(images: Array, rows: Array, columns: Array) -> Array:
    across = np.matmul(columns, images)  # [batch, height, new width, channels]
    turned = np.matmul(rows, across.transpose(0, 2, 1, 3))
    return np.ascontiguousarray(turned.transpose(0, 2, 1, 3))


def _gradient_by_matrices(
    weights: Callable[[int, int, dict[str, Any]], Array],
) -> Callable[[Operation], Callable[[Array, Array], Array]]:
    """A kernel that gives pixels of the image what went from them into the output."""

    def build(op: Operation) -> Callable[[Array, Array], Array]:
        attrs = op._attrs

        def kernel(grads: Array, image: Array) -> Array:
            rows = weights(image.shape[1], grads.shape[1], attrs)
            columns = weights(image.shape[2], grads.shape[2], attrs)
            return _product(grads, rows.T, columns.T).astype(image.dtype, copy=False)

        return kernel

    return build


def _nearest_grad_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    attrs = op._attrs

    def kernel(grads: Array, size: Array) -> Array:
        height, width = (int(number) for number in size)
        batch, new_height, new_width, channels = grads.shape
        rows = _nearest(height, new_height, attrs)
        columns = _nearest(width, new_width, attrs)
        result = np.zeros((batch, height, width, channels), grads.dtype)
        by_place = result.transpose(1, 2, 0, 3)
        np.add.at(by_place, (rows[:, None], columns), grads.transpose(1, 2, 0, 3))
        return result

    return kernel


def _settings(op: Operation) -> dict[str, Any]:
    return {name: op._attrs[name] for name in ("align_corners", "half_pixel_centers")}


def _bilinear_gradient(op: Operation, grad: Any) -> list[Any]:
    return [apply("ResizeBilinearGrad", grad, op._inputs[0], **_settings(op)), None]


def _bicubic_gradient(op: Operation, grad: Any) -> list[Any]:
    image = op._inputs[0]
    if image.dtype not in (dtypes.float32, dtypes.float64):
        return [None, None]
    return [apply("ResizeBicubicGrad", grad, image, **_settings(op)), None]


def _nearest_gradient(op: Operation, grad: Any) -> list[Any]:
    image = op._inputs[0]
    size: Any = image.get_shape()[1:3]
    if not size.is_fully_defined():
        size = array.shape(image)[1:3]
    return [apply("ResizeNearestNeighborGrad", grad, size, **_settings(op)), None]


define(
    "ResizeBilinear",
    shape=_resized_shape,
    build=_bilinear_kernel,
    gradient=_bilinear_gradient,
)
define(
    "ResizeBilinearGrad",
    shape=rules.same_as(1),
    build=_gradient_by_matrices(_linear),
    gradient="",
)
define(
    "ResizeNearestNeighbor",
    shape=_resized_shape,
    build=_nearest_kernel,
    gradient=_nearest_gradient,
)
define(
    "ResizeNearestNeighborGrad",
    shape=_resized_shape,
    build=_nearest_grad_kernel,
    gradient="",
)
define(
    "ResizeBicubic",
    shape=_resized_shape,
    build=_by_matrices(_cubic),
    gradient=_bicubic_gradient,
)
define(
    "ResizeBicubicGrad",
    shape=rules.same_as(1),
    build=_gradient_by_matrices(_cubic),
    gradient="",
)
define("ResizeArea", shape=_resized_shape, build=_by_matrices(_area), gradient="")
