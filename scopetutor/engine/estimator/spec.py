"""What a model function gives: `tf.estimator.EstimatorSpec`.

Before estimator and heads. A model function gives one for the mode that it was asked
for; what that mode needs and does not get is refused here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scopetutor.engine.convert import is_dense_tensor_like
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.training.scaffold import Scaffold

from .export_outputs import with_default


class ModeKeys:
    """What a model is built for."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class _Fields(NamedTuple):
    mode: Any
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metric_ops: Any = None
    export_outputs: Any = None
    training_chief_hooks: Any = None
    training_hooks: Any = None
    scaffold: Any = None
    evaluation_hooks: Any = None
    prediction_hooks: Any = None


class EstimatorSpec(_Fields):
    """The tensors and operations of a model in one mode.

    Raises:
        ValueError: what the mode needs is missing.
        TypeError: something is no tensor or operation.
    """

    def __new__(
        cls,
        mode: Any,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Any = None,
        export_outputs: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        """Checks what is given."""
        _check_train_op(train_op, mode)
        loss = _checked_loss(loss, mode)
        predictions = {} if predictions is None else predictions
        if mode == ModeKeys.PREDICT and predictions == {}:
            raise ValueError("Missing predictions.")
        metrics = {} if eval_metric_ops is None else eval_metric_ops
        _check_metrics(metrics)
        if mode == ModeKeys.PREDICT:
            export_outputs = with_default(export_outputs, predictions)
        return super().__new__(
            cls,
            mode,
            predictions,
            loss,
            train_op,
            metrics,
            export_outputs,
            tuple(training_chief_hooks or ()),
            tuple(training_hooks or ()),
            scaffold or Scaffold(),
            tuple(evaluation_hooks or ()),
            tuple(prediction_hooks or ()),
        )


def _check_train_op(train_op: Any, mode: Any) -> None:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
    elif not (isinstance(train_op, Operation) or is_dense_tensor_like(train_op)):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")


def _checked_loss(loss: Any, mode: Any) -> Any:
    """The loss as a scalar."""
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    if not isinstance(loss, Tensor):
        raise TypeError(f"loss must be Tensor, given: {loss}")
    known = loss.shape
    if known.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    return loss if known.is_compatible_with(()) else reshape(loss, [])


def _check_metrics(metrics: Any) -> None:
    if not isinstance(metrics, dict):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    for key, value in metrics.items():
        if not isinstance(value, tuple) or len(value) != 2:
            raise TypeError(
                "Values of eval_metric_ops must be (metric_value, update_op) tuples, "
                f"given: {value} for key: {key}"
            )
