"""`tf.contrib.metrics`: how predictions and labels vary, or agree, together.

After ``engine/metrics``, as whose metrics they keep local variables. TF 1.15: the
covariance of all batches is put together from that of each, and their means.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.confusion import confusion_matrix
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.metrics.running import (
    aligned,
    as_flags,
    collect,
    metric_variable,
)
from scopetutor.engine.metrics.thresholds import (
    false_negatives,
    false_positives,
    ratio,
    true_negatives,
    true_positives,
)
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.linalg import diag_part
from scopetutor.engine.ops.reshaping import squeeze
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.weights_broadcast import broadcast_weights

# -- covariance --------------------------------------------------------------------


def streaming_covariance(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The covariance of all predictions and labels so far; NaN before two of them."""
    with variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        count, mean_prediction, mean_label, comoment = (
            metric_variable([], dtypes.float32, name=one)
            for one in ("count", "mean_prediction", "mean_label", "comoment")
        )
        pair = (predictions, labels)
        if weights is None:
            added = math.cast(array.size(labels), dtypes.float32)
            weighted = pair
        else:
            weights = broadcast_weights(weights, labels)
            added = math.reduce_sum(weights)
            weighted = tuple([math.multiply(one, weights) for one in pair])
        total = assign_add(count, added)
        before = total - added
        mean_a, last_a = _moved(mean_prediction, weighted[0], added, total)
        mean_b, last_b = _moved(mean_label, weighted[1], added, total)
        products = (predictions - mean_a) * (labels - mean_b)
        if weights is not None:
            products *= weights
        of_batch = math.reduce_sum(products)
        shift = (last_a - mean_a) * (last_b - mean_b) * (before * added / total)
        change = assign_add(comoment, of_batch + shift)
        value = _share(comoment, count, "covariance")
        with control_dependencies([change]):
            update = _share(comoment, count, "update_op")
    return collect(value, update, metrics_collections, updates_collections)


def _moved(mean: Any, values: Any, added: Any, total: Any) -> tuple[Any, Any]:
    """The mean of a batch, and the mean of all batches before it."""
    of_batch = math.div_no_nan(math.reduce_sum(values), added)
    change = math.div_no_nan((of_batch - mean) * added, total)
    return of_batch, assign_add(mean, change) - change


def _share(comoment: Any, count: Any, name: str) -> Any:
    few = math.less_equal(count, 1.0)
    return where(few, float("nan"), math.truediv(comoment, count - 1), name=name)


def streaming_pearson_correlation(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """Pearson's correlation of all predictions and labels so far."""
    with variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        if weights is not None:
            weights = broadcast_weights(weights, labels)
        pairs = (
            ("covariance", predictions, labels),
            ("variance_predictions", predictions, predictions),
            ("variance_labels", labels, labels),
        )
        both, ours, theirs = (
            streaming_covariance(one, other, weights=weights, name=scope)
            for scope, one, other in pairs
        )
        value, update = (
            math.truediv(
                both[i],
                math.multiply(math.sqrt(ours[i]), math.sqrt(theirs[i])),
                name=result,
            )
            for i, result in enumerate(("pearson_r", "update_op"))
        )
    return collect(value, update, metrics_collections, updates_collections)


# -- flags -------------------------------------------------------------------------


def streaming_false_positive_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the flags that are no labels are predicted."""
    with variable_scope(name, "false_positive_rate", (predictions, labels, weights)):
        given = as_flags(predictions, labels, weights)
        wrong, right = _counted(given, false_positives, true_negatives)
        value, update = _rates(wrong, right)
        return collect(value, update, metrics_collections, updates_collections)


def streaming_false_negative_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the labels are not predicted."""
    with variable_scope(name, "false_negative_rate", (predictions, labels, weights)):
        given = as_flags(predictions, labels, weights)
        wrong, right = _counted(given, false_negatives, true_positives)
        value, update = _rates(wrong, right)
        return collect(value, update, metrics_collections, updates_collections)


def _counted(given: tuple[Any, Any, Any], *metrics: Any) -> list[Any]:
    """The value and the update of each of some counters."""
    predictions, labels, weights = given
    return [metric(labels, predictions, weights) for metric in metrics]


def _rates(wrong: Any, right: Any) -> tuple[Any, Any]:
    value = ratio(wrong[0], right[0], "value")
    return value, ratio(wrong[1], right[1], "update_op")


# -- counts and agreement ----------------------------------------------------------


def count(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many values there were, or the sum of their weights."""
    _refuse_eager("count")
    with variable_scope(name, "count", (values, weights)):
        counter = metric_variable([], dtypes.float32, name="count")
        if weights is None:
            added = math.cast(array.size(values), dtypes.float32)
        else:
            values = math.cast(values, dtypes.float32)
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(math.cast(weights, dtypes.float32), values)
            added = math.reduce_sum(weights)
        with control_dependencies([values]):
            update = assign_add(counter, added)
        value = array.identity(counter)
        return collect(value, update, metrics_collections, updates_collections)


def cohen_kappa(
    labels: Any,
    predictions_idx: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """Cohen's kappa: how much better than by chance labels are predicted.

    Raises:
        ValueError: there are fewer than two classes.
    """
    _refuse_eager("cohen_kappa")
    if num_classes < 2:
        raise ValueError(f"`num_classes` must be >= 2.Found: {num_classes}")
    with variable_scope(name, "cohen_kappa", (labels, predictions_idx, weights)):
        if labels.get_shape().with_rank_at_most(2).ndims == 2:
            labels = squeeze(labels, axis=[-1])
        predictions, labels, weights = aligned(predictions_idx, labels, weights)
        whole = weights is None or weights.dtype.is_integer
        kind = dtypes.int64 if whole else dtypes.float32
        kept = [
            metric_variable((num_classes,), kind, name=one)
            for one in ("po", "pe_row", "pe_col")
        ]
        table = confusion_matrix(
            labels,
            predictions,
            num_classes=num_classes,
            weights=weights,
            dtype=kind,
            name="counts_in_table",
        )
        added = [
            diag_part(table),
            math.reduce_sum(table, axis=0),
            math.reduce_sum(table, axis=1),
        ]
        updates = [assign_add(one, more) for one, more in zip(kept, added, strict=True)]
        value, update = _kappa(kept, "value"), _kappa(updates, "update_op")
        return collect(value, update, metrics_collections, updates_collections)


def _kappa(counts: list[Any], name: str) -> Any:
    agreed, rows, columns = counts
    right, total = math.reduce_sum(agreed), math.reduce_sum(rows)
    products = math.cast(rows * columns, dtypes.float64)
    by_chance = math.reduce_sum(
        math.div_no_nan(products, math.cast(total, dtypes.float64))
    )
    right, by_chance, total = (
        math.cast(one, dtypes.float64) for one in (right, by_chance, total)
    )
    return math.div_no_nan(right - by_chance, total - by_chance, name=name)


def _refuse_eager(metric: str) -> None:
    if defaults.state.eager:
        raise RuntimeError(
            f"tf.contrib.metrics.{metric} is not supported when eager execution is "
            "enabled."
        )
