"""The operation that moves elements along axes, the last ones to the beginning.

`tf.roll`; ``signals/spectra.py`` moves frequency 0 to the middle with it. The gradient
is the same operation the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 1)
    rules.at_most_rank(op._inputs[1]._dims, 1)
    rules.at_most_rank(op._inputs[2]._dims, 1)
    return [dims]


def _kernel(x: Array, shift: Array, axis: Array) -> Array:
    for at in np.ravel(axis).tolist():
        if not -x.ndim <= at < x.ndim:
            raise InvalidArgumentError(None, None, f"axis {at} is out of range")
    if np.size(shift) != np.size(axis):
        text = "shift and axis must have the same size"
        raise InvalidArgumentError(None, None, text)
    return np.roll(x, tuple(np.ravel(shift).tolist()), tuple(np.ravel(axis).tolist()))


def _gradient(op: Operation, grad: Any) -> tuple[Any, None, None]:
    shift, axis = op.inputs[1:]
    return roll(grad, -shift, axis), None, None


define("Roll", shape=_shape, kernel=_kernel, gradient=_gradient)


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Any:
    """Elements moved by `shift` along `axis`; one number each, or a list of both."""
    return apply("Roll", input, shift, axis, name=name)
