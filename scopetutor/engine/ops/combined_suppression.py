"""`tf.image.combined_non_max_suppression`: for images with boxes of several classes.

After suppression. In each class the best boxes are left, and of all classes together
the best of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .suppression import overlaps_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def combined_non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size_per_class: Any,
    max_total_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    pad_per_class: bool = False,
    clip_boxes: bool = True,
    name: str | None = None,
) -> Any:
    """The best boxes of each image that do not overlap better ones of their class.

    Args:
        boxes: [batch, boxes, 1 or classes, 4], float32.
        scores: [batch, boxes, classes].
        max_output_size_per_class: how many are left of a class at most, int32.
        max_total_size: how many are left at most, int32.
        iou_threshold: two boxes overlap if what they share is a larger part than this
            of what they cover.
        score_threshold: boxes with no higher score are left out.
        pad_per_class: whether the result is no longer than all classes give.
        clip_boxes: whether what is outside of 0 to 1 is cut off.
        name: of the scope of the operations.

    Returns:
        Boxes, scores, classes, all filled up with 0, and how many are left.
    """
    with name_scope(name, "combined_non_max_suppression"):
        kind = dtypes.float32
        iou = convert_to_tensor(iou_threshold, dtype=kind, name="iou_threshold")
        score = convert_to_tensor(score_threshold, dtype=kind, name="score_threshold")
        return apply(
            "CombinedNonMaxSuppression",
            boxes,
            scores,
            max_output_size_per_class,
            max_total_size,
            iou,
            score,
            pad_per_class=pad_per_class,
            clip_boxes=clip_boxes,
        )


# -- shapes ----------------------------------------------------------------------------


def _shape(op: Operation) -> list[Dims]:
    boxes = rules.with_rank(op._inputs[0]._dims, 4)
    scores = rules.with_rank(op._inputs[1]._dims, 3)
    for scalar in op._inputs[2:]:
        rules.with_rank(scalar._dims, 0)
    rules.merge_dim(boxes[0], scores[0])
    rules.merge_dim(boxes[1], scores[1])
    rules.with_size(boxes[3], 4)
    if None not in (boxes[2], scores[2]) and boxes[2] not in (1, scores[2]):
        raise ShapeError(
            "third dimension of boxes must be either 1 or equal to the third dimension "
            "of scores"
        )
    count = _static_count(op, scores[2])
    batch = boxes[0]
    return [(batch, count, 4), (batch, count), (batch, count), (batch,)]


def _static_count(op: Operation, classes: int | None) -> int | None:
    per_class, most = rules.size_in(op, 2), shape_inference.value(op, 3)
    if most is None:
        return None
    if most <= 0:
        raise ShapeError("max_total_size should be > 0 ")
    if not op._attrs["pad_per_class"]:
        return int(most)
    if per_class is None or classes is None:
        return None
    return min(int(most), per_class * classes)


# -- the kernel ------------------------------------------------------------------------


def _check(boxes: Array, scores: Array, most: Array, iou: Array) -> None:
    said = None
    if boxes.shape[:1] != scores.shape[:1]:
        said = "boxes and scores must have same batch size"
    elif most <= 0:
        said = "max_total_size must be > 0"
    elif not 0 <= iou <= 1:
        said = "iou_threshold must be in [0, 1]"
    elif boxes.ndim != 4:
        said = f"boxes must be 4-D{dims_text(boxes.shape)}"
    elif boxes.shape[2] not in (1, scores.shape[2]):
        said = "third dimension of boxes must be either 1 or num classes"
    elif boxes.shape[3] != 4:
        said = "boxes must have 4 columns"
    elif scores.ndim != 3:
        said = f"scores must be 3-D{dims_text(scores.shape)}"
    elif scores.shape[1] != boxes.shape[1]:
        said = "scores has incompatible shape"
    if said:
        raise InvalidArgumentError(None, None, said)


def _build(op: Operation) -> Callable[..., Any]:
    pads, clips = op._attrs["pad_per_class"], op._attrs["clip_boxes"]

    def kernel(
        boxes: Array,
        scores: Array,
        per_class: Array,
        most: Array,
        iou: Array,
        least: Array,
    ) -> Any:
        _check(boxes, scores, most, iou)
        count = int(most)
        if pads:
            count = min(count, int(per_class) * scores.shape[2])
        batch = len(boxes)
        found = np.zeros((batch, count, 6), np.float32)  # a box, its score and class
        counts = np.zeros(batch, np.int32)
        for i in range(batch):
            rows = _of_image(boxes[i], scores[i], int(per_class), iou, least)[:count]
            found[i, : len(rows)], counts[i] = rows, len(rows)
        corners = found[..., :4]
        if clips:
            corners = np.clip(corners, 0, 1)
        return corners, found[..., 4], found[..., 5], counts

    return kernel


def _of_image(
    boxes: Array, scores: Array, per_class: int, iou: Array, least: Array
) -> Array:
    """The boxes of an image that are left, with score and class, the best first."""
    rows: list[Array] = []
    for number, of_class in enumerate(scores.T):
        corners = boxes[:, number if boxes.shape[1] > 1 else 0]
        left = _left(corners, of_class, per_class, iou, least)
        marks = np.full(len(left), number, np.float32)
        rows.append(np.column_stack([corners[left], of_class[left], marks]))
    together = np.concatenate([*rows, np.zeros((0, 6), np.float32)])
    best: Array = together[np.argsort(-together[:, 4], kind="stable")]
    return best


def _left(
    boxes: Array, scores: Array, most: int, iou: Array, least: Array
) -> list[int]:
    """The numbers of the boxes of one class that are left, the best first."""
    overlaps = overlaps_of(boxes)
    left: list[int] = []
    for box in np.argsort(-scores, kind="stable").tolist():
        if len(left) >= most or not scores[box] > least:
            break
        if not (overlaps(box, left) > iou).any():
            left.append(box)
    return left


define("CombinedNonMaxSuppression", shape=_shape, build=_build)
