"""Optimizers by name, for ready-made Estimators.

Before dnn and linear, whose argument `optimizer` is a name, an object or a function. TF
1.15: a linear model begins with a rate that falls with the number of its columns.
"""

from __future__ import annotations

import math
from typing import Any

from scopetutor.engine.training.adagrad import AdagradOptimizer
from scopetutor.engine.training.adam import AdamOptimizer
from scopetutor.engine.training.ftrl import FtrlOptimizer
from scopetutor.engine.training.gradient_descent import GradientDescentOptimizer
from scopetutor.engine.training.optimizer import Optimizer
from scopetutor.engine.training.rmsprop import RMSPropOptimizer

_BY_NAME = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}


def get_optimizer_instance(opt: Any, learning_rate: float | None = None) -> Any:
    """The optimizer of a name, of a function, or itself.

    Args:
        opt: a name, a function without arguments, or an Optimizer.
        learning_rate: for a name.

    Raises:
        ValueError: there is none of this name, or it is none.
    """
    if isinstance(opt, str):
        if opt not in _BY_NAME:
            raise ValueError(
                f"Unsupported optimizer name: {opt}. Supported names are: "
                f"{tuple(sorted(_BY_NAME))}"
            )
        if not learning_rate:
            raise ValueError("learning_rate must be specified when opt is string.")
        return _BY_NAME[opt](learning_rate=learning_rate)
    if callable(opt):
        opt = opt()
    if not isinstance(opt, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {opt}")
    return opt


def linear_rate(columns: int, most: float) -> float:
    """The learning rate of a linear model of so many columns."""
    return min(most, 1.0 / math.sqrt(columns))
