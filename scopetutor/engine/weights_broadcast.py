"""Weights of losses and metrics: whether they fit values, and making them fit.

Weights have the values' rank, with a size of 1 where one weight counts for all, or are
a scalar. What is known while the graph is built is checked then, the rest as it runs.
"""

from __future__ import annotations

from typing import Any

from .convert import convert_to_tensor
from .ops import array, joining, math, sets
from .ops.branches import cond
from .ops.checks import Assert
from .ops.control_flow import no_op
from .ops.reshaping import expand_dims
from .ops.static import static_value
from .surroundings import control_dependencies, name_scope

_REFUSED = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> Any:
    """An operation that fails unless the weights fit the values.

    Raises:
        ValueError: it is known already that they do not.
    """
    with name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        with name_scope(None, "weights", (weights,)) as weights_scope:
            weights = convert_to_tensor(weights, name=weights_scope)
            weights_shape = array.shape(weights, name="shape")
            weights_rank = array.rank(weights, name="rank")
        with name_scope(None, "values", (values,)) as values_scope:
            values = convert_to_tensor(values, name=values_scope)
            values_shape = array.shape(values, name="shape")
            values_rank = array.rank(values, name="rank")
        known = static_value(weights_rank), static_value(values_rank)
        if None not in known:
            if known[0] == 0:
                return no_op(name="static_scalar_check_success")
            if known[0] != known[1]:
                raise ValueError(
                    f"{_REFUSED} values.rank={known[1]}. weights.rank={known[0]}. "
                    f"values.shape={values.shape}. weights.shape={weights.shape}."
                )
            if _fits_statically(static_value(weights_shape),
                                static_value(values_shape)):  # fmt: skip
                return no_op(name="static_dims_check_success")
        is_scalar = math.equal(0, weights_rank, name="is_scalar")
        data = (
            _REFUSED,
            "weights.shape=",
            weights.name,
            weights_shape,
            "values.shape=",
            values.name,
            values_shape,
            "is_scalar=",
            is_scalar,
        )
        is_valid = cond(
            is_scalar,
            lambda: is_scalar,
            lambda: _has_valid_shape(
                weights_rank, weights_shape, values_rank, values_shape
            ),
            name="is_valid_shape",
        )
        return Assert(is_valid, data, name=scope)


def _fits_statically(weights_shape: Any, values_shape: Any) -> bool:
    """Whether all sizes are known, and fit.

    Raises:
        ValueError: a known size does not fit.
    """
    if weights_shape is None or values_shape is None:
        return False
    for i, (mine, size) in enumerate(zip(weights_shape, values_shape, strict=True)):
        if mine not in (1, size):
            raise ValueError(
                f"{_REFUSED} Mismatch at dim {i}. values.shape={values_shape} "
                f"weights.shape={weights_shape}."
            )
    return True


def _has_valid_shape(
    weights_rank: Any, weights_shape: Any, values_rank: Any, values_shape: Any
) -> Any:
    given = (weights_rank, weights_shape, values_rank, values_shape)
    with name_scope(None, "has_valid_nonscalar_shape", given) as scope:
        is_same_rank = math.equal(values_rank, weights_rank, name="is_same_rank")
        return cond(
            is_same_rank,
            lambda: _has_valid_sizes(weights_shape, values_shape),
            lambda: is_same_rank,
            name=scope,
        )


def _has_valid_sizes(weights_shape: Any, values_shape: Any) -> Any:
    given = (weights_shape, values_shape)
    with name_scope(None, "has_invalid_dims", given) as scope:
        values_2d = expand_dims(values_shape, -1)
        valid = joining.concat((values_2d, array.ones_like(values_2d)), axis=1)
        weights_2d = expand_dims(weights_shape, -1)
        invalid = sets.set_difference(weights_2d, valid)
        count = array.size(invalid.values, name="num_invalid_dims")
        return math.equal(0, count, name=scope)


def broadcast_weights(weights: Any, values: Any) -> Any:
    """The weights with the shape of the values."""
    with name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert_to_tensor(values, name="values")
        weights = convert_to_tensor(
            weights, dtype=values.dtype.base_dtype, name="weights"
        )
        weights_shape, values_shape = weights.get_shape(), values.get_shape()
        if (
            weights_shape.is_fully_defined()
            and values_shape.is_fully_defined()
            and weights_shape.is_compatible_with(values_shape)
        ):
            return weights
        with control_dependencies((assert_broadcastable(weights, values),)):
            return math.multiply(weights, array.ones_like(values), name=scope)
