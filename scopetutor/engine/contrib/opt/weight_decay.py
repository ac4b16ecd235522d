"""Weight decay apart from the gradients: `AdamWOptimizer` and others.

Stands before the class of any optimizer: L2 in the loss would go through Adam's
averages, this does not. TF 1.15: decay is done before the step.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import control_flow, variable_parts
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.training.adam import AdamOptimizer
from scopetutor.engine.training.momentum import MomentumOptimizer
from scopetutor.engine.training.optimizer import Optimizer


class DecoupledWeightDecayExtension:
    """Before an optimizer's class: makes weights smaller before each step.

    Args:
        weight_decay: which part of a weight is taken away.
        kwargs: of the optimizer.
    """

    _use_locking: bool

    def __init__(self, weight_decay: Any, **kwargs: Any) -> None:
        self._decay_var_list: Any = None
        self._weight_decay = weight_decay
        self._weight_decay_tensor: Any = None
        super().__init__(**kwargs)

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: Any = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
        decay_var_list: Any = None,
    ) -> Any:
        """As the optimizer's; `decay_var_list` is what gets smaller, None: all.

        TF 1.15: the list is forgotten again before it is used.
        """
        self._decay_var_list = set(decay_var_list) if decay_var_list else False
        return super().minimize(  # type: ignore[misc]
            loss,
            global_step=global_step,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            name=name,
            grad_loss=grad_loss,
        )

    def apply_gradients(
        self,
        grads_and_vars: Any,
        global_step: Any = None,
        name: str | None = None,
        decay_var_list: Any = None,
    ) -> Any:
        """As the optimizer's; `decay_var_list` is what gets smaller, None: all."""
        self._decay_var_list = set(decay_var_list) if decay_var_list else False
        return super().apply_gradients(  # type: ignore[misc]
            grads_and_vars, global_step=global_step, name=name
        )

    def _prepare(self) -> None:
        decay = self._weight_decay
        decay = decay() if callable(decay) else decay
        self._weight_decay_tensor = convert_to_tensor(decay, name="weight_decay")
        super()._prepare()  # type: ignore[misc]

    def _decays(self, var: Any) -> bool:
        return not self._decay_var_list or var in self._decay_var_list

    def _decayed(self, var: Any) -> Any:
        if not self._decays(var):
            return control_flow.no_op()
        return var.assign_sub(self._weight_decay * var, self._use_locking)

    def _decayed_rows(self, var: Any, indices: Any, scatter_add: Any) -> Any:
        if not self._decays(var):
            return control_flow.no_op()
        change = -self._weight_decay * gather(var, indices)
        return scatter_add(var, indices, change, self._use_locking)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        with control_dependencies([self._decayed(var)]):
            return super()._apply_dense(grad, var)  # type: ignore[misc]

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        with control_dependencies([self._decayed(handle)]):
            return super()._resource_apply_dense(grad, handle)  # type: ignore[misc]

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        decayed = self._decayed_rows(var, grad.indices, variable_parts.scatter_add)
        with control_dependencies([decayed]):
            return super()._apply_sparse(grad, var)  # type: ignore[misc]

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        decayed = self._decayed_rows(handle, indices, self._resource_scatter_add)
        with control_dependencies([decayed]):
            return super()._resource_apply_sparse(  # type: ignore[misc]
                grad, handle, indices
            )

    def _resource_scatter_add(self, x: Any, i: Any, v: Any, _: Any = None) -> Any:
        with control_dependencies([apply("ResourceScatterAdd", x.handle, i, v)]):
            return x.value()


def extend_with_decoupled_weight_decay(base_optimizer: Any) -> Any:
    """A class: an optimizer of a class with weight decay as its first argument."""

    class OptimizerWithDecoupledWeightDecay(
        DecoupledWeightDecayExtension,
        base_optimizer,  # type: ignore[misc]
    ):
        def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(weight_decay, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):
    """Momentum with weight decay.

    Args:
        weight_decay: which part of a weight is taken away.
        learning_rate, momentum, use_locking, name, use_nesterov: as of Momentum.
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):
    """Adam with weight decay.

    Args:
        weight_decay: which part of a weight is taken away.
        learning_rate, beta1, beta2, epsilon, use_locking, name: as of Adam.
    """

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )
