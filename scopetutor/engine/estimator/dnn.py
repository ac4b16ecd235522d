"""Dense layers on feature columns: `tf.estimator.DNNClassifier`, `DNNRegressor`.

After heads and optimizers; ``feature_columns/input_layer.py`` makes the matrix that
goes in. TF 1.15: the variables are under `dnn/hiddenlayer_0`, `dnn/logits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.feature_columns.input_layer import DenseFeatures
from scopetutor.engine.initializers import GlorotUniform
from scopetutor.engine.layers.core import Dropout
from scopetutor.engine.layers.dense import Dense
from scopetutor.engine.layers.normalization import BatchNormalization
from scopetutor.engine.losses import Reduction
from scopetutor.engine.ops.nn import relu, zero_fraction
from scopetutor.engine.ops.summaries import histogram, scalar
from scopetutor.engine.partitions import min_max_variable_partitioner
from scopetutor.engine.surroundings import name_scope

from .estimator import Estimator
from .heads import Head, RegressionHead, class_head
from .optimizers import get_optimizer_instance
from .spec import ModeKeys

if TYPE_CHECKING:
    from collections.abc import Callable

_RATE = 0.05
LARGE_SLICE = 64 << 20  # bytes of a part of an embedding, at least


def summarize_layer(value: Any, tag: str) -> None:
    """Summaries of what a layer gives."""
    scalar(f"{tag}/fraction_of_zero_values", zero_fraction(value))
    histogram(f"{tag}/activation", value)


class Network:
    """Dense layers, one after the other, and the logits.

    Args:
        units: how many logits.
        hidden_units: the sizes of the layers before.
        feature_columns: what the first one is given.
        activation_fn: of the layers before the logits.
        dropout: how much of each is dropped in training, or None.
        input_layer_partitioner: of the columns' variables.
        batch_norm: whether layers are normalized.
    """

    def __init__(
        self,
        units: int,
        hidden_units: Any,
        feature_columns: Any,
        activation_fn: Any,
        dropout: Any,
        input_layer_partitioner: Any,
        batch_norm: bool,
    ) -> None:
        self._input = DenseFeatures(feature_columns, name="input_layer")
        self._partitioner = input_layer_partitioner
        self._hidden = [
            self._hidden_layers(number, size, activation_fn, dropout, batch_norm)
            for number, size in enumerate(hidden_units)
        ]
        with variable_scope("logits") as scope:
            self._logits = (scope.name, _dense(units, None, scope))

    def _hidden_layers(
        self, number: int, size: int, activation: Any, dropout: Any, batch_norm: bool
    ) -> tuple[Any, ...]:
        """The scope's name, and the layers in it: dense, dropout, normalization."""
        with variable_scope(f"hiddenlayer_{number}") as scope:
            dense = _dense(size, activation, scope)
            drop = None if dropout is None else Dropout(rate=dropout)
            norm = None
            if batch_norm:
                name = f"batchnorm_{number}"
                norm = BatchNormalization(
                    momentum=0.999, trainable=True, name=name, _scope=name
                )
                norm._use_resource_variables = True
        return scope.name, dense, drop, norm

    def __call__(self, features: Any, mode: str) -> Any:
        """The logits."""
        trains = mode == ModeKeys.TRAIN
        # TF 1.15: a model of keras, whose operations are in the scope around it.
        with name_scope("dnn"), name_scope(_scope_around()):
            with variable_scope(
                "input_from_feature_columns", partitioner=self._partitioner
            ):
                net = self._input(features)
            for name, dense, drop, norm in self._hidden:
                net = dense(net)
                if drop is not None and trains:
                    net = drop(net, training=True)
                if norm is not None:
                    net = norm(net, training=trains)
                summarize_layer(net, name)
            name, layer = self._logits
            logits = layer(net)
            summarize_layer(logits, name)
            return logits


def _dense(units: int, activation: Any, scope: Any) -> Any:
    layer = Dense(
        units=units,
        activation=activation,
        kernel_initializer=GlorotUniform(),
        name=scope,
        _scope=scope,
    )
    layer._use_resource_variables = True  # TF 1.15: as layers of a model of keras
    return layer


def _scope_around() -> str:
    current = defaults.get_default_graph().get_name_scope()
    return str(current).rsplit("/", 1)[0] + "/"


def dnn_logit_fn_builder(
    units: int,
    hidden_units: Any,
    feature_columns: Any,
    activation_fn: Any,
    dropout: Any,
    input_layer_partitioner: Any,
    batch_norm: bool,
) -> Callable[..., Any]:
    """A function (features, mode) -> logits.

    Raises:
        ValueError: the number of logits is no integer.
    """
    if not isinstance(units, int):
        raise ValueError(f"units must be an int.  Given type: {type(units)}")

    def dnn_logit_fn(features: Any, mode: str) -> Any:
        return Network(
            units,
            hidden_units,
            feature_columns,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )(features, mode)

    return dnn_logit_fn


def check_features(features: Any) -> None:
    """ValueError unless features are a dictionary."""
    if not isinstance(features, dict):
        raise ValueError(
            "features should be a dictionary of `Tensor`s. Given type: "
            f"{type(features)}"
        )


def _model_fn(
    head: Head,
    hidden_units: Any,
    feature_columns: Any,
    optimizer: Any,
    activation_fn: Any,
    dropout: Any,
    partitioner: Any,
    batch_norm: bool,
) -> Callable[..., Any]:
    columns = tuple(feature_columns or [])

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        trainer = get_optimizer_instance(optimizer, learning_rate=_RATE)
        check_features(features)
        parts = config.num_ps_replicas if config else 0
        whole = min_max_variable_partitioner(max_partitions=parts)
        with variable_scope("dnn", values=tuple(features.values()), partitioner=whole):
            inputs = partitioner or min_max_variable_partitioner(
                max_partitions=parts, min_slice_size=LARGE_SLICE
            )
            network = Network(
                head.logits_dimension,
                hidden_units,
                columns,
                activation_fn,
                dropout,
                inputs,
                batch_norm,
            )
            logits = network(features, mode)
            return head.create_estimator_spec(
                features, mode, logits, labels=labels, optimizer=trainer
            )

    return model_fn


class DNNClassifier(Estimator):
    """Dense layers that tell classes apart.

    Args:
        hidden_units: the sizes of the layers.
        feature_columns: dense columns.
        model_dir: the folder of checkpoints; None: a temporary one.
        n_classes: how many classes.
        weight_column: a feature that says how much each example counts.
        label_vocabulary: the classes' names, if labels are names.
        optimizer: a name, an Optimizer, or a function that makes one.
        activation_fn: of the layers.
        dropout: how much of each is dropped in training.
        input_layer_partitioner: of the columns' variables.
        config: a RunConfig.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        batch_norm: whether layers are normalized.
    """

    def __init__(
        self,
        hidden_units: Any,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = relu,
        dropout: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _model_fn(
            head,
            hidden_units,
            feature_columns,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNRegressor(Estimator):
    """Dense layers that tell numbers.

    Args:
        hidden_units: the sizes of the layers.
        feature_columns: dense columns.
        model_dir: the folder of checkpoints; None: a temporary one.
        label_dimension: how many numbers an example has.
        weight_column: a feature that says how much each example counts.
        optimizer: a name, an Optimizer, or a function that makes one.
        activation_fn: of the layers.
        dropout: how much of each is dropped in training.
        input_layer_partitioner: of the columns' variables.
        config: a RunConfig.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        batch_norm: whether layers are normalized.
    """

    def __init__(
        self,
        hidden_units: Any,
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Adagrad",
        activation_fn: Any = relu,
        dropout: Any = None,
        input_layer_partitioner: Any = None,
        config: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        batch_norm: bool = False,
    ) -> None:
        model_fn = _model_fn(
            RegressionHead(label_dimension, weight_column, loss_reduction),
            hidden_units,
            feature_columns,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
