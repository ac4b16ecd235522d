"""Metrics that are means: accuracy, errors, and `tf.metrics.mean` itself.

After running; estimators (``estimator/heads.py``) and contrib's metrics use them. Each
is a total and a count, two local variables, and their quotient.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.confusion import remove_squeezable_dimensions
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.weights_broadcast import broadcast_weights

from .running import aligned, collect, graph_only, metric_variable


@graph_only
def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean of all values so far.

    Args:
        values: a tensor.
        weights: what each value counts; None: 1.
        metrics_collections: where the value is entered.
        updates_collections: where the update is entered.
        name: of the variable scope of `total` and `count`.

    Returns:
        The mean, and the operation that takes in a batch and gives the new mean.
    """
    with variable_scope(name, "mean", (values, weights)):
        values = math.cast(values, dtypes.float32)
        total = metric_variable([], dtypes.float32, name="total")
        count = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            number = math.cast(array.size(values), dtypes.float32)
        else:
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(math.cast(weights, dtypes.float32), values)
            values = math.multiply(values, weights)
            number = math.reduce_sum(weights)
        new_total = assign_add(total, math.reduce_sum(values))
        with control_dependencies([values]):
            new_count = assign_add(count, number)
        value = math.div_no_nan(total, math.maximum(count, 0), name="value")
        update = math.div_no_nan(
            new_total, math.maximum(new_count, 0), name="update_op"
        )
        return collect(value, update, metrics_collections, updates_collections)


@graph_only
def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean of all tensors so far, element by element."""
    with variable_scope(name, "mean", (values, weights)):
        values = math.cast(values, dtypes.float32)
        shape = values.get_shape()
        total = metric_variable(shape, dtypes.float32, name="total_tensor")
        count = metric_variable(shape, dtypes.float32, name="count_tensor")
        number = array.ones_like(values)
        if weights is not None:
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(math.cast(weights, dtypes.float32), values)
            values = math.multiply(values, weights)
            number = math.multiply(number, weights)
        new_total = assign_add(total, values)
        with control_dependencies([values]):
            new_count = assign_add(count, number)
        value = math.div_no_nan(total, math.maximum(count, 0), name="value")
        update = math.div_no_nan(
            new_total, math.maximum(new_count, 0), name="update_op"
        )
        return collect(value, update, metrics_collections, updates_collections)


@graph_only
def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the predictions are the labels."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    if labels.dtype != predictions.dtype:
        predictions = math.cast(predictions, labels.dtype)
    is_correct = math.cast(math.equal(predictions, labels), dtypes.float32)
    return mean(
        is_correct,
        weights,
        metrics_collections,
        updates_collections,
        name or "accuracy",
    )


@graph_only
def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean distance of predictions from labels."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    return mean(
        math.abs(predictions - labels),
        weights,
        metrics_collections,
        updates_collections,
        name or "mean_absolute_error",
    )


@graph_only
def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean of 1 less the cosine of the angle, for unit vectors along an axis."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    products = math.multiply(predictions, labels)
    cosines = math.reduce_sum(products, axis=[dim], keepdims=True)
    value, update = mean(cosines, weights, None, None, name or "mean_cosine_distance")
    return collect(
        math.subtract(1.0, value),
        math.subtract(1.0, update),
        metrics_collections,
        updates_collections,
    )


@graph_only
def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean distance of predictions from labels, over a normalizer."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.get_shape().assert_is_compatible_with(normalizer.get_shape())
    errors = where(
        math.equal(normalizer, 0.0),
        array.zeros_like(labels),
        math.div(math.abs(labels - predictions), normalizer),
    )
    return mean(
        errors,
        weights,
        metrics_collections,
        updates_collections,
        name or "mean_relative_error",
    )


@graph_only
def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean square of the distance of predictions from labels."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    return mean(
        math.squared_difference(labels, predictions),
        weights,
        metrics_collections,
        updates_collections,
        name or "mean_squared_error",
    )


@graph_only
def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The root of the mean square of the distance of predictions from labels."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    value, update = mean_squared_error(
        labels, predictions, weights, None, None, name or "root_mean_squared_error"
    )
    return collect(
        math.sqrt(value), math.sqrt(update), metrics_collections, updates_collections
    )


@graph_only
def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the values are below a threshold."""
    is_below = math.cast(math.less(values, threshold), dtypes.float32)
    return mean(
        is_below,
        weights,
        metrics_collections,
        updates_collections,
        name or "percentage_below_threshold",
    )
