"""Weighted sums of feature columns: `tf.estimator.LinearClassifier`, `LinearRegressor`.

After heads and optimizers, beside dnn; `LinearModel` of the feature columns holds the
weights. TF 1.15: variables are under `linear/linear_model`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.feature_columns.linear_model import LinearModel
from scopetutor.engine.losses import Reduction
from scopetutor.engine.ops import array
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.math import add_n, cast, equal, to_float
from scopetutor.engine.ops.nn import zero_fraction
from scopetutor.engine.ops.summaries import histogram, scalar
from scopetutor.engine.partitions import (
    PartitionedVariable,
    min_max_variable_partitioner,
)
from scopetutor.engine.surroundings import name_scope

from .dnn import LARGE_SLICE, check_features
from .estimator import Estimator
from .heads import Head, RegressionHead, class_head
from .optimizers import get_optimizer_instance, linear_rate

if TYPE_CHECKING:
    from collections.abc import Callable

_RATE = 0.2


def linear_logit_fn_builder(
    units: int, feature_columns: Any, sparse_combiner: str = "sum"
) -> Callable[..., Any]:
    """A function features -> logits."""

    def linear_logit_fn(features: Any) -> Any:
        # TF 1.15: a layer in a model of keras, both of the same name.
        model = LinearModel(
            feature_columns, units, sparse_combiner, name="linear_model"
        )
        with name_scope("linear_model"):
            logits = model(features)
        weights = [part for one in model.variables for part in _parts(one)]
        bias = _parts(model.bias)
        weights = [one for one in weights if all(one is not part for part in bias)]
        if units > 1:
            histogram("bias", bias)
        else:
            scalar("bias", bias[0][0])
        scalar("fraction_of_zero_weights", _fraction_of_zero(weights))
        return logits

    return linear_logit_fn


def _parts(variable: Any) -> list[Any]:
    whole = isinstance(variable, PartitionedVariable)
    return list(variable) if whole else [variable]


def _fraction_of_zero(variables: list[Any]) -> Any:
    """How many of the numbers in some variables are 0."""
    with name_scope("zero_fraction"):
        variables = nest.flatten(variables)
        with name_scope("total_size"):
            sizes = [array.size(x, out_type=dtypes.int64) for x in variables]
            total = add_n(sizes)
        with name_scope("total_zero"):
            zeros = add_n(
                [_zeros(*pair) for pair in zip(variables, sizes, strict=True)]
            )
        with name_scope("compute"):
            whole = cast(total, dtype=dtypes.float32, name="float32_size")
            fraction = zeros / whole
        return array.identity(fraction, name="zero_fraction_or_nan")


def _zeros(variable: Any, size: Any) -> Any:
    return cond(
        equal(size, constants.constant(0, dtype=dtypes.int64)),
        true_fn=lambda: constants.constant(0, dtype=dtypes.float32),
        false_fn=lambda: zero_fraction(variable) * to_float(size),
        name="zero_count",
    )


def _model_fn(
    head: Head,
    feature_columns: Any,
    optimizer: Any,
    partitioner: Any,
    sparse_combiner: str,
) -> Callable[..., Any]:
    columns = tuple(feature_columns or [])

    def model_fn(features: Any, labels: Any, mode: str, config: Any) -> Any:
        check_features(features)
        whole = partitioner or min_max_variable_partitioner(
            max_partitions=config.num_ps_replicas if config else 0,
            min_slice_size=LARGE_SLICE,
        )
        values = tuple(features.values())
        with variable_scope("linear", values=values, partitioner=whole):
            logit_fn = linear_logit_fn_builder(
                head.logits_dimension, columns, sparse_combiner
            )
            logits = logit_fn(features)
            trainer = get_optimizer_instance(
                optimizer or "Ftrl",
                learning_rate=_RATE if optimizer else linear_rate(len(columns), _RATE),
            )
            return head.create_estimator_spec(
                features, mode, logits, labels=labels, optimizer=trainer
            )

    return model_fn


class LinearClassifier(Estimator):
    """A weighted sum that tells classes apart.

    Args:
        feature_columns: columns of any kind.
        model_dir: the folder of checkpoints; None: a temporary one.
        n_classes: how many classes.
        weight_column: a feature that says how much each example counts.
        label_vocabulary: the classes' names, if labels are names.
        optimizer: a name, an Optimizer, or a function that makes one.
        config: a RunConfig.
        partitioner: of the variables.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        sparse_combiner: what is done to several ids of an example.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        n_classes: int = 2,
        weight_column: Any = None,
        label_vocabulary: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _model_fn(
            head, feature_columns, optimizer, partitioner, sparse_combiner
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearRegressor(Estimator):
    """A weighted sum that tells numbers.

    Args:
        feature_columns: columns of any kind.
        model_dir: the folder of checkpoints; None: a temporary one.
        label_dimension: how many numbers an example has.
        weight_column: a feature that says how much each example counts.
        optimizer: a name, an Optimizer, or a function that makes one.
        config: a RunConfig.
        partitioner: of the variables.
        warm_start_from: as for Estimator.
        loss_reduction: how the losses of examples become one.
        sparse_combiner: what is done to several ids of an example.
    """

    def __init__(
        self,
        feature_columns: Any,
        model_dir: Any = None,
        label_dimension: int = 1,
        weight_column: Any = None,
        optimizer: Any = "Ftrl",
        config: Any = None,
        partitioner: Any = None,
        warm_start_from: Any = None,
        loss_reduction: str = Reduction.SUM,
        sparse_combiner: str = "sum",
    ) -> None:
        head = RegressionHead(label_dimension, weight_column, loss_reduction)
        model_fn = _model_fn(
            head, feature_columns, optimizer, partitioner, sparse_combiner
        )
        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)
