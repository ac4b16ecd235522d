"""A sum and dense layers together: `tf.estimator.DNNLinearCombinedClassifier` and kin.

After dnn and linear, whose logits it adds up. TF 1.15: each half has an optimizer of
its own, Ftrl for the sum and Adagrad for the layers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.losses import Reduction
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.nn import relu
from scopetutor.engine.ops.state import assign_add
from scopetutor.engine.partitions import min_max_variable_partitioner
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.training.global_step import get_global_step

from .dnn import LARGE_SLICE, Network, check_features, summarize_layer
from .estimator import Estimator
from .heads import Head, RegressionHead, class_head
from .linear import linear_logit_fn_builder
from .optimizers import get_optimizer_instance, linear_rate

if TYPE_CHECKING:
    from collections.abc import Callable

_DNN_RATE, _LINEAR_RATE = 0.001, 0.005


class _Part:
    """One of the two: what it adds to the logits, and what trains it.

    Attributes:
        logits: what it adds.
    """

    def __init__(self, logits: Any, scope: str, optimizer: Any) -> None:
        self.logits = logits
        self._scope, self._optimizer = scope, optimizer

    def minimize(self, loss: Any) -> Any:
        """The operation that trains its own variables."""
        graph = defaults.get_default_graph()
        variables = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES, self._scope)
        return self._optimizer.minimize(loss, var_list=variables)


class _Model:
    """The model function of a sum and dense layers.

    Args:
        head: what is done with the logits.
        linear: the columns of the sum, its optimizer and its combiner.
        dnn: the columns of the dense layers, and their optimizer.
        layers: sizes, activation, dropout and normalization of the dense layers.
        partitioner: of the columns' variables, or None.
    """

    def __init__(
        self,
        head: Head,
        linear: tuple[Any, ...],
        dnn: tuple[Any, ...],
        layers: tuple[Any, ...],
        partitioner: Any,
    ) -> None:
        self._head, self._partitioner = head, partitioner
        self._linear, self._dnn, self._layers = linear, dnn, layers

    def __call__(self, features: Any, labels: Any, mode: str, config: Any) -> Any:
        """The model in a mode."""
        check_features(features)
        replicas = config.num_ps_replicas if config else 0
        inputs = self._partitioner or min_max_variable_partitioner(
            max_partitions=replicas, min_slice_size=LARGE_SLICE
        )
        parts = [
            *self._dense_part(features, mode, inputs, replicas),
            *self._linear_part(features, inputs),
        ]
        logits = parts[0].logits
        if len(parts) > 1:
            logits = logits + parts[1].logits

        def train_op_fn(loss: Any) -> Any:
            step = get_global_step()
            trained = group(*[part.minimize(loss) for part in parts])
            with control_dependencies([trained]):
                return assign_add(step, 1).op

        return self._head.create_estimator_spec(
            features, mode, logits, labels=labels, train_op_fn=train_op_fn
        )

    def _dense_part(
        self, features: Any, mode: str, inputs: Any, replicas: int
    ) -> list[_Part]:
        columns, optimizer = self._dnn
        if not columns:
            return []
        trainer = get_optimizer_instance(optimizer, learning_rate=_DNN_RATE)
        sizes, activation, dropout, batch_norm = self._layers
        if not sizes:
            raise ValueError(
                "dnn_hidden_units must be defined when dnn_feature_columns is "
                "specified."
            )
        whole = min_max_variable_partitioner(max_partitions=replicas)
        values = tuple(features.values())
        with variable_scope("dnn", values=values, partitioner=whole) as scope:
            network = Network(
                self._head.logits_dimension,
                sizes,
                columns,
                activation,
                dropout,
                inputs,
                batch_norm,
            )
            return [_Part(network(features, mode), scope.name, trainer)]

    def _linear_part(self, features: Any, inputs: Any) -> list[_Part]:
        columns, optimizer, combiner = self._linear
        if not columns:
            return []
        rate = linear_rate(len(columns), _LINEAR_RATE)
        trainer = get_optimizer_instance(optimizer, learning_rate=rate)
        values = tuple(features.values())
        with variable_scope("linear", values=values, partitioner=inputs) as scope:
            logit_fn = linear_logit_fn_builder(
                self._head.logits_dimension, columns, combiner
            )
            logits = logit_fn(features)
            summarize_layer(logits, scope.name)
            return [_Part(logits, scope.name, trainer)]


def _model_fn(
    head: Head,
    linear: tuple[Any, ...],
    dnn: tuple[Any, ...],
    layers: tuple[Any, ...],
    partitioner: Any,
) -> Callable[..., Any]:
    """A function of TensorFlow's own form.

    Raises:
        ValueError: there are no columns.
    """
    if not [*(linear[0] or []), *(dnn[0] or [])]:
        raise ValueError(
            "Either linear_feature_columns or dnn_feature_columns must be defined."
        )
    model = _Model(head, linear, dnn, layers, partitioner)

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        return model(features, labels, mode, config)

    return model_fn


class DNNLinearCombinedClassifier(Estimator):
    """A weighted sum and dense layers that tell classes apart.

    Args:
        model_dir: the folder of checkpoints; None: a temporary one.
        linear_feature_columns: what is summed.
        linear_optimizer: of the sum: a name, an Optimizer, or a function.
        dnn_feature_columns: what the dense layers are given.
        dnn_optimizer: of the dense layers.
        dnn_hidden_units: their sizes.
        dnn_activation_fn: of the dense layers.
        dnn_dropout: how much of each is dropped in training.
        n_classes: how many classes.
        weight_column: a feature that says how much each example counts.
        label_vocabulary: the classes' names, if labels are names.
        input_layer_partitioner: of the columns' variables.
        config: a RunConfig.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        batch_norm: whether layers are normalized.
        linear_sparse_combiner: what is done to several ids of an example.

    Raises:
        ValueError: there are no columns.
    """

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Any = None,
        dnn_activation_fn: Any = relu,
        dnn_dropout: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        model_fn = _model_fn(
            class_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            (linear_feature_columns, linear_optimizer, linear_sparse_combiner),
            (dnn_feature_columns, dnn_optimizer),
            (dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm),
            input_layer_partitioner,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedRegressor(Estimator):
    """A weighted sum and dense layers that tell numbers.

    Args:
        model_dir: the folder of checkpoints; None: a temporary one.
        linear_feature_columns: what is summed.
        linear_optimizer: of the sum: a name, an Optimizer, or a function.
        dnn_feature_columns: what the dense layers are given.
        dnn_optimizer: of the dense layers.
        dnn_hidden_units: their sizes.
        dnn_activation_fn: of the dense layers.
        dnn_dropout: how much of each is dropped in training.
        label_dimension: how many numbers an example has.
        weight_column: a feature that says how much each example counts.
        input_layer_partitioner: of the columns' variables.
        config: a RunConfig.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        batch_norm: whether layers are normalized.
        linear_sparse_combiner: what is done to several ids of an example.

    Raises:
        ValueError: there are no columns.
    """

    def __init__(
        self,
        model_dir: Any = None,
        linear_feature_columns: Any = None,
        linear_optimizer: Any = "Ftrl",
        dnn_feature_columns: Any = None,
        dnn_optimizer: Any = "Adagrad",
        dnn_hidden_units: Any = None,
        dnn_activation_fn: Any = relu,
        dnn_dropout: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
        linear_sparse_combiner: str = "sum",
    ) -> None:
        model_fn = _model_fn(
            RegressionHead(label_dimension, weight_column, loss_reduction),
            (linear_feature_columns, linear_optimizer, linear_sparse_combiner),
            (dnn_feature_columns, dnn_optimizer),
            (dnn_hidden_units, dnn_activation_fn, dnn_dropout, batch_norm),
            input_layer_partitioner,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
