"""What ready-made Estimators do with logits: predictions, loss and metrics.

After spec, before the models that use them (``dnn.py`` and its kin).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.lookup import (
    index_table_from_tensor,
    index_to_string_table_from_tensor,
)
from scopetutor.engine.losses import (
    Reduction,
    compute_weighted_loss,
    mean_squared_error,
    sparse_softmax_cross_entropy,
)
from scopetutor.engine.metrics.means import accuracy, mean
from scopetutor.engine.metrics.thresholds import auc, precision, recall
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import (
    assert_greater,
)
from scopetutor.engine.ops.control_flow import group, no_op
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.ops.softmax import sigmoid_cross_entropy_with_logits, softmax
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.ops.text import as_string
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.training.global_step import get_global_step
from scopetutor.engine.weights_broadcast import broadcast_weights

from .export_outputs import ClassificationOutput, PredictOutput, RegressionOutput
from .head_checks import checked_labels, checked_logits, in_range, weights_for
from .spec import EstimatorSpec, ModeKeys


class Loss(NamedTuple):
    """A model's loss.

    Attributes:
        training: the number that is trained.
        unreduced: one for each example.
        weights: how much each counts.
        labels: as they were compared.
    """

    training: Any
    unreduced: Any
    weights: Any
    labels: Any


class Head:
    """What a model does with logits."""

    def __init__(self, weight_column: Any, loss_reduction: str) -> None:
        if loss_reduction not in Reduction.all() or loss_reduction == Reduction.NONE:
            raise ValueError(f"Invalid loss_reduction: {loss_reduction}")
        self._weight_column = weight_column
        self._loss_reduction = loss_reduction

    @property
    def logits_dimension(self) -> int:
        """How many logits an example has."""
        raise NotImplementedError

    def _predictions(self, logits: Any) -> dict[str, Any]:
        """What is said of each example, by name; among it the checked logits."""
        raise NotImplementedError

    def _export_outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def _loss(self, features: Any, logits: Any, labels: Any) -> Loss:
        raise NotImplementedError

    def _metrics(
        self, loss: Loss, predictions: dict[str, Any], labels: Any
    ) -> dict[str, Any]:
        raise NotImplementedError

    def create_estimator_spec(
        self,
        features: Any,
        mode: str,
        logits: Any,
        labels: Any = None,
        optimizer: Any = None,
        train_op_fn: Any = None,
    ) -> EstimatorSpec:
        """The model in a mode.

        Args:
            features: tensors by name.
            mode: one of ModeKeys.
            logits: what the model makes of the features.
            labels: a tensor; None for predictions.
            optimizer: what trains it.
            train_op_fn: what makes the training operation of a loss instead.
        """
        with name_scope(None, "head"):
            predictions = self._predictions(logits)
            if mode == ModeKeys.PREDICT:
                outputs = self._export_outputs(predictions)
                return EstimatorSpec(
                    mode, predictions=predictions, export_outputs=outputs
                )
            logits = predictions.get("logits", predictions.get("predictions"))
            loss = self._loss(features, logits, labels)
            if mode == ModeKeys.TRAIN:
                return self._trained(loss, predictions, optimizer, train_op_fn)
        metrics = self._metrics(loss, predictions, labels)
        return EstimatorSpec(
            mode,
            predictions=predictions,
            loss=loss.training,
            eval_metric_ops=metrics,
        )

    def _trained(
        self, loss: Loss, predictions: Any, optimizer: Any, train_op_fn: Any
    ) -> EstimatorSpec:
        if optimizer is not None:
            step = get_global_step()
            train_op = optimizer.minimize(loss.training, global_step=step)
        else:
            train_op = train_op_fn(loss.training)
        updates = defaults.get_default_graph().get_collection(GraphKeys.UPDATE_OPS)
        if updates:
            train_op = group(train_op, *updates)
        average = None
        if self._loss_reduction == Reduction.SUM:
            count = math.reduce_sum(loss.weights * array.ones_like(loss.unreduced))
            average = loss.training / count
        with name_scope(""):
            scalar("loss", loss.training)
            if average is not None:
                scalar("average_loss", average)
        return EstimatorSpec(
            ModeKeys.TRAIN,
            predictions=predictions,
            loss=loss.training,
            train_op=train_op,
        )

    def _weighed(
        self, unreduced: Any, features: Any, logits: Any, labels: Any, **kwargs: Any
    ) -> Loss:
        weights = weights_for(features, self._weight_column, logits, **kwargs)
        training = compute_weighted_loss(
            unreduced, weights=weights, reduction=self._loss_reduction
        )
        return Loss(training, unreduced, weights, labels)


# -- classes ---------------------------------------------------------------------------


class _ClassHead(Head):
    """What classifiers do with logits."""

    def __init__(
        self,
        n_classes: int,
        weight_column: Any,
        label_vocabulary: Any,
        loss_reduction: str,
    ) -> None:
        super().__init__(weight_column, loss_reduction)
        self._n_classes = n_classes
        self._vocabulary = label_vocabulary

    def _of_all(self, logits: Any) -> dict[str, Any]:
        """All classes, for each example."""
        batch = array.shape(logits)[0]
        ids = tile(expand_dims(math.range_(self._n_classes), axis=0), [batch, 1])
        return {"all_class_ids": ids, "all_classes": self._all_classes(logits)}

    def _all_classes(self, logits: Any) -> Any:
        batch = array.shape(logits)[0]
        names = self._vocabulary or as_string(math.range_(self._n_classes))
        return tile(expand_dims(names, axis=0), [batch, 1])

    def _names(self, class_ids: Any) -> Any:
        """The classes' names."""
        if not self._vocabulary:
            return as_string(class_ids, name="str_classes")
        table = index_to_string_table_from_tensor(
            self._vocabulary, name="class_string_lookup"
        )
        return table.lookup(class_ids)

    def _class_ids(self, labels: Any) -> Any:
        """The ids of labels that are names."""
        return index_table_from_tensor(
            tuple(self._vocabulary), name="class_id_lookup"
        ).lookup(labels)

    def _export_outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        probabilities = predictions["probabilities"]
        classes = ClassificationOutput(probabilities, self._all_classes(probabilities))
        outputs: dict[str, Any] = dict.fromkeys(
            ("serving_default", "classification"), classes
        )
        if "logistic" in predictions:
            outputs["regression"] = RegressionOutput(predictions["logistic"])
        return {**outputs, "predict": PredictOutput(predictions)}


class MultiClassHead(_ClassHead):
    """More than two classes: softmax."""

    def __init__(
        self,
        n_classes: int,
        weight_column: Any,
        label_vocabulary: Any,
        loss_reduction: str,
    ) -> None:
        if not isinstance(label_vocabulary, (list, tuple, type(None))):
            raise ValueError(
                "label_vocabulary should be a list or a tuple. Given type: "
                f"{type(label_vocabulary)}"
            )
        super().__init__(n_classes, weight_column, label_vocabulary, loss_reduction)
        _check_class_count(n_classes)

    @property
    def logits_dimension(self) -> int:
        """One logit for each class."""
        return self._n_classes

    def _predictions(self, logits: Any) -> dict[str, Any]:
        logits = checked_logits(logits, self.logits_dimension)
        with name_scope(None, "predictions", (logits,)):
            every = self._of_all(logits)
            ids = math.argmax(logits, axis=-1, name="class_ids")
            ids = expand_dims(ids, axis=-1)
            names = self._names(ids)
            probabilities = softmax(logits, name="probabilities")
        return {
            "logits": logits,
            "probabilities": probabilities,
            "class_ids": ids,
            "classes": names,
            **every,
        }

    def _loss(self, features: Any, logits: Any, labels: Any) -> Loss:
        labels = checked_labels(labels, logits, 1)
        ids = in_range(self._label_ids(labels), self._n_classes)
        unreduced = sparse_softmax_cross_entropy(
            labels=ids, logits=logits, reduction=Reduction.NONE
        )
        unreduced = expand_dims(unreduced, axis=-1)
        return self._weighed(unreduced, features, logits, ids)

    def _label_ids(self, labels: Any) -> Any:
        if self._vocabulary is not None:
            if labels.dtype != dtypes.string:
                raise ValueError(
                    "Labels dtype should be string if there is a vocabulary. Instead "
                    f"got {labels.dtype}"
                )
            return self._class_ids(labels)
        if not labels.dtype.is_integer:
            raise ValueError(
                f"Labels dtype should be integer. Instead got {labels.dtype}."
            )
        return labels

    def _metrics(
        self, loss: Loss, predictions: dict[str, Any], labels: Any
    ) -> dict[str, Any]:
        ids = predictions["class_ids"]
        used = (loss.labels, ids, loss.weights, loss.unreduced, None)
        with name_scope(None, "metrics", used):
            return {
                "average_loss": mean(loss.unreduced, loss.weights, name="average_loss"),
                "accuracy": accuracy(loss.labels, ids, loss.weights, name="accuracy"),
            }


def _check_class_count(n_classes: int) -> None:
    """ValueError unless there are more than two classes."""
    if n_classes <= 2:
        raise ValueError(f"n_classes must be > 2: {n_classes}.")
    # TF 1.15: the check is also one of the graph that is the default now.
    tensor = convert_to_tensor(n_classes)
    check = assert_greater(tensor, 2, message="n_classes must be greater than 2")
    with control_dependencies([check]):
        no_op()


class BinaryHead(_ClassHead):
    """Two classes: one logit, and a sigmoid."""

    def __init__(
        self, weight_column: Any, label_vocabulary: Any, loss_reduction: str
    ) -> None:
        if not isinstance(label_vocabulary, (list, tuple, type(None))):
            raise TypeError(
                "label_vocabulary should be a list or tuple. Given type: "
                f"{type(label_vocabulary)}"
            )
        super().__init__(2, weight_column, label_vocabulary, loss_reduction)

    @property
    def logits_dimension(self) -> int:
        """One."""
        return 1

    def _predictions(self, logits: Any) -> dict[str, Any]:
        with name_scope(None, "predictions", (logits,)):
            logits = checked_logits(logits, self.logits_dimension)
            logistic = math.sigmoid(logits, name="logistic")
            both = concat(
                (array.zeros_like(logits), logits), axis=-1, name="two_class_logits"
            )
            probabilities = softmax(both, name="probabilities")
            ids = math.argmax(both, axis=-1, name="class_ids")
            ids = expand_dims(ids, axis=-1)
            every = self._of_all(logits)
            names = self._names(ids)
        return {
            "logits": logits,
            "logistic": logistic,
            "probabilities": probabilities,
            "class_ids": ids,
            "classes": names,
            **every,
        }

    def _loss(self, features: Any, logits: Any, labels: Any) -> Loss:
        labels = checked_labels(labels, logits, 1)
        if self._vocabulary is not None:
            labels = self._class_ids(labels)
        labels = in_range(math.to_float(labels), 2)
        unreduced = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        return self._weighed(unreduced, features, logits, labels)

    def _metrics(
        self, loss: Loss, predictions: dict[str, Any], labels: Any
    ) -> dict[str, Any]:
        logits, logistic, ids = (
            predictions[key] for key in ("logits", "logistic", "class_ids")
        )
        truth, weights = loss.labels, loss.weights
        used = (truth, logits, logistic, ids, weights, loss.unreduced, None)
        with name_scope(None, "metrics", used):
            label_mean = _mean_of(truth, weights, "label/mean", "labels")
            return {
                "average_loss": mean(loss.unreduced, weights, name="average_loss"),
                "accuracy": accuracy(truth, ids, weights, name="accuracy"),
                "precision": precision(truth, ids, weights, name="precision"),
                "recall": recall(truth, ids, weights, name="recall"),
                "prediction/mean": _mean_of(
                    logistic, weights, "prediction/mean", "predictions"
                ),
                "label/mean": label_mean,
                "accuracy_baseline": _baseline(label_mean),
                "auc": _auc(truth, logistic, weights, "ROC", "auc"),
                "auc_precision_recall": _auc(
                    truth, logistic, weights, "PR", "auc_precision_recall"
                ),
            }


def _mean_of(values: Any, weights: Any, name: str, kind: str) -> Any:
    with name_scope(name, f"{kind}_mean", (values, weights)) as scope:
        values = math.to_float(values, name=kind)
        if weights is not None:
            weights = broadcast_weights(weights, values)
        return mean(values, weights=weights, name=scope)


def _baseline(label_mean: Any) -> Any:
    """The accuracy of always saying the more frequent class."""
    with name_scope(None, "accuracy_baseline", label_mean):
        value, update = label_mean
        return (
            math.maximum(value, 1.0 - value, name="value"),
            math.maximum(update, 1 - update, name="update_op"),
        )


def _auc(labels: Any, predictions: Any, weights: Any, curve: str, name: str) -> Any:
    with name_scope(name, "auc", (predictions, labels, weights)) as scope:
        predictions = math.to_float(predictions, name="predictions")
        if weights is not None:
            weights = broadcast_weights(weights, predictions)
        return auc(labels, predictions, weights=weights, curve=curve, name=scope)


def class_head(
    n_classes: int, weight_column: Any, label_vocabulary: Any, loss_reduction: str
) -> Head:
    """The head of a classifier."""
    if n_classes == 2:
        return BinaryHead(weight_column, label_vocabulary, loss_reduction)
    return MultiClassHead(n_classes, weight_column, label_vocabulary, loss_reduction)


# -- numbers ---------------------------------------------------------------------------


class RegressionHead(Head):
    """Numbers: the logits themselves."""

    def __init__(
        self, label_dimension: int, weight_column: Any, loss_reduction: str
    ) -> None:
        super().__init__(weight_column, loss_reduction)
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        self._dimension = label_dimension

    @property
    def logits_dimension(self) -> int:
        """One for each number."""
        return self._dimension

    def _predictions(self, logits: Any) -> dict[str, Any]:
        return {"predictions": checked_logits(logits, self._dimension)}

    def _export_outputs(self, predictions: dict[str, Any]) -> dict[str, Any]:
        value = RegressionOutput(predictions["predictions"])
        return {
            "serving_default": value,
            "regression": value,
            "predict": PredictOutput(predictions),
        }

    def _loss(self, features: Any, logits: Any, labels: Any) -> Loss:
        labels = checked_labels(labels, logits, self._dimension)
        labels = math.to_float(labels)
        unreduced = mean_squared_error(
            labels=labels, predictions=logits, reduction=Reduction.NONE
        )
        return self._weighed(
            unreduced, features, logits, labels, allow_per_logit_weights=True
        )

    def _metrics(
        self, loss: Loss, predictions: dict[str, Any], labels: Any
    ) -> dict[str, Any]:
        value = predictions["predictions"]
        return {
            "average_loss": mean(loss.unreduced, weights=loss.weights),
            "prediction/mean": _mean_of(
                value, loss.weights, "prediction/mean", "predictions"
            ),
            # TF 1.15: of the labels as they came.
            "label/mean": mean(labels, weights=loss.weights),
        }
