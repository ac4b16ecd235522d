"""`tf.contrib.metrics`: those of `tf.metrics`, predictions before labels.

After ``engine/metrics``. Each function hands its arguments on by name.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.metrics import classes, means, ranked, thresholds
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.sorting import in_top_k
from scopetutor.engine.surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Metric = Callable[..., Any]

_MODULE = "tensorflow.contrib.metrics.python.ops.metric_ops"
_FIRST = {"weights": None}
_LAST = {"metrics_collections": None, "updates_collections": None}
_SWITCHED = (
    "Note that the order of the labels and predictions arguments has been switched."
)
_COUNTED = {"num_thresholds": 200}


def _handed_on(
    name: str, metric: Metric, required: str, optional: Mapping[str, Any]
) -> Metric:
    """A function that calls a metric of `tf.metrics` by the names of its arguments."""
    given = [inspect.Parameter(p, _EITHER) for p in required.split()]
    usual = [
        inspect.Parameter(key, _EITHER, default=value)
        for key, value in {**optional, "name": None}.items()
    ]
    signature = inspect.Signature(given + usual)

    def call(*args: Any, **kwargs: Any) -> Any:
        return metric(**signature.bind(*args, **kwargs).arguments)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = metric.__doc__
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD
_PAIR = "predictions labels"
_USUAL = {**_FIRST, **_LAST}
_OF_CLASS = {"class_id": None, **_USUAL}
_WITH_THRESHOLDS = {**_FIRST, **_COUNTED, **_LAST}


def _old(of: str, metric: Metric, required: str = _PAIR, **more: Any) -> Metric:
    """One that TF 1.15 calls deprecated, for `tf.metrics.<of>`."""
    instead = f"Please switch to tf.metrics.{of}"
    if required.startswith(_PAIR):
        instead += f". {_SWITCHED}"
    name = f"streaming_{of}"
    made = _handed_on(name, metric, required, more.get("optional", _USUAL))
    return deprecated(name, _MODULE, instead)(made)


def _kept(name: str, metric: Metric, required: str, optional: Any = _USUAL) -> Metric:
    return _handed_on(f"streaming_{name}", metric, required, optional)


streaming_accuracy = _old("accuracy", means.accuracy)
streaming_auc = _old(
    "auc", thresholds.auc, optional={**_WITH_THRESHOLDS, "curve": "ROC"}
)
streaming_false_negatives = _old("false_negatives", thresholds.false_negatives)
streaming_false_positives = _old("false_positives", thresholds.false_positives)
streaming_mean = _old("mean", means.mean, "values")
streaming_mean_absolute_error = _old("mean_absolute_error", means.mean_absolute_error)
streaming_mean_iou = _kept("mean_iou", classes.mean_iou, f"{_PAIR} num_classes")
streaming_mean_relative_error = _kept(
    "mean_relative_error", means.mean_relative_error, f"{_PAIR} normalizer"
)
streaming_mean_squared_error = _old("mean_squared_error", means.mean_squared_error)
streaming_mean_tensor = _old("mean_tensor", means.mean_tensor, "values")
streaming_percentage_less = _kept(
    "percentage_less", means.percentage_below, "values threshold"
)
streaming_precision = _old("precision", thresholds.precision)
streaming_precision_at_thresholds = _old(
    "precision_at_thresholds",
    thresholds.precision_at_thresholds,
    f"{_PAIR} thresholds",
)
streaming_recall = _old("recall", thresholds.recall)
streaming_recall_at_thresholds = _old(
    "recall_at_thresholds", thresholds.recall_at_thresholds, f"{_PAIR} thresholds"
)
streaming_root_mean_squared_error = _old(
    "root_mean_squared_error", means.root_mean_squared_error
)
streaming_sensitivity_at_specificity = _kept(
    "sensitivity_at_specificity",
    thresholds.sensitivity_at_specificity,
    f"{_PAIR} specificity",
    _WITH_THRESHOLDS,
)
streaming_specificity_at_sensitivity = _kept(
    "specificity_at_sensitivity",
    thresholds.specificity_at_sensitivity,
    f"{_PAIR} sensitivity",
    _WITH_THRESHOLDS,
)
streaming_mean_cosine_distance = _kept(
    "mean_cosine_distance", means.mean_cosine_distance, f"{_PAIR} dim"
)
streaming_sparse_average_precision_at_k = _kept(
    "sparse_average_precision_at_k", ranked.average_precision_at_k, f"{_PAIR} k"
)
streaming_sparse_precision_at_k = _kept(
    "sparse_precision_at_k", ranked.precision_at_k, f"{_PAIR} k", _OF_CLASS
)
streaming_sparse_recall_at_k = _kept(
    "sparse_recall_at_k", ranked.recall_at_k, f"{_PAIR} k", _OF_CLASS
)
streaming_true_negatives = _old("true_negatives", thresholds.true_negatives)
streaming_true_positives = _old("true_positives", thresholds.true_positives)


@deprecated(
    "streaming_recall_at_k",
    _MODULE,
    "Please use `streaming_sparse_recall_at_k`, and reshape labels from [batch_size] "
    "to [batch_size, 1].",
)
def streaming_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How often the label is among the k likeliest classes.

    Args:
        predictions: [batch, classes].
        labels: [batch], of classes.
        k: how many classes are looked at.
        weights: what each example counts; None: 1.
        metrics_collections: where the value is entered.
        updates_collections: where the update is entered.
        name: of the variable scope.
    """
    found = cast(in_top_k(predictions, labels, k), dtypes.float32)
    return streaming_mean(
        found,
        weights,
        metrics_collections,
        updates_collections,
        name or f"recall_at_{k}",
    )


def accuracy(
    predictions: Any, labels: Any, weights: Any = None, name: str | None = None
) -> Any:
    """The share of labels that were predicted, in this batch alone.

    Raises:
        ValueError: of types that cannot be, or that differ.
    """
    kinds = (dtypes.bool_, dtypes.string)
    if not (labels.dtype.is_integer or labels.dtype in kinds):
        raise ValueError(
            f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}"
        )
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(
            "Dtypes of predictions and labels should match. Given: predictions "
            f"({predictions.dtype!r}) and labels ({labels.dtype!r})"
        )
    with name_scope(name, "accuracy", values=[predictions, labels]):
        right = cast(math.equal(predictions, labels), dtypes.float32)
        if weights is None:
            return math.reduce_mean(right)
        right = math.multiply(right, weights)
        count = math.multiply(weights, array.ones_like(right))
        return math.div(math.reduce_sum(right), math.reduce_sum(count))


def aggregate_metrics(*value_update_tuples: Any) -> tuple[list[Any], list[Any]]:
    """The values and the updates of several metrics, as two lists.

    Raises:
        ValueError: there are none.
    """
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """The values and the updates of several metrics, as two dictionaries."""
    values, updates = zip(*names_to_tuples.values(), strict=True)
    names = list(names_to_tuples)
    return dict(zip(names, values, strict=True)), dict(zip(names, updates, strict=True))
