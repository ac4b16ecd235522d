"""Counts of right and wrong flags, alone and at thresholds, and what follows.

After running. Precision, recall, the area under curves, sensitivity and specificity are
all quotients of these counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, dtypes, tf_logging
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, checks, math, rank_checks
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import stack, tile
from scopetutor.engine.ops.reshaping import expand_dims, reshape, transpose
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.weights_broadcast import broadcast_weights

from .running import aligned, as_flags, collect, graph_only, metric_variable

if TYPE_CHECKING:
    from collections.abc import Callable

_EPSILON = 1e-7

# -- counts ----------------------------------------------------------------------


def _count(
    values: Any, weights: Any, metrics_collections: Any, updates_collections: Any
) -> Any:
    """How many flags were set so far."""
    checks.assert_type(values, dtypes.bool_)
    count = metric_variable([], dtypes.float32, name="count")
    values = math.cast(values, dtypes.float32)
    if weights is not None:
        fits = rank_checks.assert_rank_in(weights, (0, array.rank(values)))
        with control_dependencies((fits,)):
            weights = math.cast(weights, dtypes.float32)
            values = math.multiply(values, weights)
    value = array.identity(count)
    update = assign_add(count, math.reduce_sum(values))
    return collect(value, update, metrics_collections, updates_collections)


def _counter(name_: str, label: bool, predicted: bool) -> Callable[..., Any]:
    """The metric that counts one kind of right or wrong flags."""

    def metric(
        labels: Any,
        predictions: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Any:
        with variable_scope(name, name_, (predictions, labels, weights)):
            predictions, labels, weights = as_flags(predictions, labels, weights)
            found = math.logical_and(
                math.equal(labels, label), math.equal(predictions, predicted)
            )
            return _count(found, weights, metrics_collections, updates_collections)

    metric.__name__ = metric.__qualname__ = name_
    metric.__doc__ = f"How often the label is {label} and the prediction {predicted}."
    return graph_only(metric)


true_positives = _counter("true_positives", True, True)
false_positives = _counter("false_positives", False, True)
true_negatives = _counter("true_negatives", False, False)
false_negatives = _counter("false_negatives", True, False)


def ratio(right: Any, wrong: Any, name: str) -> Any:
    """One count by the sum of two; 0 if there are none."""
    total = right + wrong
    return where(math.greater(total, 0), math.div(right, right + wrong), 0, name)


def _share(
    name: str | None,
    default_name: str,
    wrong: Callable[..., Any],
    given: tuple[Any, Any, Any],
    metrics_collections: Any,
    updates_collections: Any,
) -> Any:
    """The true positives among them and one kind of wrong ones."""
    predictions, labels, weights = given
    with variable_scope(name, default_name, (predictions, labels, weights)):
        predictions, labels, weights = as_flags(predictions, labels, weights)
        right, right_update = true_positives(labels, predictions, weights)
        false, false_update = wrong(labels, predictions, weights)
        value = ratio(right, false, "value")
        update = ratio(right_update, false_update, "update_op")
        return collect(value, update, metrics_collections, updates_collections)


@graph_only
def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the flags predicted are labels."""
    given = (predictions, labels, weights)
    return _share(
        name,
        "precision",
        false_positives,
        given,
        metrics_collections,
        updates_collections,
    )


@graph_only
def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the labels were predicted."""
    given = (predictions, labels, weights)
    return _share(
        name,
        "recall",
        false_negatives,
        given,
        metrics_collections,
        updates_collections,
    )


# -- counts at thresholds ------------------------------------------------------------

# By key: the variable's name, whether the label is set, whether it is predicted.
_KINDS = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}


class _Flags:
    """Flags for each threshold (rows) and prediction (columns).

    Attributes:
        by: (of the labels or the predictions, set or not) -> [thresholds, n].
        weights: [thresholds, n], or None.
    """

    def __init__(
        self,
        labels: Any,
        predictions: Any,
        thresholds: list[float],
        weights: Any,
        kinds: tuple[str, ...],
    ) -> None:
        predictions, labels, weights = _checked(predictions, labels, weights)
        count = len(thresholds)
        column = reshape(predictions, [-1, 1])
        row = reshape(math.cast(labels, dtypes.bool_), [1, -1])
        size = column.get_shape().as_list()[0]
        if size is None:
            size = array.shape(column)[0]
        limits = tile(
            expand_dims(constants.constant(thresholds), [1]), stack([1, size])
        )
        positive = math.greater(tile(transpose(column), [count, 1]), limits)
        self.by: dict[tuple[str, bool], Any] = {("predicted", True): positive}
        if any(not _KINDS[kind][2] for kind in kinds):
            self.by["predicted", False] = math.logical_not(positive)
        self.by["label", True] = tile(row, [count, 1])
        if any(not _KINDS[kind][1] for kind in kinds):
            self.by["label", False] = math.logical_not(self.by["label", True])
        self.weights = None
        if weights is not None:
            weights = broadcast_weights(math.cast(weights, dtypes.float32), predictions)
            self.weights = tile(reshape(weights, [1, -1]), [count, 1])
            limits.get_shape().assert_is_compatible_with(self.weights.get_shape())


def _checked(predictions: Any, labels: Any, weights: Any) -> tuple[Any, Any, Any]:
    """The three aligned, once the predictions are known to be from 0 to 1."""
    message = "predictions must be in [0, 1]"
    at_least = checks.assert_greater_equal(
        predictions, math.cast(0.0, dtype=predictions.dtype), message=message
    )
    at_most = checks.assert_less_equal(
        predictions, math.cast(1.0, dtype=predictions.dtype), message=message
    )
    with control_dependencies([at_least, at_most]):
        return aligned(
            predictions=math.cast(predictions, dtypes.float32),
            labels=math.cast(labels, dtypes.bool_),
            weights=weights,
        )


def _counts_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: list[float],
    weights: Any = None,
    kinds: tuple[str, ...] = ("tp", "fn", "tn", "fp"),
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables and updates of each kind of count."""
    flags = _Flags(labels, predictions, thresholds, weights, kinds)
    values, updates = {}, {}
    for kind in (kind for kind in _KINDS if kind in kinds):
        name, label, predicted = _KINDS[kind]
        variable = metric_variable([len(thresholds)], dtypes.float32, name=name)
        found = math.cast(
            math.logical_and(
                flags.by["label", label], flags.by["predicted", predicted]
            ),
            dtypes.float32,
        )
        if flags.weights is not None:
            found *= flags.weights
        updates[kind] = assign_add(variable, math.reduce_sum(found, 1))
        values[kind] = variable
    return values, updates


def _counter_at_thresholds(kind: str) -> Callable[..., Any]:
    """The metric that counts one kind at each threshold."""
    default_name = _KINDS[kind][0]

    def metric(
        labels: Any,
        predictions: Any,
        thresholds: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Any:
        with variable_scope(name, default_name, (predictions, labels, weights)):
            values, updates = _counts_at_thresholds(
                labels, predictions, thresholds, weights, (kind,)
            )
            value = array.identity(values[kind])
            return collect(
                value, updates[kind], metrics_collections, updates_collections
            )

    metric.__name__ = metric.__qualname__ = f"{default_name}_at_thresholds"
    metric.__doc__ = f"The {default_name.replace('_', ' ')} for each threshold."
    return graph_only(metric)


true_positives_at_thresholds = _counter_at_thresholds("tp")
false_positives_at_thresholds = _counter_at_thresholds("fp")
true_negatives_at_thresholds = _counter_at_thresholds("tn")
false_negatives_at_thresholds = _counter_at_thresholds("fn")


def _share_at_thresholds(function: str, wrong: str, doc: str) -> Callable[..., Any]:
    """The metric that compares true positives with one kind of wrong ones."""
    prefix = function.partition("_")[0]

    def compute(counts: dict[str, Any], suffix: str) -> Any:
        right = counts["tp"]
        total = _EPSILON + right + counts[wrong]
        return math.div(right, total, name=f"{prefix}_{suffix}")

    def metric(
        labels: Any,
        predictions: Any,
        thresholds: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Any:
        with variable_scope(name, function, (predictions, labels, weights)):
            values, updates = _counts_at_thresholds(
                labels, predictions, thresholds, weights, ("tp", wrong)
            )
            value = compute(values, "value")
            update = compute(updates, "update_op")
            return collect(value, update, metrics_collections, updates_collections)

    metric.__name__ = metric.__qualname__ = function
    metric.__doc__ = doc
    return graph_only(metric)


precision_at_thresholds = _share_at_thresholds(
    "precision_at_thresholds",
    "fp",
    "How many of the flags predicted are labels, for each threshold.",
)
recall_at_thresholds = _share_at_thresholds(
    "recall_at_thresholds",
    "fn",
    "How many of the labels were predicted, for each threshold.",
)


# -- curves --------------------------------------------------------------------------


def _between(count: int) -> list[float]:
    """Thresholds that divide 0 to 1 evenly, without the ends."""
    return [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)]


@graph_only
def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Any = None,
) -> Any:
    """The area under the curve of hits over false alarms, or precision over recall.

    Args:
        labels: flags.
        predictions: numbers from 0 to 1.
        weights: what each counts; None: 1.
        num_thresholds: at how many places the curve is known.
        metrics_collections: where the value is entered.
        updates_collections: where the update is entered.
        curve: "ROC" or "PR".
        name: of the variable scope.
        summation_method: "trapezoidal", "careful_interpolation" (for PR), "minoring"
            or "majoring".
        thresholds: the places themselves, if wanted.
    """
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        inner = _between(num_thresholds) if thresholds is None else sorted(thresholds)
        limits = [0.0 - _EPSILON, *inner, 1.0 + _EPSILON]
        values, updates = _counts_at_thresholds(labels, predictions, limits, weights)
        area = _Area(curve, summation_method, len(limits))
        value = area(values, "value")
        update = area(updates, "update_op")
        return collect(value, update, metrics_collections, updates_collections)


class _Area:
    """Adds up the area under a curve that is known at some places."""

    def __init__(self, curve: str, method: str, places: int) -> None:
        self.curve = curve
        self.method = method
        self.places = places

    def __call__(self, counts: dict[str, Any], name: str) -> Any:
        if self.curve == "PR":
            if self.method == "trapezoidal":
                tf_logging.warn(
                    "Trapezoidal rule is known to produce incorrect PR-AUCs; please "
                    'switch to "careful_interpolation" instead.'
                )
            elif self.method == "careful_interpolation":
                return self._interpolated(counts["tp"], counts["fp"], counts["fn"])
        return self._summed(*self._curve(**counts), name)

    def _curve(self, tp: Any, fn: Any, tn: Any, fp: Any) -> tuple[Any, Any]:
        epsilon = 1.0e-6
        recalled = math.div(tp + epsilon, tp + fn + epsilon)
        if self.curve == "ROC":
            return math.div(fp, fp + tn + epsilon), recalled
        return recalled, math.div(tp + epsilon, tp + fp + epsilon)

    def _summed(self, x: Any, y: Any, name: str) -> Any:
        last = self.places - 1
        if self.method in ("trapezoidal", "careful_interpolation"):
            widths = x[:last] - x[1:]
            heights = (y[:last] + y[1:]) / 2.0
        elif self.method == "minoring":
            widths = x[:last] - x[1:]
            heights = math.minimum(y[:last], y[1:])
        elif self.method == "majoring":
            widths = x[:last] - x[1:]
            heights = math.maximum(y[:last], y[1:])
        else:
            raise ValueError(f"Invalid summation_method: {self.method}")
        return math.reduce_sum(math.multiply(widths, heights), name=name)

    def _interpolated(self, tp: Any, fp: Any, fn: Any) -> Any:
        """Between two places the counts grow evenly, not precision and recall."""
        last = self.places - 1
        tp_step = tp[:last] - tp[1:]
        p = tp + fp
        slope = math.div_no_nan(
            tp_step, math.maximum(p[:last] - p[1:], 0), name="prec_slope"
        )
        intercept = tp[1:] - math.multiply(slope, p[1:])
        ratio = where(
            math.logical_and(p[:last] > 0, p[1:] > 0),
            math.div_no_nan(
                p[:last], math.maximum(p[1:], 0), name="recall_relative_ratio"
            ),
            array.ones_like(p[1:]),
        )
        return math.reduce_sum(
            math.div_no_nan(
                slope * (tp_step + intercept * math.log(ratio)),
                math.maximum(tp[1:] + fn[1:], 0),
                name="pr_auc_increment",
            ),
            name="interpolate_pr_auc",
        )


@graph_only
def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many labels are found where so many of the others are left alone."""
    if not 0 <= specificity <= 1:
        raise ValueError("`specificity` must be in the range [0, 1].")
    given = (predictions, labels, weights)
    with variable_scope(name, "sensitivity_at_specificity", given):
        limits = [0.0 - _EPSILON, *_between(num_thresholds), 1.0 + _EPSILON]
        values, updates = _counts_at_thresholds(labels, predictions, limits, weights)

        def compute(counts: dict[str, Any], name: str) -> Any:
            tp, fn, tn, fp = (counts[kind] for kind in _KINDS)
            specificities = math.div(tn, tn + fp + _EPSILON)
            index = math.argmin(math.abs(specificities - specificity), 0)
            index = math.cast(index, dtypes.int32)
            return math.div(tp[index], tp[index] + fn[index] + _EPSILON, name)

        value = compute(values, "value")
        update = compute(updates, "update_op")
        return collect(value, update, metrics_collections, updates_collections)


@graph_only
def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the others are left alone where so many labels are found."""
    if not 0 <= sensitivity <= 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")
    given = (predictions, labels, weights)
    with variable_scope(name, "specificity_at_sensitivity", given):
        # TF 1.15: the last one is below 1 here.
        limits = [0.0 - _EPSILON, *_between(num_thresholds), 1.0 - _EPSILON]
        values, updates = _counts_at_thresholds(labels, predictions, limits, weights)

        def compute(counts: dict[str, Any], name: str) -> Any:
            tp, fn, tn, fp = (counts[kind] for kind in _KINDS)
            sensitivities = math.div(tp, tp + fn + _EPSILON)
            nearest = math.reduce_min(math.abs(sensitivities - sensitivity))
            is_nearest = math.equal(math.abs(sensitivities - sensitivity), nearest)
            last = math.cumsum(math.cast(is_nearest, dtypes.int64))
            index = math.cast(math.argmax(last, 0), dtypes.int32)
            return math.div(tn[index], tn[index] + fp[index] + _EPSILON, name)

        value = compute(values, "value")
        update = compute(updates, "update_op")
        return collect(value, update, metrics_collections, updates_collections)
