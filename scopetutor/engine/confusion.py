"""`tf.confusion_matrix`, and making labels and predictions of one rank.

Before metrics and losses, which first bring labels and predictions to one rank. TF
1.15: the pairs are a SparseTensor that is added to zeros, so a pair that occurs twice
counts twice.
"""

from __future__ import annotations

from typing import Any

from . import dtypes
from .convert import convert_to_tensor
from .naming import name_functions
from .ops import array, joining, math, reshaping
from .ops.branches import cond
from .ops.checks import assert_less, assert_non_negative
from .ops.control_flow import with_dependencies
from .sparse import SparseTensor
from .surroundings import name_scope


def _squeeze_last(value: Any) -> Any:
    return reshaping.squeeze(value, [-1])


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Any, Any]:
    """Labels and predictions, without a last size of 1 that only one of them has.

    Args:
        labels: a tensor.
        predictions: a tensor.
        expected_rank_diff: by how much the predictions' rank should be higher.
        name: of the name scope.
    """
    with name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions = convert_to_tensor(predictions)
        labels = convert_to_tensor(labels)
        rank, labels_rank = predictions.shape.ndims, labels.shape.ndims
        if labels_rank is not None and rank is not None:
            if rank - labels_rank == expected_rank_diff + 1:
                predictions = _squeeze_last(predictions)
            elif rank - labels_rank == expected_rank_diff - 1:
                labels = _squeeze_last(labels)
            return labels, predictions
        difference = array.rank(predictions) - array.rank(labels)
        if rank is None or predictions.shape[-1].is_compatible_with(1):
            predictions = _squeeze_if(difference, expected_rank_diff + 1, predictions)
        if labels_rank is None or labels.shape[-1].is_compatible_with(1):
            labels = _squeeze_if(difference, expected_rank_diff - 1, labels)
        return labels, predictions


def _squeeze_if(difference: Any, wanted: int, value: Any) -> Any:
    return cond(
        math.equal(wanted, difference), lambda: _squeeze_last(value), lambda: value
    )


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Any:
    """How often each class (rows) was predicted as each class (columns).

    Args:
        labels: [n] classes, whole numbers.
        predictions: [n] classes, whole numbers.
        num_classes: how many there are; None: one more than the largest.
        dtype: of the result.
        name: of the name scope.
        weights: [n], what each counts; None: 1.
    """
    given = (predictions, labels, num_classes, weights)
    with name_scope(name, "confusion_matrix", given):
        labels, predictions = remove_squeezable_dimensions(
            convert_to_tensor(labels, name="labels"),
            convert_to_tensor(predictions, name="predictions"),
        )
        predictions = math.cast(predictions, dtypes.int64)
        labels = math.cast(labels, dtypes.int64)
        labels = _not_negative(labels, "labels")
        predictions = _not_negative(predictions, "predictions")
        if num_classes is None:
            largest = math.maximum(
                math.reduce_max(predictions), math.reduce_max(labels)
            )
            num_classes = largest + 1
        else:
            bound = math.cast(num_classes, dtypes.int64)
            labels = _less(labels, bound, "labels")
            predictions = _less(predictions, bound, "predictions")
        if weights is not None:
            weights = convert_to_tensor(weights, name="weights")
            predictions.get_shape().assert_is_compatible_with(weights.get_shape())
            weights = math.cast(weights, dtype)
        shape = joining.stack([num_classes, num_classes])
        indices = joining.stack([labels, predictions], axis=1)
        values = array.ones_like(predictions, dtype) if weights is None else weights
        counted = SparseTensor(indices, values, math.cast(shape, dtypes.int64))
        zeros = array.zeros(math.cast(shape, dtypes.int32), dtype)
        from scopetutor.engine.ops.sparse_math import sparse_add  # noqa: PLC0415 - used here only

        return sparse_add(zeros, counted)


def _not_negative(values: Any, name: str) -> Any:
    message = f"`{name}` contains negative values"
    return with_dependencies([assert_non_negative(values, message=message)], values)


def _less(values: Any, bound: Any, name: str) -> Any:
    message = f"`{name}` out of bound"
    return with_dependencies([assert_less(values, bound, message=message)], values)


name_functions(globals(), confusion_matrix="confusion_matrix_v1")
