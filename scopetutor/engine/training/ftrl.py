"""Ftrl: follow the regularized leader, for large sparse linear models.

After ``rule_optimizer.py``; linear estimators train with it. TF 1.15: with shrinkage of
L2 it is another operation, `ApplyFtrlV2`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from scopetutor.engine.constants import constant
from scopetutor.engine.surroundings import colocate_with

from .rule_optimizer import RuleOptimizer, Setting


def _setting(name: str) -> Setting:
    return Setting(f"_{name}", f"_{name}_tensor", name)


def _check_sign(name: str, number: float, *, negative: bool = False) -> None:
    if (number > 0) if negative else (number < 0):
        sign = "negative" if negative else "positive"
        raise ValueError(f"{name} {number:f} needs to be {sign} or zero")


class FtrlOptimizer(RuleOptimizer):
    """Ftrl-proximal, with the slots "accum" and "linear".

    Args:
        learning_rate: a number or a tensor.
        learning_rate_power: how the rate falls with the accumulator; 0: not at all.
        initial_accumulator_value: what the accumulator starts with.
        l1_regularization_strength, l2_regularization_strength: pull towards zero.
        use_locking: as TensorFlow takes it.
        name: of the step and of the slots.
        accum_name, linear_name: of the slots in the graph; None: the optimizer's.
        l2_shrinkage_regularization_strength: adds a multiple of the weights to the
            gradients.

    Raises:
        ValueError: a number has the wrong sign.
    """

    held: ClassVar = {"accum": "accum", "linear": "linear"}
    settings: ClassVar = {
        "lr": _setting("learning_rate"),
        "l1": _setting("l1_regularization_strength"),
        "l2": _setting("l2_regularization_strength"),
        "l2_shrinkage": _setting("l2_shrinkage_regularization_strength"),
        "lr_power": _setting("learning_rate_power"),
    }

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        shrinkage = l2_shrinkage_regularization_strength
        _check_sign("initial_accumulator_value", initial_accumulator_value)
        _check_sign("learning_rate_power", learning_rate_power, negative=True)
        _check_sign("l1_regularization_strength", l1_regularization_strength)
        _check_sign("l2_regularization_strength", l2_regularization_strength)
        _check_sign("l2_shrinkage_regularization_strength", shrinkage)
        self._learning_rate = learning_rate
        self._learning_rate_power = learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._l2_shrinkage_regularization_strength = shrinkage
        self._accum_name = accum_name
        self._linear_name = linear_name

    def _rule(self) -> str:
        return "FtrlV2" if self._l2_shrinkage_regularization_strength > 0 else "Ftrl"

    def _create_slots(self, var_list: list[Any]) -> None:
        for variable in var_list:
            with colocate_with(variable):
                first = constant(
                    self._initial_accumulator_value,
                    dtype=variable.dtype,
                    shape=variable.get_shape(),
                )
                self._get_or_make_slot(
                    variable, first, "accum", self._accum_name or self._name
                )
                self._zeros_slot(variable, "linear", self._linear_name or self._name)
