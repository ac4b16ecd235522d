"""Moving averages: values that follow variables slowly.

After slots. `assign_moving_average` is what batch normalization uses;
`ExponentialMovingAverage` keeps a shadow beside each variable, to be restored in its
place when a model is evaluated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import control_flow, math, state
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.surroundings import (
    colocate_with,
    get_name_scope,
    init_scope,
    name_scope,
)
from scopetutor.engine.variable_lists import (
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from scopetutor.engine.variables import Variable

from .slot_creator import create_slot, create_zeros_slot

if TYPE_CHECKING:
    from scopetutor.engine.operation import Reference


def assign_moving_average(
    variable: Any,
    value: Any,
    decay: Any,
    zero_debias: bool = True,
    name: str | None = None,
) -> Any:
    """Moves a variable towards a value: variable -= (1 - decay) * (variable - value).

    Args:
        variable: what is changed.
        value: of the variable's shape.
        decay: how much of the old value stays.
        zero_debias: whether a variable that started with zeros is corrected for that;
            makes the variables `biased` and `local_step` in a scope of its name.
        name: of the assignment.

    Returns:
        The variable after the assignment.
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        rate = convert_to_tensor(1.0 - decay, name="decay")
        if rate.dtype != variable.dtype.base_dtype:
            rate = math.cast(rate, variable.dtype.base_dtype)
        if zero_debias:
            return _zero_debiased(variable, value, rate)
        return state.assign_sub(variable, (variable - value) * rate, name=scope)


def _zero_debiased(unbiased: Any, value: Any, rate: Any) -> Any:
    """Keeps the plain average beside the variable, and assigns the corrected one."""
    with (
        variable_scope(
            unbiased.name[: -len(":0")], values=[unbiased, value, rate]
        ) as scope,
        colocate_with(unbiased),
    ):
        biased = get_variable(
            _unused(scope, "biased"),
            initializer=Zeros(),
            shape=unbiased.get_shape(),
            dtype=unbiased.dtype,
            trainable=False,
        )
        local_step = get_variable(
            _unused(scope, "local_step"),
            shape=[],
            dtype=unbiased.dtype,
            initializer=Zeros(),
            trainable=False,
        )
    moved = state.assign_sub(biased, (biased - value) * rate)
    step = local_step.assign_add(1)
    factor = 1 - math.pow(1.0 - rate, step)
    return state.assign(unbiased, moved / factor, name=f"{get_name_scope()}/")


def _unused(scope: Any, name: str) -> str:
    """The name, with a number if the scope has a variable of that name."""
    if scope.reuse:
        return name
    taken = {variable.op.name for variable in scope.global_variables()}
    full_name = f"{scope.name}/{name}"
    if full_name not in taken:
        return name
    number = 1
    while f"{full_name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


_FLOATS = (dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64)
_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})


def weighted_moving_average(
    value: Any,
    decay: Any,
    weight: Any,
    truediv: bool = True,
    collections: Any = None,
    name: str | None = None,
) -> Any:
    """The moving average of a value whose parts count differently.

    Args:
        value: what is averaged.
        decay: how much of the old average stays.
        weight: how much this value counts.
        truediv: whether integers are divided as floats.
        collections: of the two variables it makes; None: the global variables.
        name: of their scope.
    """
    if collections is None:
        collections = [GraphKeys.GLOBAL_VARIABLES]
    around = [value, weight, decay]
    with variable_scope(name, "WeightedMovingAvg", around) as scope:
        sums = [
            get_variable(
                word,
                shape=like.get_shape(),
                dtype=like.dtype,
                initializer=Zeros(),
                trainable=False,
                collections=collections,
            )
            for word, like in (("value_x_weight", value), ("weight", weight))
        ]
        numerator = assign_moving_average(
            sums[0], value * weight, decay, zero_debias=False
        )
        denominator = assign_moving_average(sums[1], weight, decay, zero_debias=False)
        divide = math.truediv if truediv else math.div
        return divide(numerator, denominator, name=scope.name)


class ExponentialMovingAverage:
    """Keeps an average of each variable in a shadow variable beside it.

    Args:
        decay: how much of an average stays when it is moved.
        num_updates: a count of training steps; the decay is at most
            (1 + num_updates) / (10 + num_updates), so that averages move fast at first.
        zero_debias: whether averages of tensors are corrected for their start at zero.
        name: of the shadows and of the operations that move them.
    """

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Reference, Any] = {}

    @property
    def name(self) -> str:
        """The name of the shadows."""
        return self._name

    def apply(self, var_list: Any = None) -> Any:
        """An operation that moves the averages; makes those that are not there.

        Args:
            var_list: variables or tensors; None: all trainable variables.

        Raises:
            TypeError: one of them is not of a floating point type.
        """
        if var_list is None:
            var_list = trainable_variables()
        corrected = set()
        for var in var_list:
            if var.dtype.base_dtype not in _FLOATS:
                raise TypeError(
                    f"The variables must be half, float, or double: {var.name}"
                )
            key = var.experimental_ref()
            if key in self._averages:
                continue
            with init_scope():
                average = self._averages[key] = self._shadow(var)
                if self._zero_debias and not isinstance(var, Variable):
                    corrected.add(average.experimental_ref())
        with name_scope(self._name) as scope:
            decay = convert_to_tensor(self._decay, name="decay")
            if self._num_updates is not None:
                count = math.cast(self._num_updates, dtypes.float32, name="num_updates")
                decay = math.minimum(decay, (1.0 + count) / (10.0 + count))
            updates = []
            for var in var_list:
                average = self._averages[var.experimental_ref()]
                zero_debias = average.experimental_ref() in corrected
                updates.append(assign_moving_average(average, var, decay, zero_debias))
            return control_flow.group(*updates, name=scope)

    def _shadow(self, var: Any) -> Any:
        if not isinstance(var, Variable):
            beside = var.op.type in _HOLDERS
            return create_zeros_slot(var, self._name, colocate_with_primary=beside)
        value = var.initialized_value()
        average = create_slot(var, value, self._name, colocate_with_primary=True)
        graph = defaults.get_default_graph()
        graph.add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
        return average

    def average(self, var: Any) -> Any:
        """The shadow of a variable; None if it has none."""
        return self._averages.get(var.experimental_ref())

    def average_name(self, var: Any) -> str:
        """The name that a variable's shadow has, or would have."""
        average = self.average(var)
        if average is not None:
            name: str = average.op.name
            return name
        graph = defaults.get_default_graph()
        return graph.unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Any]:
        """What a Saver needs to restore averages in place of the variables.

        Args:
            moving_avg_variables: those that have averages; None: the trainable ones and
                those of the collection of averaged variables.

        Returns:
            Variables by the names to look for in a checkpoint.
        """
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        averaged = dict.fromkeys(moving_avg_variables)
        found = {self.average_name(variable): variable for variable in averaged}
        names = {variable.name for variable in averaged}
        for variable in dict.fromkeys(global_variables()):
            if variable.name not in names and variable.op.name not in found:
                found[variable.op.name] = variable
        return found
