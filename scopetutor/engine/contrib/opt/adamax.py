"""`AdaMaxOptimizer` of `tf.contrib.opt`: Adam that holds the largest gradient.

After `tf.train.AdamOptimizer`, whose slots it has; "v" means something else here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.apply import apply
from scopetutor.engine.ops import control_flow, math, variable_parts
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.surroundings import colocate_with, control_dependencies
from scopetutor.engine.training.adam import AdamOptimizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine import dtypes

    Scatter = Callable[[Any, Any, Any], Any]


class AdaMaxOptimizer(AdamOptimizer):
    """Adam whose "v" holds the largest gradient of late, and not a mean square.

    Args:
        learning_rate: how far a step goes at most, about.
        beta1: how much of the average gradient stays.
        beta2: how much of the largest gradient stays.
        epsilon: keeps the division of looked-up rows from going wrong.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slots.
    """

    rule = "AdaMax"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdaMax",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _get_beta_accumulators(self) -> Any:
        graph = None if defaults.state.eager else defaults.get_default_graph()
        return self._get_non_slot_variable("beta1_power", graph=graph)

    def _create_slots(self, var_list: list[Any]) -> None:
        first = min(var_list, key=lambda variable: str(variable.name))
        self._create_non_slot_variable(
            initial_value=self._beta1, name="beta1_power", colocate_with=first
        )
        for variable in var_list:
            self._zeros_slot(variable, "m", self._name)
            self._zeros_slot(variable, "v", self._name)

    def _setting(self, name: str, dtype: dtypes.DType, kind: str) -> Any:
        if name == "beta1_power":
            return math.cast(self._get_beta_accumulators(), dtype)
        return super()._setting(name, dtype, kind)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        def scatter(function: Callable[..., Any]) -> Scatter:
            return lambda x, i, v: function(x, i, v, use_locking=self._use_locking)

        return self._apply_rows(
            grad.values,
            var,
            grad.indices,
            scatter(variable_parts.scatter_add),
            scatter(variable_parts.scatter_update),
        )

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        return self._apply_rows(
            grad,
            handle,
            indices,
            variable_parts.with_rows_added,
            self._resource_scatter_update,
        )

    def _resource_scatter_update(self, x: Any, i: Any, v: Any) -> Any:
        with control_dependencies([apply("ResourceScatterUpdate", x.handle, i, v)]):
            return x.value()

    def _apply_rows(
        self, grad: Any, var: Any, indices: Any, add: Scatter, update: Scatter
    ) -> Any:
        """TF 1.15: only looked-up rows change, and their slots."""
        dtype = var.dtype.base_dtype
        power, lr, beta1, beta2, epsilon = (
            self._setting(name, dtype, "") for name in ("beta1_power", *self.settings)
        )

        def changed(scatter: Scatter, variable: Any, rows: Any) -> Any:
            with control_dependencies([rows]):
                return scatter(variable, indices, rows)

        m = self.get_slot(var, "m")
        m_rows = gather(m, indices) * beta1 + grad * (1 - beta1)
        m_t = changed(update, m, m_rows)
        v = self.get_slot(var, "v")
        v_rows = math.maximum(gather(v, indices) * beta2, math.abs(grad))
        v_t = changed(update, v, v_rows)
        step = -lr / (1 - power) * (m_rows / (v_rows + epsilon))
        return control_flow.group(changed(add, var, step), m_t, v_t)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Any:
        """Counts the power of beta1 after all variables have changed."""
        with control_dependencies(update_ops):
            power = self._get_beta_accumulators()
            with colocate_with(power):
                counted = power.assign(
                    power * self._beta1_t, use_locking=self._use_locking
                )
        return control_flow.group(*update_ops, counted, name=name_scope)
