"""The operations that draw boxes into images.

A box is [top, left, bottom, right], in shares of the image's height and width less
one. After math.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define

from . import rules

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# What TF 1.15 draws with if nobody says: yellow, blue, red, lime, purple, olive,
# maroon, navy, aqua, fuchsia.
_COLOURS = np.array(
    [
        [1, 1, 0, 1],
        [0, 0, 1, 1],
        [1, 0, 0, 1],
        [0, 1, 0, 1],
        [0.5, 0, 0.5, 1],
        [0.5, 0.5, 0, 1],
        [0.5, 0, 0, 1],
        [0, 0, 0.5, 1],
        [0, 1, 1, 1],
        [1, 0, 1, 1],
    ],
    np.float32,
)
_DEPTHS = (None, 1, 3, 4)
_NO_COLOUR = "Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)"


def _shape(op: Operation) -> list[Dims]:
    dims = rules.with_rank(op._inputs[0]._dims, 4)
    if dims[3] not in _DEPTHS:
        raise ShapeError(_NO_COLOUR)
    boxes = rules.with_rank(op._inputs[1]._dims, 3)
    if boxes[2] not in (None, 4):
        raise ShapeError(f"Dimension must be 4 but is {boxes[2]}")
    return [op._inputs[0]._dims]


def _draw(images: Array, boxes: Array, colours: Array | None = None) -> Array:
    depth = images.shape[3]
    if depth not in _DEPTHS:
        raise InvalidArgumentError(None, None, _NO_COLOUR)
    if colours is None or not len(colours):
        colours = _COLOURS.copy()
    if depth == 1:
        colours = colours.copy()
        colours[:, 0] = 1
    result = images.copy()
    for image, several in zip(result, boxes, strict=True):
        for number, box in enumerate(several):
            colour = colours[number % len(colours), :depth].astype(images.dtype)
            _draw_one(image, box, colour)
    return result


def _draw_one(image: Array, box: Array, colour: Array) -> None:
    """Draws the four sides of a box, as far as they lie in the image."""
    height, width = image.shape[:2]
    scale = np.array([height - 1, width - 1] * 2, np.float32)
    top, left, bottom, right = (box * scale).astype(np.int64).tolist()
    if top > bottom or left > right:
        return
    if top >= height or bottom < 0 or left >= width or right < 0:
        return
    rows = slice(max(top, 0), min(bottom, height - 1) + 1)
    columns = slice(max(left, 0), min(right, width - 1) + 1)
    if top >= 0:
        image[top, columns] = colour
    if bottom < height:
        image[bottom, columns] = colour
    if left >= 0:
        image[rows, left] = colour
    if right < width:
        image[rows, right] = colour


define("DrawBoundingBoxes", shape=_shape, kernel=_draw, gradient=None)
define("DrawBoundingBoxesV2", shape=_shape, kernel=_draw, gradient=None)


def draw_bounding_boxes(
    images: Any, boxes: Any, name: str | None = None, colors: Any = None
) -> Any:
    """Images with boxes drawn into them.

    Args:
        images: [batch, height, width, channels], floats.
        boxes: [batch, boxes, 4], as this module's first lines say.
        name: of the operation.
        colors: [colours, channels], taken in turn.
    """
    if colors is None:
        return apply("DrawBoundingBoxes", images, boxes, name=name)
    return apply("DrawBoundingBoxesV2", images, boxes, colors, name=name)
