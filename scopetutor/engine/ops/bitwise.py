"""`tf.bitwise`: integers bit by bit.

Beside math, for whole numbers only; `tf.bitwise` lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, Any]


def _shift(function: np.ufunc) -> Callable[[Array, Array], Any]:
    """Shifts; TF 1.15: by no less than nothing, and by less than all bits."""

    def kernel(x: Array, y: Array) -> Any:
        most = np.asarray(x).dtype.itemsize * 8 - 1
        return function(x, np.clip(y, 0, most))

    return kernel


for _name, _kernel in (
    ("BitwiseAnd", np.bitwise_and),
    ("BitwiseOr", np.bitwise_or),
    ("BitwiseXor", np.bitwise_xor),
    ("LeftShift", _shift(np.left_shift)),
    ("RightShift", _shift(np.right_shift)),
):
    define(_name, shape=rules.broadcast_inputs, kernel=_kernel, gradient=None)
define("Invert", shape=rules.unchanged, kernel=np.invert, gradient=None)


def bitwise_and(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in both."""
    return apply("BitwiseAnd", x, y, name=name)


def bitwise_or(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in one of them, or both."""
    return apply("BitwiseOr", x, y, name=name)


def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits that are set in one of them only."""
    return apply("BitwiseXor", x, y, name=name)


def left_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits moved up by `y` places."""
    return apply("LeftShift", x, y, name=name)


def right_shift(x: Any, y: Any, name: str | None = None) -> Any:
    """The bits moved down by `y` places."""
    return apply("RightShift", x, y, name=name)


def invert(x: Any, name: str | None = None) -> Any:
    """Every bit the other way."""
    return apply("Invert", x, name=name)
