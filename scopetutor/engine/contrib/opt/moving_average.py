"""`MovingAverageOptimizer` of `tf.contrib.opt`: saves averages, not variables.

Around any optimizer, after ``training/moving_averages.py``. Its `swapping_saver` writes
averages under the variables' names, so that a program for predictions needs to know
nothing of them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import control_flow
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.training.moving_averages import ExponentialMovingAverage
from scopetutor.engine.training.optimizer import Optimizer
from scopetutor.engine.training.saveable import op_list_to_dict
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.variable_lists import global_variables


class MovingAverageOptimizer(Optimizer):
    """An optimizer that keeps moving averages of what it changes.

    Args:
        opt: the optimizer that makes the steps.
        average_decay: how much of an average stays.
        num_updates: how many steps there were, if young averages are to move faster.
        sequential_update: whether averages move after the step, and not beside it.
    """

    def __init__(
        self,
        opt: Any,
        average_decay: Any = 0.9999,
        num_updates: Any = None,
        sequential_update: bool = True,
    ) -> None:
        self._optimizer = opt
        self._ema = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped: dict[str, str] | None = None
        self._sequential_update = sequential_update

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """The optimizer's."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """The optimizer's step, and that of the averages."""
        step = self._optimizer.apply_gradients(
            grads_and_vars, global_step=global_step, name=name
        )
        variables = [variable for grad, variable in grads_and_vars if grad is not None]
        if self._sequential_update:
            with control_dependencies([step]):
                averaged = self._ema.apply(variables)
        else:
            averaged = self._ema.apply(variables)
        self._swapped = {}
        for variable in variables:
            name_of, average = variable.op.name, self._ema.average(variable).op.name
            self._swapped |= {name_of: average, average: name_of}
        return control_flow.group(step, averaged, name="train_with_avg")

    def swapping_saver(
        self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any
    ) -> Any:
        """A Saver that writes averages under the variables' names, and vice versa.

        Args:
            var_list: what is saved; None: all variables.
            name: of the operations.
            kwargs: of the Saver.

        Raises:
            RuntimeError: no step was made before.
            ValueError: an average is not among what is saved.
        """
        if self._swapped is None:
            raise RuntimeError(
                "Must call apply_gradients or minimize before creating the "
                "swapping_saver"
            )
        if var_list is None:
            var_list = global_variables()
        if not isinstance(var_list, dict):
            var_list = op_list_to_dict(var_list)
        by_name: dict[str, Any] = {}
        for key, value in var_list.items():
            if isinstance(value, (list, PartitionedVariable)):
                by_name |= {part.op.name: part for part in value}
            else:
                by_name[key] = value
        swapped = {
            key: [self._other(by_name, part.op.name, part) for part in value]
            if isinstance(value, list)
            else self._other(by_name, key, value)
            for key, value in var_list.items()
        }
        return Saver(swapped, name=name, **kwargs)

    def _other(self, by_name: dict[str, Any], name: str, variable: Any) -> Any:
        """The average of a variable, or the variable of an average."""
        other = (self._swapped or {}).get(name)
        if other is None:
            return variable
        if other not in by_name:
            raise ValueError(
                f"Variable to swap {other} is not part of variables to save. This "
                "breaks MovingAverageOptimizer."
            )
        return by_name[other]
