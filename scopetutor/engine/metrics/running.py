"""What every metric is made of: local variables, aligned inputs, two results.

Before all other metrics. TF 1.15: a metric is a value to read and an operation that
takes in one more batch. Its variables are local ones, so a program must run
`tf.local_variables_initializer()`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.confusion import remove_squeezable_dimensions
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import array, math, reshaping
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def graph_only(metric: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: TF 1.15 has no such metrics in eager mode."""

    @functools.wraps(metric)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if defaults.state.eager:
            raise RuntimeError(
                f"tf.metrics.{metric.__name__} is not supported when eager execution "
                "is enabled."
            )
        return metric(*args, **kwargs)

    return checked


def metric_variable(
    shape: Any, dtype: Any, validate_shape: bool = True, name: Any = None
) -> Any:
    """A local variable of zeros, entered in METRIC_VARIABLES."""
    return Variable(
        initial_value=lambda: array.zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        validate_shape=validate_shape,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
        name=name,
    )


def collect(
    value: Any, update: Any, metrics_collections: Any, updates_collections: Any
) -> tuple[Any, Any]:
    """Enters the two results in collections, if there are any, and gives them."""
    graph = defaults.get_default_graph()
    if metrics_collections:
        graph.add_to_collections(metrics_collections, value)
    if updates_collections:
        graph.add_to_collections(updates_collections, update)
    return value, update


def aligned(predictions: Any, labels: Any, weights: Any) -> tuple[Any, Any, Any]:
    """The three as tensors of one rank; a last size of 1 comes or goes.

    Args:
        predictions: a tensor.
        labels: of its shape; None: there are none.
        weights: a scalar, or of its rank or one less or more; None: none.

    Raises:
        ValueError: labels and predictions have different shapes.
    """
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    if weights is None:
        return predictions, labels, None
    weights = convert_to_tensor(weights)
    rank, weights_rank = predictions.shape.ndims, weights.shape.ndims
    if weights_rank == 0:
        return predictions, labels, weights
    if rank is None or weights_rank is None:
        return predictions, labels, _aligned_later(weights, predictions)
    if weights_rank - rank == 1:
        weights = reshaping.squeeze(weights, [-1])
    elif rank - weights_rank == 1:
        weights = reshaping.expand_dims(weights, [-1])
    return predictions, labels, weights


def _aligned_later(weights: Any, predictions: Any) -> Any:
    """The weights, of a rank that fits once the ranks are known."""
    weights_rank = array.rank(weights)
    difference = weights_rank - array.rank(predictions)

    def squeezed() -> Any:
        shape = weights.shape
        if shape.ndims is not None and not shape[-1].is_compatible_with(1):
            return weights
        return reshaping.squeeze(weights, [-1])

    def expanded() -> Any:
        return cond(
            math.equal(difference, -1),
            lambda: reshaping.expand_dims(weights, [-1]),
            lambda: weights,
        )

    return cond(
        math.equal(weights_rank, 0),
        lambda: weights,
        lambda: cond(math.equal(difference, 1), squeezed, expanded),
    )


def as_flags(predictions: Any, labels: Any, weights: Any) -> tuple[Any, Any, Any]:
    """The three aligned, labels and predictions as bools."""
    return aligned(
        predictions=math.cast(predictions, dtypes.bool_),
        labels=math.cast(labels, dtypes.bool_),
        weights=weights,
    )


def flat(value: Any) -> Any:
    """A tensor of rank 1."""
    return reshaping.reshape(value, [-1]) if value.get_shape().ndims > 1 else value
