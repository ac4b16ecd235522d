"""Metrics of the k best predictions: precision, recall, average precision.

After running. TF 1.15: the classes among the k best and those that are labels are sets,
compared row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.ops import array, gathering, math, sets
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.reduction_gradients import reduced_shape
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.ops.sorting import top_k
from scopetutor.engine.ops.sparse import sparse_retain
from scopetutor.engine.ops.sparse_shapes import sparse_concat, sparse_reshape
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.sparse import (
    SparseTensor,
    SparseTensorValue,
    convert_to_tensor_or_sparse_tensor,
)
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.weights_broadcast import (
    assert_broadcastable,
    broadcast_weights,
)

from .running import collect, graph_only, metric_variable

if TYPE_CHECKING:
    from collections.abc import Callable


def _named(name: str, k: int | None, class_id: int | None = None) -> str:
    name = f"{name}_at_k" if k is None else f"{name}_at_{k}"
    return name if class_id is None else f"{name}_class{class_id}"


def _expanded(labels: Any, predictions: Any) -> Any:
    """Labels with a last axis, if they are one for each row."""
    with name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            rank = array.rank(predictions)
            return cond(
                math.equal(rank, array.size(labels.dense_shape) + 1),
                lambda: sparse_reshape(
                    labels, shape=concat((labels.dense_shape, (1,)), 0), name=scope
                ),
                lambda: labels,
            )
        had, wanted = labels.get_shape().ndims, predictions.get_shape().ndims
        if had is None or wanted is None:
            rank = array.rank(predictions)
            return cond(
                math.equal(rank, array.rank(labels) + 1),
                lambda: expand_dims(labels, -1, name=scope),
                lambda: labels,
            )
        if wanted == had:
            return labels
        if wanted == had + 1:
            return expand_dims(labels, -1, name=scope)
        raise ValueError(
            f"Unexpected labels shape {labels.get_shape()} for predictions shape "
            f"{predictions.get_shape()}."
        )


# -- one class only ----------------------------------------------------------------


def _only(ids: Any, class_id: int) -> Any:
    """The sets without all other classes."""
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, math.equal(ids.values, class_id))
    shape = array.shape(ids, out_type=dtypes.int64)
    last = array.size(shape) - 1
    one_each = reduced_shape(shape, reshape(last, [1]))
    wanted = array.fill(one_each, math.cast(class_id, dtypes.int64))
    found = sets.set_intersection(wanted, ids)
    return SparseTensor(indices=found.indices, values=found.values, dense_shape=shape)


def _chosen(labels: Any, predicted: Any, class_id: int | None) -> tuple[Any, Any]:
    if class_id is None:
        return labels, predicted
    return _only(labels, class_id), _only(predicted, class_id)


# -- counts ------------------------------------------------------------------------


def _weighted(count: Any, weights: Any) -> Any:
    count = math.cast(count, dtypes.float64)
    if weights is None:
        return count
    with control_dependencies((assert_broadcastable(weights, count),)):
        weights = math.cast(weights, dtypes.float64)
        return math.multiply(count, weights)


def _in_both(predicted: Any, labels: Any) -> Any:
    return sets.set_intersection(predicted, labels)


def _missed(predicted: Any, labels: Any) -> Any:
    return sets.set_difference(predicted, labels, aminusb=False)


def _in_vain(predicted: Any, labels: Any) -> Any:
    return sets.set_difference(predicted, labels, aminusb=True)


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "true_positive": _in_both,
    "false_negative": _missed,
    "false_positive": _in_vain,
}


def _counted(
    kind: str,
    labels: Any,
    predicted: Any,
    weights: Any,
    class_id: int | None = None,
    name: str | None = None,
) -> Any:
    """How many classes of a kind each row has."""
    with name_scope(name, f"{kind}s", (predicted, labels, weights)):
        labels, predicted = _chosen(labels, predicted, class_id)
        return _weighted(sets.set_size(_COMPARE[kind](predicted, labels)), weights)


def _running(
    kind: str, labels: Any, predicted: Any, k: int | None, class_id: Any, weights: Any
) -> tuple[Any, Any]:
    """How many there were so far: the variable, and what adds to it."""
    given = (predicted, labels, weights)
    with name_scope(None, _named(kind, k, class_id), given) as scope:
        count = _counted(kind, labels, predicted, weights, class_id)
        total = math.cast(math.reduce_sum(count), dtypes.float64)
        variable = metric_variable([], dtypes.float64, name=scope)
        return variable, assign_add(variable, total, name="update")


# -- precision and recall ----------------------------------------------------------


def _at_top_k(
    metric: str,
    wrong: str,
    labels: Any,
    predictions_idx: Any,
    k: int | None,
    class_id: int | None,
    weights: Any,
    collections: tuple[Any, Any],
    name: str | None,
) -> Any:
    given = (predictions_idx, labels, weights)
    with name_scope(name, _named(metric, k, class_id), given) as scope:
        labels = _expanded(labels, predictions_idx)
        predicted = math.cast(predictions_idx, dtypes.int64)
        right, right_update = _running(
            "true_positive", labels, predicted, k, class_id, weights
        )
        false, false_update = _running(wrong, labels, predicted, k, class_id, weights)
        value = math.div(right, math.add(right, false), name=scope)
        update = math.div(
            right_update, math.add(right_update, false_update), name="update"
        )
        return collect(value, update, *collections)


def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the labels are among the k classes predicted."""
    return _at_top_k(
        "recall",
        "false_negative",
        labels,
        predictions_idx,
        k,
        class_id,
        weights,
        (metrics_collections, updates_collections),
        name,
    )


@graph_only
def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the k classes predicted are labels."""
    return _at_top_k(
        "precision",
        "false_positive",
        labels,
        predictions_idx,
        k,
        class_id,
        weights,
        (metrics_collections, updates_collections),
        name,
    )


@graph_only
def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the labels are among the k most probable classes."""
    given = (predictions, labels, weights)
    with name_scope(name, _named("recall", k, class_id), given) as scope:
        _, best = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return recall_at_top_k(
            labels, best, k, class_id, weights, *collections, name=scope
        )


@graph_only
def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """How many of the k most probable classes are labels."""
    given = (predictions, labels, weights)
    with name_scope(name, _named("precision", k, class_id), given) as scope:
        _, best = top_k(predictions, k)
        collections = metrics_collections, updates_collections
        return precision_at_top_k(
            labels, best, k, class_id, weights, *collections, name=scope
        )


@deprecation.deprecated(
    "sparse_precision_at_k", "metrics_impl", "Use precision_at_k instead"
)
def sparse_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """`precision_at_k` under its older name."""
    collections = metrics_collections, updates_collections
    return precision_at_k(
        labels, predictions, k, class_id, weights, *collections, name=name
    )


# -- average precision -------------------------------------------------------------


@graph_only
def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """The mean of the precision at each of the k places where a label stands.

    Raises:
        ValueError: `k` is less than 1.
    """
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    given = (predictions, labels, weights)
    with name_scope(name, _named("average_precision", k), given) as scope:
        _, best = top_k(predictions, k)
        classes = math.cast(array.shape(predictions)[-1], dtypes.int64)
        labels = _within(labels, classes)
        collections = metrics_collections, updates_collections
        return _average_at_top_k(labels, best, weights, collections, scope)


@deprecation.deprecated(
    "sparse_average_precision_at_k",
    "metrics_impl",
    "Use average_precision_at_k instead",
)
def sparse_average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Any:
    """`average_precision_at_k` under its older name."""
    collections = metrics_collections, updates_collections
    return average_precision_at_k(
        labels, predictions, k, weights, *collections, name=name
    )


def _within(labels: Any, classes: Any) -> Any:
    """Labels beyond the classes there are become -1."""
    is_sparse = isinstance(labels, (SparseTensor, SparseTensorValue))

    def replaced() -> Any:
        values = labels.values if is_sparse else labels
        is_beyond = math.greater_equal(values, classes)
        none = -1 * array.ones_like(values)
        kept = gathering.where_v2(is_beyond, none, values)
        if not is_sparse:
            return kept
        return type(labels)(labels.indices, kept, labels.dense_shape)

    most = math.reduce_max(labels.values if is_sparse else labels)
    return cond(math.greater_equal(most, classes), replaced, lambda: labels)


def _average_at_top_k(
    labels: Any, best: Any, weights: Any, collections: tuple[Any, Any], name: str
) -> Any:
    given = (best, labels, weights)
    with name_scope(name, "average_precision_at_top_k", given) as scope:
        average = _average_precision(labels, best)
        if weights is not None:
            weights = broadcast_weights(math.cast(weights, dtypes.float64), average)
            average = math.multiply(average, weights)
        with name_scope(None, "max", (average,)) as inner:
            most = metric_variable([], dtypes.float64, name=inner)
            if weights is None:
                count = math.cast(array.size(average, name="batch_max"), dtypes.float64)
            else:
                count = math.reduce_sum(weights, name="batch_max")
            most_update = assign_add(most, count, name="update")
        with name_scope(None, "total", (average,)) as inner:
            total = metric_variable([], dtypes.float64, name=inner)
            batch = math.reduce_sum(average, name="batch_total")
            total_update = assign_add(total, batch, name="update")
        value = math.div_no_nan(total, most, name="mean")
        update = math.div_no_nan(total_update, most_update, name=scope)
        return collect(value, update, *collections)


def _average_precision(labels: Any, best: Any) -> Any:
    with name_scope(None, "average_precision", (best, labels)) as scope:
        best = math.cast(best, dtypes.int64, name="predictions_idx")
        k = best.get_shape().as_list()[-1]
        labels = _expanded(labels, best)
        each = expand_dims(best, -1, name="predictions_idx_per_k")
        again = _repeated(labels, k, "labels_per_k")
        right = _counted("true_positive", again, each, None, name="relevant_per_k")
        found = math.cumsum(right, axis=-1, name="tp_per_k")
        tried = math.cumsum(array.ones_like(right), axis=-1, name="retrieved_per_k")
        found = math.cast(found, dtypes.float64)
        tried = math.cast(tried, dtypes.float64)
        precision = math.div(found, tried, name="precision_per_k")
        right = math.cast(right, dtypes.float64)
        kept = math.multiply(precision, right, name="relevant_precision_per_k")
        total = math.reduce_sum(kept, axis=(-1,), name="precision_sum")
        most = math.cast(_relevant(labels, k), dtypes.float64)
        return math.div(total, most, name=scope)


def _repeated(tensor: Any, times: int, name: str) -> Any:
    """The same rows `times` times, along a new axis before the last."""
    with name_scope(name, "expand_and_tile", (tensor, times, -1)) as scope:
        tensor = convert_to_tensor_or_sparse_tensor(tensor)
        if isinstance(tensor, SparseTensor):
            shape = tensor.dense_shape
            before = reshape(array.size(shape) + -1, [1])
            parts = (slice_of(shape, [0], before), [1], slice_of(shape, before, [-1]))
            wide = concat(parts, 0, name="expanded_shape")
            expanded = sparse_reshape(tensor, shape=wide, name="expand")
            if times == 1:
                return expanded
            return sparse_concat(-2, [expanded] * times, name=scope)
        expanded = expand_dims(tensor, -2, name="expand")
        if times == 1:
            return expanded
        ones = array.ones_like(array.shape(tensor))
        multiples = concat((ones[:-1], (times,), ones[-1:]), 0, name="multiples")
        return tile(expanded, multiples, name=scope)


def _relevant(labels: Any, k: int) -> Any:
    """How many labels each row has, at most k."""
    with name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return math.minimum(sets.set_size(labels), k, name=scope)
        is_label = math.greater_equal(labels, 0)
        ones, zeros = array.ones_like(labels), array.zeros_like(labels)
        count = math.reduce_sum(gathering.where_v2(is_label, ones, zeros), axis=-1)
        return math.minimum(count, k, name=scope)
