"""`tf.image.non_max_suppression`: of boxes that overlap, the best ones.

After math and ``images/heap.py``. TF 1.15: boxes are taken in the order of their
scores; one is left out if it overlaps a better one by more than a threshold, or its
score is lowered by how much it overlaps less (`soft_nms_sigma`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.images.heap import Heap
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_NONE = float("-inf")


# -- the functions ---------------------------------------------------------------------


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NONE,
    name: str | None = None,
) -> Any:
    """Which boxes are left when those that overlap better ones are taken away.

    Args:
        boxes: [boxes, 4]: two opposite corners, y before x.
        scores: [boxes].
        max_output_size: how many are left at most, int32.
        iou_threshold: two boxes overlap if what they share is a larger part than this
            of what they cover.
        score_threshold: boxes with no higher score are left out.
        name: of the scope of the operations.

    Returns:
        Their numbers, the best first, int32.
    """
    with name_scope(name, "non_max_suppression"):
        thresholds = _thresholds(iou_threshold, score_threshold)
        return apply("NonMaxSuppressionV3", boxes, scores, max_output_size, *thresholds)


def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NONE,
    soft_nms_sigma: Any = 0.0,
    name: str | None = None,
) -> tuple[Any, Any]:
    """The same, and the scores of those that are left.

    With a `soft_nms_sigma` above 0 boxes that overlap less lose some of their score.
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        thresholds = _thresholds(iou_threshold, score_threshold)
        sigma = convert_to_tensor(soft_nms_sigma, name="soft_nms_sigma")
        found = apply(
            "NonMaxSuppressionV5",
            boxes,
            scores,
            max_output_size,
            *thresholds,
            sigma,
            pad_to_max_output_size=False,
        )
        return found[0], found[1]


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NONE,
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> Any:
    """The same, filled up with 0 if that is asked for, and how many are left."""
    with name_scope(name, "non_max_suppression_padded"):
        thresholds = _thresholds(iou_threshold, score_threshold)
        return apply(
            "NonMaxSuppressionV4",
            boxes,
            scores,
            max_output_size,
            *thresholds,
            pad_to_max_output_size=pad_to_max_output_size,
        )


def non_max_suppression_with_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: Any = 0.5,
    score_threshold: Any = _NONE,
    name: str | None = None,
) -> Any:
    """The same for things of any kind: how much each two overlap is given.

    Args:
        overlaps: [boxes, boxes].
        scores: [boxes].
        max_output_size: see non_max_suppression.
        overlap_threshold: two overlap if they do so by more than this.
        score_threshold: see non_max_suppression.
        name: of the scope of the operations.
    """
    with name_scope(name, "non_max_suppression_overlaps"):
        threshold = convert_to_tensor(overlap_threshold, name="overlap_threshold")
        return apply(
            "NonMaxSuppressionWithOverlaps",
            overlaps,
            scores,
            max_output_size,
            threshold,
            score_threshold,
        )


def _thresholds(iou: Any, score: Any) -> tuple[Any, Any]:
    return (
        convert_to_tensor(iou, name="iou_threshold"),
        convert_to_tensor(score, name="score_threshold"),
    )


# -- shapes ----------------------------------------------------------------------------


def _shape(op: Operation) -> list[Dims]:
    boxes = rules.with_rank(op._inputs[0]._dims, 2)
    scores = rules.with_rank(op._inputs[1]._dims, 1)
    for scalar in op._inputs[2:]:
        rules.with_rank(scalar._dims, 0)
    rules.merge_dim(boxes[0], scores[0])
    if boxes[1] not in (None, 4):
        raise ShapeError(f"Dimension must be 4 but is {boxes[1]}")
    size = None
    if op._attrs.get("pad_to_max_output_size"):
        known = shape_inference.value(op, 2)
        size = None if known is None else int(known)
    return [(size,), (size,), ()]


# -- kernels ---------------------------------------------------------------------------


def _check(boxes: Array, scores: Array, iou: Array) -> None:
    said = None
    if not 0 <= iou <= 1:
        said = "iou_threshold must be in [0, 1]"
    elif boxes.ndim != 2:
        said = f"boxes must be 2-D{dims_text(boxes.shape)}"
    elif boxes.shape[1] != 4:
        said = "boxes must have 4 columns"
    elif scores.ndim != 1:
        said = f"scores must be 1-D{dims_text(scores.shape)}"
    elif len(scores) != len(boxes):
        said = "scores has incompatible shape"
    if said:
        raise InvalidArgumentError(None, None, said)


def overlaps_of(boxes: Array) -> Callable[[int, list[int]], Array]:
    """How much a box shares with others, as a part of what they cover."""
    low = np.minimum(boxes[:, :2], boxes[:, 2:])
    high = np.maximum(boxes[:, :2], boxes[:, 2:])
    areas = np.prod(high - low, axis=1, dtype=boxes.dtype)

    def overlaps(box: int, others: list[int]) -> Array:
        sides = np.minimum(high[box], high[others]) - np.maximum(low[box], low[others])
        shared = np.prod(np.maximum(sides, 0), axis=1, dtype=boxes.dtype)
        covered = areas[box] + areas[others] - shared
        there = (areas[box] > 0) & (areas[others] > 0)
        parts: Array = np.zeros_like(shared)
        np.divide(shared, covered, out=parts, where=there)
        return parts

    return overlaps


def _selected(
    overlaps: Callable[[int, list[int]], Array],
    scores: Array,
    most: int,
    iou: Array,
    least: Array,
    sigma: Any = 0,
) -> tuple[Array, Array]:
    """The numbers of the boxes that are left, and their scores."""
    kind = scores.dtype.type
    scale = kind(-0.5) / kind(sigma) if sigma > 0 else None
    left: list[tuple[int, Any]] = []
    queue = Heap()
    for box in np.flatnonzero(scores > least).tolist():
        queue.push((scores[box], box, 0))
    while len(left) < most and queue:
        before, box, seen = queue.pop()
        # Those that were left since it was last looked at, the newest first.
        others = [other for other, _ in left[seen:]][::-1]
        shares = overlaps(box, others)
        if (shares >= iou).any():
            continue
        score = before if scale is None else _lowered(before, shares, scale)
        looked_at = len(left)
        if score == before:
            left.append((box, score))
        # TF 1.15: also one that is left comes back, to be left out for being the same
        # as itself; this moves others in the queue, and boxes without area stay in it.
        if score > least:
            queue.push((score, box, looked_at))
    numbers = np.array([box for box, _ in left], np.int32)
    return numbers, np.array([score for _, score in left], scores.dtype)


def _lowered(score: Any, shares: Array, scale: Any) -> Any:
    """A score after what the box shares with better ones."""
    for weight in np.exp(scale * shares * shares):
        score = score * weight
    return score


def _v3(boxes: Array, scores: Array, most: Array, iou: Array, least: Array) -> Array:
    _check(boxes, scores, iou)
    return _selected(overlaps_of(boxes), scores, int(most), iou, least)[0]


def _v4(op: Operation) -> Callable[..., Any]:
    pads = op._attrs["pad_to_max_output_size"]

    def kernel(
        boxes: Array, scores: Array, most: Array, iou: Array, least: Array
    ) -> tuple[Any, ...]:
        numbers = _v3(boxes, scores, most, iou, least)
        return _padded(numbers, most, pads), np.int32(len(numbers))

    return kernel


def _v5(op: Operation) -> Callable[..., Any]:
    pads = op._attrs["pad_to_max_output_size"]

    def kernel(
        boxes: Array, scores: Array, most: Array, iou: Array, least: Array, sigma: Array
    ) -> tuple[Any, ...]:
        _check(boxes, scores, iou)
        overlaps = overlaps_of(boxes)
        numbers, lowered = _selected(overlaps, scores, int(most), iou, least, sigma)
        count = np.int32(len(numbers))
        return _padded(numbers, most, pads), _padded(lowered, most, pads), count

    return kernel


def _padded(values: Array, size: Array, pads: bool) -> Array:
    return np.pad(values, (0, int(size) - len(values))) if pads else values


def _with_overlaps(
    overlaps: Array, scores: Array, most: Array, threshold: Array, least: Array
) -> Array:
    said = None
    if overlaps.ndim != 2:
        said = f"overlaps must be 2-D{dims_text(overlaps.shape)}"
    elif overlaps.shape[0] != overlaps.shape[1]:
        said = f"overlaps must be square{dims_text(overlaps.shape)}"
    elif scores.ndim != 1:
        said = f"scores must be 1-D{dims_text(scores.shape)}"
    elif len(scores) != len(overlaps):
        said = "scores has incompatible shape"
    if said:
        raise InvalidArgumentError(None, None, said)

    def given(box: int, others: list[int]) -> Array:
        return overlaps[box, others]

    return _selected(given, scores, int(most), threshold, least)[0]


def _with_overlaps_shape(op: Operation) -> list[Dims]:
    overlaps = rules.with_rank(op._inputs[0]._dims, 2)
    scores = rules.with_rank(op._inputs[1]._dims, 1)
    for scalar in op._inputs[2:]:
        rules.with_rank(scalar._dims, 0)
    rules.merge_dim(overlaps[0], scores[0])
    rules.merge_dim(overlaps[0], overlaps[1])
    return [(None,)]


define(
    "NonMaxSuppressionWithOverlaps",
    shape=_with_overlaps_shape,
    kernel=_with_overlaps,
    gradient=None,
)
define("NonMaxSuppressionV3", shape=lambda op: _shape(op)[:1], kernel=_v3)
define("NonMaxSuppressionV4", shape=lambda op: _shape(op)[1:], build=_v4)
define("NonMaxSuppressionV5", shape=_shape, build=_v5)
