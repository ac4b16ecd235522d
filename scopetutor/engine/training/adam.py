"""Adam: steps scaled by moving averages of the gradient and of its square.

After ``rule_optimizer.py``; `tf.contrib.opt` has its kin. Only the sparse step is
written out, since TF 1.15 has no operation for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.ops import control_flow, math, state, variable_parts
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    init_scope,
)

from .rule_optimizer import RuleOptimizer, Setting

if TYPE_CHECKING:
    from collections.abc import Callable


class AdamOptimizer(RuleOptimizer):
    """Adam, with the slots "m" and "v" and two variables of its own.

    TF 1.15: the slots are called `w/Adam` and `w/Adam_1` in the graph; `beta1_power`
    and `beta2_power` are shared by all variables and lie where the step is built.

    Args:
        learning_rate: how far a step goes at most, about.
        beta1: how much of the average gradient stays.
        beta2: how much of the average square stays.
        epsilon: keeps the division from going wrong; "epsilon hat" in the paper.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slots.
    """

    rule = "Adam"
    held: ClassVar = {"m": "m", "v": "v"}
    settings: ClassVar = {
        "lr": Setting("_lr", "_lr_t", "learning_rate"),
        "beta1": Setting("_beta1", "_beta1_t", "beta1"),
        "beta2": Setting("_beta2", "_beta2_t", "beta2"),
        "epsilon": Setting("_epsilon", "_epsilon_t", "epsilon"),
    }

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr = learning_rate
        self._beta1 = beta1
        self._beta2 = beta2
        self._epsilon = epsilon
        self._lr_t: Any = None
        self._beta1_t: Any = None
        self._beta2_t: Any = None
        self._epsilon_t: Any = None

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        with init_scope():
            graph = None if defaults.state.eager else defaults.get_default_graph()
            return (
                self._get_non_slot_variable("beta1_power", graph=graph),
                self._get_non_slot_variable("beta2_power", graph=graph),
            )

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda variable: str(variable.name))
        self._create_non_slot_variable(
            initial_value=self._beta1, name="beta1_power", colocate_with=first
        )
        self._create_non_slot_variable(
            initial_value=self._beta2, name="beta2_power", colocate_with=first
        )
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)
            self._zeros_slot(variable, "v", self._name)

    def _setting(self, name: str, dtype: dtypes.DType, kind: str) -> Any:
        if name in ("beta1_power", "beta2_power"):
            powers = self._get_beta_accumulators()
            return math.cast(powers[name == "beta2_power"], dtype)
        return super()._setting(name, dtype, kind)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        def scatter_add(slot: Any, indices: Any, values: Any) -> Any:
            return variable_parts.scatter_add(
                slot, indices, values, use_locking=self._use_locking
            )

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter_add)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        add = variable_parts.with_rows_added
        return self._apply_sparse_shared(grad, handle, indices, add)

    def _apply_sparse_shared(
        self, grad: Any, var: Any, indices: Any, scatter_add: Callable[..., Any]
    ) -> Any:
        """TF 1.15: averages of rows that were not looked up decay all the same."""
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power, lr, beta1, beta2, epsilon = (
            self._setting(name, dtype, "")
            for name in ("beta1_power", "beta2_power", *self.settings)
        )
        lr = lr * math.sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self._moved(var, "m", grad * (1 - beta1), beta1, indices, scatter_add)
        v = self._moved(
            var, "v", (grad * grad) * (1 - beta2), beta2, indices, scatter_add
        )
        root = math.sqrt(v)
        update = state.assign_sub(
            var, lr * m / (root + epsilon), use_locking=self._use_locking
        )
        return control_flow.group(update, m, v)

    def _moved(
        self,
        var: Any,
        name: str,
        rows: Any,
        decay: Any,
        indices: Any,
        scatter_add: Callable[..., Any],
    ) -> Any:
        slot = self.get_slot(var, name)
        decayed = state.assign(slot, slot * decay, use_locking=self._use_locking)
        with control_dependencies([decayed]):
            return scatter_add(slot, indices, rows)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        """Counts the powers of the betas after all variables have changed."""
        with control_dependencies(update_ops):
            beta1_power, beta2_power = self._get_beta_accumulators()
            with colocate_with(beta1_power):
                counted = [
                    power.assign(power * beta, use_locking=self._use_locking)
                    for power, beta in (
                        (beta1_power, self._beta1_t),
                        (beta2_power, self._beta2_t),
                    )
                ]
        return control_flow.group(*update_ops, *counted, name=name_scope)
