"""`NadamOptimizer` and `LazyAdamOptimizer` of `tf.contrib.opt`.

After `tf.train.AdamOptimizer`, of which they only change the step: for embeddings, Lazy
Adam touches no row that was not looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scopetutor.engine.apply import apply
from scopetutor.engine.ops import control_flow, math, state, variable_parts
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.training.adam import AdamOptimizer

if TYPE_CHECKING:
    from collections.abc import Callable


class _Settings:
    """The numbers of one step of Adam, of a variable's type."""

    def __init__(self, optimizer: AdamOptimizer, dtype: Any) -> None:
        beta1_power, beta2_power, lr, self.beta1, self.beta2, self.epsilon = (
            optimizer._setting(name, dtype, "")
            for name in ("beta1_power", "beta2_power", *optimizer.settings)
        )
        self.rate = lr * math.sqrt(1 - beta2_power) / (1 - beta1_power)


class NadamOptimizer(AdamOptimizer):
    """Adam with the momentum of Nesterov."""

    flags: ClassVar = {"use_nesterov": "_use_nesterov"}
    _use_nesterov = True

    def _apply_sparse_shared(
        self, grad: Any, var: Any, indices: Any, scatter_add: Callable[..., Any]
    ) -> Any:
        now = _Settings(self, var.dtype.base_dtype)
        m = self.get_slot(var, "m")
        added = grad * (1 - now.beta1)
        decayed = state.assign(m, m * now.beta1, use_locking=self._use_locking)
        with control_dependencies([decayed]):
            moved = scatter_add(m, indices, added)
            ahead = added + now.beta1 * gather(moved, indices)
        v = self._moved(
            var, "v", (grad * grad) * (1 - now.beta2), now.beta2, indices, scatter_add
        )
        root = math.sqrt(gather(v, indices))
        update = scatter_add(var, indices, -now.rate * ahead / (root + now.epsilon))
        return control_flow.group(update, ahead, v)


class LazyAdamOptimizer(AdamOptimizer):
    """Adam that touches no rows but those that were looked up."""

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        now, indices = _Settings(self, var.dtype.base_dtype), grad.indices
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")

        def changed(slot: Any, beta: Any, rows: Callable[[], Any]) -> Any:
            kept = beta * gather(slot, indices)
            return variable_parts.scatter_update(
                slot,
                indices,
                kept + (1 - beta) * rows(),
                use_locking=self._use_locking,
            )

        m_t = changed(m, now.beta1, lambda: grad.values)
        v_t = changed(v, now.beta2, lambda: math.square(grad.values))
        m_rows, v_rows = gather(m_t, indices), gather(v_t, indices)
        below = math.sqrt(v_rows) + now.epsilon
        update = variable_parts.scatter_sub(
            var, indices, now.rate * m_rows / below, use_locking=self._use_locking
        )
        return control_flow.group(update, m_t, v_t)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        now = _Settings(self, handle.dtype.base_dtype)
        m, v = self.get_slot(handle, "m"), self.get_slot(handle, "v")
        m_rows = now.beta1 * gather(m, indices) + (1 - now.beta1) * grad
        m_update = apply("ResourceScatterUpdate", m.handle, indices, m_rows)
        kept = now.beta2 * gather(v, indices)
        v_rows = kept + (1 - now.beta2) * math.square(grad)
        v_update = apply("ResourceScatterUpdate", v.handle, indices, v_rows)
        rows = now.rate * m_rows / (math.sqrt(v_rows) + now.epsilon)
        update = apply("ResourceScatterSub", handle.handle, indices, rows)
        return control_flow.group(update, m_update, v_update)
