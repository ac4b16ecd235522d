"""Losses: what training makes small."""

from __future__ import annotations

from typing import Any

from . import constants, defaults
from .keys import GraphKeys
from .ops import math


def get_regularization_losses(scope: str | None = None) -> list[Any]:
    """What the regularizers of variables gave."""
    graph = defaults.get_default_graph()
    return graph.get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(
    scope: str | None = None, name: str = "total_regularization_loss"
) -> Any:
    """The sum of what the regularizers gave; a constant 0 if there is none."""
    losses = get_regularization_losses(scope)
    if losses:
        return math.add_n(losses, name=name)
    return constants.constant(0.0)
