"""`tf.image.sample_distorted_bounding_box`: a random part of an image with an object.

After random. TF 1.15: a part of a random form and size is drawn until it covers enough
of one of the boxes; after too many tries it is the whole image.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, random
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .random import generator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]
_Box = tuple[int, int, int, int]  # top, left, bottom, right, in pixels
_LEAST_AREA = 1


@deprecation.deprecated(
    "sample_distorted_bounding_box",
    "image_ops_impl",
    "`seed2` arg is deprecated.Use sample_distorted_bounding_box_v2 instead.",
)
def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int | None = None,
    seed2: int | None = None,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """A random part of an image that shows some of one of its boxes.

    Args:
        image_size: [height, width, channels].
        bounding_boxes: [batch, boxes, 4]: top, left, bottom, right, from 0 to 1.
        seed: of the random numbers.
        seed2: another one.
        min_object_covered: how large a share of a box is in the part, at least.
        aspect_ratio_range: the least and the greatest width by height.
        area_range: the least and the greatest share of the image.
        max_attempts: how often one is drawn.
        use_image_if_no_bounding_boxes: whether no box stands for the whole image.
        name: of the scope of the operation.

    Returns:
        Where the part begins and its size, for `tf.slice`, and the part as a box
        [1, 1, 4].
    """
    with name_scope(name, "sample_distorted_bounding_box"):
        return apply(
            "SampleDistortedBoundingBoxV2",
            image_size,
            bounding_boxes,
            min_object_covered,
            seed=seed,
            seed2=seed2,
            aspect_ratio_range=aspect_ratio_range,
            area_range=area_range,
            max_attempts=max_attempts,
            use_image_if_no_bounding_boxes=use_image_if_no_bounding_boxes,
            name=name,
        )


# -- the operation ---------------------------------------------------------------------


def _shape(op: Operation) -> list[Dims]:
    sizes = rules.with_rank(op._inputs[0]._dims, 1)
    boxes = rules.with_rank(op._inputs[1]._dims, 3)
    rules.with_size(sizes[0], 3)
    rules.with_size(boxes[2], 4)
    if len(op._inputs) > 2:
        rules.with_rank(op._inputs[2]._dims, 0)
    return [(3,), (3,), (1, 1, 4)]


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


class _Limits:
    """What the attributes allow, as TF's float32 numbers."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        self.ratios = self._pair(attrs["aspect_ratio_range"], "Aspect ratio")
        self.areas = self._pair(attrs["area_range"], "Area")
        if max(self.areas) > 1:
            raise _refused(
                "Area range must be less then or equal to 1.0: "
                f"{_listed(attrs['area_range'])}"
            )
        self.tries = attrs["max_attempts"]
        if self.tries <= 0:
            raise _refused(f"Max attempts must be non-negative: {self.tries}")

    @staticmethod
    def _pair(numbers: list[float], what: str) -> Array:
        if len(numbers) != 2:
            raise _refused(f"{what} range field must specify 2 dimensions")
        if min(numbers) <= 0:
            raise _refused(f"{what} range must be non-negative: {_listed(numbers)}")
        return np.array(numbers, np.float32)


def _listed(numbers: list[float]) -> str:
    return f"[{', '.join(f'{number:g}' for number in numbers)}]"


def _bind(op: Operation, state: State) -> Callable[..., Any]:
    limits, generator = _Limits(op._attrs), generator_of(op, state)
    if "min_object_covered" in op._attrs:
        _check_covered(op._attrs["min_object_covered"])
    kind = op._attrs["T"].as_numpy_dtype

    def kernel(sizes: Array, boxes: Array, covered: Any = None) -> Any:
        height, width = _size(sizes)
        objects = _in_pixels(boxes, height, width)
        if not objects:
            if not op._attrs["use_image_if_no_bounding_boxes"]:
                raise _refused(
                    "No bounding boxes provided as input. One must enable "
                    "use_image_if_no_bounding_boxes if you wish to not provide any "
                    "bounding boxes."
                )
            objects = [(0, 0, height, width)]
        if covered is None:
            covered = np.float32(op._attrs["min_object_covered"])
        _check_covered(covered)
        words = _words(generator.reserve(0, limits.tries))
        part = _part(limits, height, width, objects, covered, words)
        top, left, bottom, right = part
        scale = np.array([height, width, height, width], np.float32)
        return (
            np.array([top, left, 0], kind),
            np.array([bottom - top, right - left, -1], kind),
            (np.array(part, np.float32) / scale).reshape(1, 1, 4),
        )

    return kernel


def _check_covered(covered: Any) -> None:
    if covered < 0:
        raise _refused(f"Min object covered must be non-negative: {covered:g}")


def _size(sizes: Array) -> tuple[int, int]:
    if sizes.ndim != 1:
        raise _refused(f"image_size must be 1-dimensional{dims_text(sizes.shape)}")
    if len(sizes) != 3:
        raise _refused(f"image_size must contain 3 elements{dims_text(sizes.shape)}")
    for size, side in zip(sizes, ("height", "width"), strict=False):
        if not 0 <= size < 2**31 - 1:
            raise _refused(f"image {side} cannot be >= int32 max")
    return int(sizes[0]), int(sizes[1])


def _in_pixels(boxes: Array, height: int, width: int) -> list[_Box]:
    if boxes.ndim != 3:
        raise _refused(
            "input boxes must be 3-dimensional [batch, num_boxes, coords]: "
            f"{dims_text(boxes.shape)}"
        )
    if boxes.shape[-1] != 4:
        raise _refused(
            "bounding boxes must have shape [4] or [*, 4], got "
            f"{dims_text(boxes.shape)}"
        )
    wrong = boxes[~((boxes >= 0) & (boxes <= 1))]
    if wrong.size:
        raise _refused(
            f"All bounding box coordinates must be in [0.0, 1.0]: {wrong[0]:g}"
        )
    scale = np.array([height, width, height, width], np.float32)
    rows = (boxes.reshape(-1, 4) * scale).astype(np.int32)
    return [tuple(row) for row in rows.tolist()]


# -- drawing ---------------------------------------------------------------------------


def _words(stretch: random.Stretch) -> Iterator[int]:
    """The single words of a stream, one after the other."""
    for block in count(stretch.first):
        drawn, _ = random.blocks([stretch._replace(first=block, numbers=4)], 4)
        yield from drawn.reshape(-1).tolist()


def _below(limit: int, words: Iterator[int]) -> int:
    """A whole number from 0 to limit - 1; all are equally likely.

    TF 1.15: the least words are drawn again, that all rests are found equally often.
    """
    if limit & (limit - 1) == 0:
        return next(words) & (limit - 1)
    left_over = (2**32 - 1) % limit + 1
    word = next(word for word in words if word >= left_over)
    return word % limit


def _part(
    limits: _Limits,
    height: int,
    width: int,
    objects: list[_Box],
    covered: Any,
    words: Iterator[int],
) -> _Box:
    """The first part that is drawn and shows enough; or else the whole image."""
    least, most = limits.ratios
    for _ in range(limits.tries):
        share = random.uniform_of(np.array([[next(words)]], np.uint32), np.dtype("f"))
        ratio = share[0] * (most - least) + least
        sides = _sides(limits.areas, ratio, height, width, words)
        if sides is None:
            continue
        top = _below(height - sides[0], words) if sides[0] < height else 0
        left = _below(width - sides[1], words) if sides[1] < width else 0
        part = top, left, top + sides[0], left + sides[1]
        if _shows_enough(part, objects, covered):
            return part
    return 0, 0, height, width


def _rounded(number: Any) -> int:
    return int(np.rint(number))


def _sides(
    areas: Array, ratio: Any, height: int, width: int, words: Iterator[int]
) -> tuple[int, int] | None:
    """The height and width of a part, within the limits; None if none was found."""
    if not height or not width or areas[0] > areas[1]:
        return None
    least, most = areas * np.float32(width) * np.float32(height)
    rows = _rounded(np.sqrt(least / ratio))
    most_rows = _rounded(np.sqrt(most / ratio))
    if _rounded(most_rows * ratio) > width:
        most_rows = int((width + 0.5 - np.float32(1e-7)) / ratio)
    most_rows = min(most_rows, height)
    rows = min(rows, most_rows)
    if rows < most_rows:
        rows += _below(most_rows - rows + 1, words)
    # What rounding made too small or too large may be mended by one row.
    columns = _rounded(rows * ratio)
    if rows * columns < least:
        rows += 1
        columns = _rounded(rows * ratio)
    if rows * columns > most:
        rows -= 1
        columns = _rounded(rows * ratio)
    fits = 0 < columns <= width and 0 < rows <= height
    return (rows, columns) if fits and least <= rows * columns <= most else None


def _area(box: _Box) -> int:
    top, left, bottom, right = box
    return (bottom - top) * (right - left)


def _shows_enough(part: _Box, objects: list[_Box], covered: Any) -> bool:
    if _area(part) < _LEAST_AREA:
        return False
    for box in objects:
        shared = (
            *(max(pair) for pair in zip(part[:2], box[:2], strict=True)),
            *(min(pair) for pair in zip(part[2:], box[2:], strict=True)),
        )
        apart = shared[0] > shared[2] or shared[1] > shared[3]
        seen = 0 if apart else _area(shared)  # type: ignore[arg-type]
        area = np.float32(_area(box))
        if area >= _LEAST_AREA and np.float32(seen) / area >= covered:
            return True
    return False


define("SampleDistortedBoundingBox", shape=_shape, bind=_bind, gradient=None)
define("SampleDistortedBoundingBoxV2", shape=_shape, bind=_bind, gradient=None)
