"""Logits, labels and weights as heads take them: checked and brought into shape.

Before heads. What is known while the graph is built is refused at once; the rest are
assertions that run with the loss.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.feature_columns.columns import FeatureTransformationCache
from scopetutor.engine.feature_columns.numeric import NumericColumn, numeric_column
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import (
    Assert,
    assert_equal,
    assert_less_equal,
    assert_non_negative,
)
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.rank_checks import assert_rank_at_least
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.sparse import SparseTensor, convert_to_tensor_or_sparse_tensor
from scopetutor.engine.surroundings import control_dependencies, name_scope

# -- checking --------------------------------------------------------------------------


def checked_logits(logits: Any, size: int) -> Any:
    """Logits of a known size in their last dimension."""
    said = "logits shape must be [D0, D1, ... DN, logits_dimension]"
    with name_scope(None, "logits", (logits,)) as scope:
        logits = math.to_float(logits)
        sizes = array.shape(logits)
        check = assert_rank_at_least(logits, 2, data=[sizes], message=said)
        with control_dependencies([check]):
            known = logits.shape
            if known.ndims is not None and known[-1].value is not None:
                if known[-1] != size:
                    raise ValueError(f"{said}, got {known}.")
                return logits
            check = assert_equal(size, sizes[-1], data=[sizes], message=said)
            with control_dependencies([check]):
                return array.identity(logits, name=scope)


def checked_labels(labels: Any, logits: Any, size: int) -> Any:
    """Labels with as many dimensions as logits.

    Raises:
        ValueError: there are none, or they are sparse or of another size.
    """
    if labels is None:
        raise ValueError(
            "You must provide a labels Tensor. Given: None. Suggested troubleshooting "
            "steps: Check that your data contain your label feature. Check that your "
            "input_fn properly parses and returns labels."
        )
    with name_scope(None, "labels", (labels, logits)) as scope:
        labels = _dense_labels(labels, size)
        if None not in (labels.shape.ndims, logits.shape.ndims) and (
            labels.shape.ndims == logits.shape.ndims - 1
        ):
            labels = expand_dims(labels, -1)
        label_sizes, logit_sizes = array.shape(labels), array.shape(logits)
        said = (
            f"labels shape must be [D0, D1, ... DN, {size}]. Suggested Fix: check your "
            "n_classes argument to the estimator and/or the shape of your label."
        )
        rank = assert_rank_at_least(labels, 2, message=said)
        with control_dependencies([rank]):
            _check_label_size(labels.shape, size)
            wanted = concat([logit_sizes[:-1], [size]], axis=0)
            data = ["expected_labels_shape: ", wanted, "labels_shape: ", label_sizes]
            same = assert_equal(wanted, label_sizes, message=said, data=data)
            with control_dependencies([same]):
                return array.identity(labels, name=scope)


def _dense_labels(labels: Any, size: int) -> Any:
    labels = convert_to_tensor_or_sparse_tensor(labels)
    if isinstance(labels, SparseTensor):
        raise ValueError(
            "SparseTensor labels are not supported. labels must be a Tensor of shape "
            f"[D0, D1, ..., DN, {size}], e.g. [batch_size, {size}]. Suggested Fix (1): "
            f"Check the label feature in your data. Each example must contain {size} "
            "value(s). If not, your choice of label was probably incorrect. Suggested "
            "Fix (2): In your input_fn, use tf.sparse_tensor_to_dense() to turn labels "
            "into a Tensor."
        )
    return labels


def _check_label_size(known: Any, size: int) -> None:
    if known.ndims is None:
        return
    last = known[-1].value
    if last is not None and last != size:
        raise ValueError(
            f"Mismatched label shape. Expected labels dimension={size}.  Received "
            f"{last}. Suggested Fix:If your classifier expects one-hot encoding label,"
            "check your n_classes argument to the estimator and/or the shape of your "
            "label. Otherwise, check the shape of your label."
        )


def in_range(labels: Any, n_classes: int) -> Any:
    """Labels from 0 to the number of classes - 1."""
    with name_scope(None, "assert_range", (labels,)):
        last = convert_to_tensor(n_classes - 1, dtype=labels.dtype)
        said = "Labels must <= n_classes - 1"
        less = assert_less_equal(labels, last, message=said)
        positive = assert_non_negative(labels, message="Labels must >= 0")
        with control_dependencies((less, positive)):
            return array.identity(labels)


def weights_for(
    features: Any,
    weight_column: Any,
    logits: Any,
    allow_per_logit_weights: bool = False,
) -> Any:
    """How much each example counts, with as many dimensions as logits."""
    said = "weights shape must be [D0, D1, ... DN] or [D0, D1, ... DN, 1]"
    if allow_per_logit_weights:
        said = (
            "weights shape must be [D0, D1, ... DN], [D0, D1, ... DN, 1] or [D0, D1, "
            "... DN, logits_dimension]"
        )
    with name_scope(None, "weights", (*features.values(), logits)) as scope:
        if weight_column is None:
            return 1.0
        weights = _weight_feature(features, weight_column)
        sizes = array.shape(weights, name="weights_shape")
        logit_sizes = array.shape(logits, name="logits_shape")
        data = ["logits_shape: ", logit_sizes, "weights_shape: ", sizes]
        ranks = weights.shape.ndims, logits.shape.ndims
        if None not in ranks and ranks[0] == ranks[1] - 1:
            same = assert_equal(logit_sizes[:-1], sizes, message=said, data=data)
            with control_dependencies([same]):
                return expand_dims(weights, -1, name=scope)
        single = concat([logit_sizes[:-1], [1]], axis=0)
        if allow_per_logit_weights:
            fits = math.reduce_any(
                [
                    math.reduce_all(math.equal(logit_sizes, sizes)),
                    math.reduce_all(math.equal(single, sizes)),
                ]
            )
            check = Assert(condition=fits, data=[said, *data])
        else:
            check = assert_equal(single, sizes, message=said, data=data)
        with control_dependencies([check]):
            return array.identity(weights, name=scope)


def _weight_feature(features: Any, column: Any) -> Any:
    if isinstance(column, str):
        column = numeric_column(key=column, shape=(1,))
    if not isinstance(column, NumericColumn):
        raise TypeError(
            "Weight column must be either a string or _NumericColumn. Given type: "
            f"{type(column)}."
        )
    weights = column.get_dense_tensor(FeatureTransformationCache(features), None)
    return math.to_float(weights, name="weights")
