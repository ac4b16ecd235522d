"""`tf.keras.regularizers`: what a layer adds to the loss for its weights.

A layer calls them on its weights; what they give is in `layer.losses`, and training
adds it to the loss (``compiling.py``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.ops import math

from . import lookup


class Regularizer:
    """A function of a variable whose value should be small."""

    def __call__(self, x: Any) -> Any:
        """What is added to the loss."""
        return 0.0

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A regularizer of what `get_config` gave."""
        return cls(**config)


class L1L2(Regularizer):
    """A share of the sizes and of the squares of the numbers, summed."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1 = np.asarray(l1, np.float32)
        self.l2 = np.asarray(l2, np.float32)

    def __call__(self, x: Any) -> Any:
        """What is added to the loss."""
        if not self.l1 and not self.l2:
            return constants.constant(0.0)
        regularization: Any = 0.0
        if self.l1:
            regularization += self.l1 * math.reduce_sum(math.abs(x))
        if self.l2:
            regularization += self.l2 * math.reduce_sum(math.square(x))
        return regularization

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


def l1(l: float = 0.01) -> L1L2:  # noqa: E741 - TensorFlow's name
    """A share of the sizes of the numbers."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:  # noqa: E741 - TensorFlow's name
    """A share of the squares of the numbers."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """A share of the sizes and of the squares of the numbers."""
    return L1L2(l1=l1, l2=l2)


_BY_CALL: dict[str, Any] = {"l1": l1, "l2": l2, "l1_l2": l1_l2}


def deserialize(config: Any, custom_objects: Any = None) -> Any:
    """The regularizer of a name or of what `serialize` gave."""
    known = {"L1L2": L1L2, **_BY_CALL, **(custom_objects or {})}
    return lookup.find(config, known, "regularizer")


def serialize(regularizer: Any) -> Any:
    """The name and arguments of a regularizer."""
    return lookup.serialize(regularizer)


def get(identifier: Any) -> Any:
    """The regularizer that is meant: None, a name, a config, or itself."""
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str) and identifier in _BY_CALL:
        return _BY_CALL[identifier]()
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    raise ValueError("Could not interpret regularizer identifier:", identifier)
