"""Adadelta: steps whose size is that of the last steps.

After ``rule_optimizer.py``: a table for the operation `ApplyAdadelta`. Its slots begin
at zero.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .rule_optimizer import RuleOptimizer, Setting


class AdadeltaOptimizer(RuleOptimizer):
    """Adadelta, with the slots "accum" and "accum_update".

    Args:
        learning_rate: what the step is multiplied with; 1 in the paper.
        rho: how much of both averages stays.
        epsilon: keeps the division from going wrong, and the first steps going.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slots.
    """

    rule = "Adadelta"
    held: ClassVar = {"accum": "accum", "accum_update": "accum_update"}
    settings: ClassVar = {
        "lr": Setting("_lr", "_lr_t", "lr"),
        "rho": Setting("_rho", "_rho_t", "rho"),
        "epsilon": Setting("_epsilon", "_epsilon_t", "epsilon"),
    }

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._rho = rho
        self._epsilon = epsilon

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            self._zeros_slot(variable, "accum", self._name)
            self._zeros_slot(variable, "accum_update", self._name)
