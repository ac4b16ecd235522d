"""Adagrad and its kin: steps divided by the size of all gradients so far.

After ``rule_optimizer.py`` and ``gradient_descent.py``, for what is proximal. TF 1.15:
the accumulator begins at 0.1, not at zero, or the first step would divide by nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from scopetutor.engine import dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.initializers import Constant
from scopetutor.engine.ops import array, math
from scopetutor.engine.surroundings import colocate_with, device

from .gradient_descent import ProximalOptimizer, proximal_settings
from .rule_optimizer import RuleOptimizer, Setting

_RATE = Setting("_learning_rate", "_learning_rate_tensor", "learning_rate")


def _check_positive(name: str, value: float) -> None:
    if value <= 0.0:
        raise ValueError(f"{name} must be positive: {value}")


class AdagradOptimizer(RuleOptimizer):
    """Adagrad, with the slot "accumulator".

    Args:
        learning_rate: a number, a tensor, or a function that gives one.
        initial_accumulator_value: what the accumulator starts with.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slot.

    Raises:
        ValueError: the initial value is not positive.
    """

    rule = "Adagrad"
    held: ClassVar = {"accum": "accumulator"}
    settings: ClassVar = {"lr": _RATE}

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        _check_positive("initial_accumulator_value", initial_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._learning_rate_tensor: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            dtype, shape = variable.dtype.base_dtype, variable.get_shape()
            first: Any = Constant(self._initial_accumulator_value, dtype=dtype)
            if not shape.is_fully_defined():
                first = self._first_of_unknown_shape(variable, dtype)
            self._get_or_make_slot_with_initializer(
                variable, first, shape, dtype, "accumulator", self._name
            )

    def _first_of_unknown_shape(self, variable: Any, dtype: dtypes.DType) -> Any:
        def first() -> Any:
            value = self._initial_accumulator_value
            return math.cast(array.fill(array.shape(variable), value), dtype)

        return first


class ProximalAdagradOptimizer(ProximalOptimizer):
    """Adagrad, after which L1 and L2 pull the weights towards zero."""

    rule = "ProximalAdagrad"
    held: ClassVar = {"accum": "accumulator"}
    settings: ClassVar = proximal_settings()

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        _check_positive("initial_accumulator_value", initial_accumulator_value)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            with colocate_with(variable):
                first = constant(
                    self._initial_accumulator_value,
                    shape=variable.get_shape(),
                    dtype=variable.dtype.base_dtype,
                )
            self._get_or_make_slot(variable, first, "accumulator", self._name)


class AdagradDAOptimizer(RuleOptimizer):
    """Adagrad by dual averaging, for sparse linear models.

    Args:
        learning_rate: a number or a tensor.
        global_step: counts the steps; the rule itself needs it.
        initial_gradient_squared_accumulator_value: what that accumulator starts with.
        l1_regularization_strength, l2_regularization_strength: pull towards zero.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slots.

    Raises:
        ValueError: the initial value is not positive.
    """

    rule = "AdagradDA"
    held: ClassVar = {
        "gradient_accumulator": "gradient_accumulator",
        "gradient_squared_accumulator": "gradient_squared_accumulator",
    }
    settings: ClassVar = {"lr": _RATE}

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        first = initial_gradient_squared_accumulator_value
        _check_positive("initial_gradient_squared_accumulator_value", first)
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_gradient_squared_accumulator_value = first
        self._learning_rate_tensor: Any = None
        self._strengths = {
            "l1": l1_regularization_strength,
            "l2": l2_regularization_strength,
        }
        self._global_step = global_step
        self._global_step_on_worker: Any = None

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            shape, dtype = variable.get_shape(), variable.dtype.base_dtype
            with colocate_with(variable):
                zeros = constant(0.0, shape=shape, dtype=dtype)
                first = constant(
                    self._initial_gradient_squared_accumulator_value,
                    shape=shape,
                    dtype=dtype,
                )
            self._get_or_make_slot(variable, zeros, "gradient_accumulator", self._name)
            self._get_or_make_slot(
                variable, first, "gradient_squared_accumulator", self._name
            )

    def _prepare(self) -> None:
        super()._prepare()
        with colocate_with(self._learning_rate_tensor):
            self._global_step_on_worker = array.identity(self._global_step) + 1

    def _setting(self, name: str, dtype: dtypes.DType, kind: str) -> Any:
        if name == "global_step":
            return self._step_beside
        if name in self._strengths:
            return math.cast(self._strengths[name], dtype)
        return super()._setting(name, dtype, kind)

    def _step(self, kind: str, var: Any, grad: Any, indices: Any = None) -> Any:
        with device(var.device):
            self._step_beside = array.identity(self._global_step_on_worker)
        return super()._step(kind, var, grad, indices)
