"""`l1_regularizer`, `l2_regularizer` and what adds them up.

Given to layers and `get_variable`, which call them once for each new variable; what
they make is in REGULARIZATION_LOSSES. TF 1.15: a scale of 0 makes nothing at all.
"""

from __future__ import annotations

import numbers
from typing import Any

from scopetutor.engine import constants, defaults, tf_logging
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import math, softmax
from scopetutor.engine.surroundings import name_scope


def _check_scale(scale: Any, end: str) -> bool:
    """Whether a scale does anything.

    Raises:
        ValueError: it is a whole number (a likely mistake) or negative.
    """
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"scale cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError(
                f"Setting a scale less than 0 on a regularizer: {scale:g}{end}"
            )
        if scale == 0.0:
            tf_logging.info("Scale of 0 disables regularizer.")
            return False
    return True


def _nothing(_: Any) -> None:
    """A regularizer of scale 0."""


def _scale_for(weights: Any, scale: Any) -> Any:
    return convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")


def l1_regularizer(scale: Any, scope: str | None = None) -> Any:
    """A function: the sizes of weights, summed, times the scale."""
    if not _check_scale(scale, ""):
        return _nothing

    def l1(weights: Any, name: str | None = None) -> Any:
        with name_scope(scope, "l1_regularizer", [weights]) as opened:
            factor = _scale_for(weights, scale)
            total = math.reduce_sum(math.abs(weights))
            return math.multiply(factor, total, name=opened)

    return l1


def l2_regularizer(scale: Any, scope: str | None = None) -> Any:
    """A function: the squares of weights, summed, times half the scale."""
    if not _check_scale(scale, "."):
        return _nothing

    def l2(weights: Any) -> Any:
        with name_scope(scope, "l2_regularizer", [weights]) as opened:
            factor = _scale_for(weights, scale)
            return math.multiply(factor, softmax.l2_loss(weights), name=opened)

    return l2


def l1_l2_regularizer(
    scale_l1: Any = 1.0, scale_l2: Any = 1.0, scope: str | None = None
) -> Any:
    """A function: both of the above, added."""
    if isinstance(scale_l1, numbers.Integral):
        raise ValueError(f"scale_l1 cannot be an integer: {scale_l1}")
    if isinstance(scale_l2, numbers.Integral):
        raise ValueError(f"scale_l2 cannot be an integer: {scale_l2}")
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    both = [l1_regularizer(scale_l1), l2_regularizer(scale_l2)]
    return sum_regularizer(both, scope=scope)


def sum_regularizer(regularizer_list: Any, scope: str | None = None) -> Any:
    """A function: several regularizers, added; None if there are none."""
    regularizers = [reg for reg in regularizer_list if reg is not None]
    if not regularizers:
        return None

    def sum_reg(weights: Any) -> Any:
        with name_scope(scope, "sum_regularizer", [weights]) as opened:
            made = [reg(weights) for reg in regularizers]
            tensors = [tensor for tensor in made if tensor is not None]
            return math.add_n(tensors, name=opened) if tensors else None

    return sum_reg


def apply_regularization(regularizer: Any, weights_list: Any = None) -> Any:
    """The sum of what a regularizer gives for some weights; a regularization loss.

    Args:
        regularizer: a function of weights that gives a scalar or None.
        weights_list: the weights; None: the collection WEIGHTS.

    Raises:
        ValueError: there are no weights, or the result is no scalar.
    """
    graph = defaults.get_default_graph()
    weights_list = weights_list or graph.get_collection(GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights_list) as scope:
        made = [regularizer(weights) for weights in weights_list]
        penalties = [
            constants.constant(0.0) if penalty is None else penalty for penalty in made
        ]
        for penalty in penalties:
            if penalty.get_shape().ndims != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with "
                    f"rank {penalty.get_shape().ndims}."
                )
        total = math.add_n(penalties, name=scope)
        graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
        return total
