"""Metrics of several classes: mean accuracy and mean overlap (IOU).

After running and ``confusion.py``, which counts the pairs of a batch. TF 1.15 keeps the
whole confusion matrix in a local variable for `mean_iou`, whose mean is over the
classes that occurred; for the accuracy, two numbers for each class.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.confusion import confusion_matrix
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.linalg import diag_part
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.ops.variable_parts import scatter_add

from .running import collect, flat, graph_only, metric_variable


@graph_only
def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean over the classes of how many of a class were predicted."""
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = flat(math.cast(labels, dtypes.int64))
        predictions = flat(predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        total = metric_variable([num_classes], dtypes.float32, name="total")
        count = metric_variable([num_classes], dtypes.float32, name="count")
        ones = array.ones([array.size(labels)], dtypes.float32)
        if labels.dtype != predictions.dtype:
            predictions = math.cast(predictions, labels.dtype)
        is_correct = math.cast(math.equal(predictions, labels), dtypes.float32)
        if weights is not None:
            weights = math.cast(flat(weights), dtypes.float32)
            is_correct *= weights
            ones *= weights
        new_total = scatter_add(total, labels, ones)
        new_count = scatter_add(count, labels, is_correct)
        by_class = math.div_no_nan(count, math.maximum(total, 0))
        value = math.reduce_mean(by_class, name="mean_accuracy")
        update = math.div_no_nan(
            new_count, math.maximum(new_total, 0), name="update_op"
        )
        return collect(value, update, metrics_collections, updates_collections)


def _streaming_confusion(
    labels: Any, predictions: Any, num_classes: Any, weights: Any
) -> tuple[Any, Any]:
    """How often each class was predicted as each, and the update of that."""
    total = metric_variable(
        [num_classes, num_classes], dtypes.float64, name="total_confusion_matrix"
    )
    predictions = math.cast(predictions, dtypes.int64)
    labels = math.cast(labels, dtypes.int64)
    num_classes = math.cast(num_classes, dtypes.int64)
    predictions, labels = flat(predictions), flat(labels)
    if weights is not None:
        weights = flat(weights)
    current = confusion_matrix(
        labels, predictions, num_classes, weights=weights, dtype=dtypes.float64
    )
    return total, assign_add(total, current)


@graph_only
def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean over the classes of overlap by union of labels and predictions."""
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
        total, update = _streaming_confusion(labels, predictions, num_classes, weights)
        return collect(_iou(total), update, metrics_collections, updates_collections)


def _iou(total: Any) -> Any:
    over_rows = math.cast(math.reduce_sum(total, 0), dtypes.float32)
    over_columns = math.cast(math.reduce_sum(total, 1), dtypes.float32)
    diagonal = math.cast(diag_part(total), dtypes.float32)
    union = over_rows + over_columns - diagonal
    present = math.reduce_sum(math.cast(math.not_equal(union, 0), dtypes.float32))
    union = where(math.greater(union, 0), union, array.ones_like(union))
    iou = math.div(diagonal, union)
    any_present = math.greater(present, 0)
    return where(any_present, math.reduce_sum(iou, name="mean_iou") / present, 0)
