"""Gradient descent: the plain one, and the proximal one with L1 and L2.

After ``rule_optimizer.py``; the proximal settings are also those of Adagrad. Where rows
occur twice in a sparse gradient, TF 1.15 subtracts both, one after the other.
"""

from __future__ import annotations

from typing import Any, ClassVar

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.ops import math
from scopetutor.engine.sparse import IndexedSlices

from .rule_optimizer import RuleOptimizer, Setting


class GradientDescentOptimizer(RuleOptimizer):
    """variable -= learning_rate * gradient. It has no slots.

    Args:
        learning_rate: a number, a tensor, or a function that gives one.
        use_locking: as TensorFlow takes it.
        name: of the step.
    """

    rule = "GradientDescent"
    settings: ClassVar = {
        "alpha": Setting("_learning_rate", "_learning_rate_tensor", "learning_rate")
    }

    def __init__(
        self,
        learning_rate: Any,
        use_locking: bool = False,
        name: str = "GradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor: Any = None

    def _resource_apply_sparse_duplicate_indices(
        self, grad: Any, handle: Any, indices: Any
    ) -> Any:
        """TF 1.15 takes the learning rate here as it was given."""
        return apply(
            "ResourceScatterAdd", handle.handle, indices, -grad * self._learning_rate
        )

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        rate = math.cast(self._learning_rate_tensor, var.dtype.base_dtype)
        delta = IndexedSlices(grad.values * rate, grad.indices, grad.dense_shape)
        return var.scatter_sub(delta, use_locking=self._use_locking)


def proximal_settings() -> dict[str, Setting]:
    """The learning rate and the strengths of L1 and L2."""
    return {
        "lr": Setting("_learning_rate", "_learning_rate_tensor", "learning_rate"),
        "l1": Setting(
            "_l1_regularization_strength",
            "_l1_regularization_strength_tensor",
            "l1_regularization_strength",
        ),
        "l2": Setting(
            "_l2_regularization_strength",
            "_l2_regularization_strength_tensor",
            "l2_regularization_strength",
        ),
    }


class ProximalOptimizer(RuleOptimizer):
    """What is common to optimizers that keep weights small and sparse.

    TF 1.15 casts their settings to the variable's type only for rows of resource
    variables.
    """

    def _setting(self, name: str, dtype: dtypes.DType, kind: str) -> Any:
        tensor = getattr(self, self.settings[name].tensor)
        return math.cast(tensor, dtype) if kind == "ResourceSparse" else tensor


class ProximalGradientDescentOptimizer(ProximalOptimizer):
    """Gradient descent, after which L1 and L2 pull the weights towards zero."""

    rule = "ProximalGradientDescent"
    settings: ClassVar = {
        "alpha" if name == "lr" else name: setting
        for name, setting in proximal_settings().items()
    }

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
