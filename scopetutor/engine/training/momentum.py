"""Momentum: steps that remember where the last ones went.

After ``rule_optimizer.py``. TF 1.15: with `use_nesterov` the operation is the same with
one attribute more.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .rule_optimizer import RuleOptimizer, Setting


class MomentumOptimizer(RuleOptimizer):
    """accumulation = momentum * accumulation + gradient; variable -= rate * that.

    Args:
        learning_rate, momentum: numbers, tensors, or functions that give one.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slot "momentum" in the graph.
        use_nesterov: whether the step is taken from where momentum leads.
    """

    rule = "Momentum"
    held: ClassVar = {"accum": "momentum"}
    settings: ClassVar = {
        "lr": Setting("_learning_rate", "_learning_rate_tensor", "learning_rate"),
        "momentum": Setting("_momentum", "_momentum_tensor", "momentum"),
    }
    flags: ClassVar = {"use_nesterov": "_use_nesterov"}

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "momentum", self._name)
