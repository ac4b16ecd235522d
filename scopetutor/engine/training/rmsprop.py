"""RMSProp: steps divided by a moving average of the gradient's size.

After ``rule_optimizer.py``. TF 1.15: the average of squares ("rms") begins at ones, not
at zeros, and `centered` is another operation.
"""

from __future__ import annotations

from typing import Any, ClassVar

from scopetutor.engine.initializers import Ones
from scopetutor.engine.ops import array

from .rule_optimizer import RuleOptimizer, Setting


class RMSPropOptimizer(RuleOptimizer):
    """RMSProp, with the slots "rms" and "momentum", and "mg" if centered.

    Args:
        learning_rate: how far a step goes, about.
        decay: how much of the average of squares stays.
        momentum: how much of the last step is taken again.
        epsilon: keeps the division from going wrong.
        use_locking: as TensorFlow takes it.
        centered: whether gradients are compared with their average, not with zero.
        name: of the step and of the slots: `w/RMSProp`, `w/RMSProp_1`, ….
    """

    settings: ClassVar = {
        "lr": Setting("_learning_rate", "_learning_rate_tensor", "learning_rate"),
        "rho": Setting("_decay", "_decay_tensor", "decay"),
        "momentum": Setting("_momentum", "_momentum_tensor", "momentum"),
        "epsilon": Setting("_epsilon", "_epsilon_tensor", "epsilon"),
    }
    held: ClassVar = {"mg": "mg", "ms": "rms", "mom": "momentum"}

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._decay = decay
        self._momentum = momentum
        self._epsilon = epsilon
        self._centered = centered

    def _rule(self) -> str:
        return "CenteredRMSProp" if self._centered else "RMSProp"

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            dtype, shape = variable.dtype.base_dtype, variable.get_shape()
            ones: Any = Ones(dtype=dtype)
            if not shape.is_fully_defined():
                ones = array.ones_like(variable)
            self._get_or_make_slot_with_initializer(
                variable, ones, shape, dtype, "rms", self._name
            )
            if self._centered:
                self._zeros_slot(variable, "mg", self._name)
            self._zeros_slot(variable, "momentum", self._name)
