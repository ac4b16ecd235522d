"""Optimizers whose step is one operation per variable, of ``ops/training.py``.

After optimizer. What is particular to one of them is a table: the rule's name, which
slots its operation takes, and which settings.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from scopetutor.engine import dtypes, registry
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import math

from .optimizer import Optimizer


class Setting(NamedTuple):
    """A number that a step depends on, such as the learning rate.

    Attributes:
        given: the attribute that holds what the user gave.
        tensor: the attribute that holds the tensor made of it.
        name: of the operation that makes it.
    """

    given: str
    tensor: str
    name: str


class RuleOptimizer(Optimizer):
    """An optimizer described by a table.

    Attributes:
        rule: "Momentum" for ApplyMomentum, ResourceSparseApplyMomentum, ….
        held: the slots that the operation takes, by the name of its input.
        settings: the numbers that it takes, by the name of its input.
        flags: attributes of the operation, and the attribute that holds them here.
    """

    rule: ClassVar[str]
    held: ClassVar[dict[str, str]] = {}
    settings: ClassVar[dict[str, Setting]]
    flags: ClassVar[dict[str, str]] = {}

    def _prepare(self) -> None:
        given = {
            setting: self._call_if_callable(getattr(self, setting.given))
            for setting in self.settings.values()
        }
        for setting, value in given.items():
            tensor = convert_to_tensor(value, name=setting.name)
            setattr(self, setting.tensor, tensor)

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        return self._step("", var, grad)

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        return self._step("Resource", handle, grad)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        return self._step("Sparse", var, grad.values, grad.indices)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        return self._step("ResourceSparse", handle, grad, indices)

    def _rule(self) -> str:
        return self.rule

    def _setting(self, name: str, dtype: dtypes.DType, _kind: str) -> Any:
        """What an operation on a variable of this type is given for a setting."""
        return math.cast(getattr(self, self.settings[name].tensor), dtype)

    def _step(self, kind: str, var: Any, grad: Any, indices: Any = None) -> Any:
        """The operation that changes a variable: settings are cast in its order."""
        op_type = f"{kind}Apply{self._rule()}"
        dtype = (grad if kind.startswith("Resource") else var).dtype.base_dtype
        given = {"grad": grad, "delta": grad, "indices": indices}
        inputs = []
        for argument in registry.lookup(op_type).inputs:
            name = argument.name
            if name == "var" or name in self.held:
                held = var if name == "var" else self.get_slot(var, self.held[name])
                inputs.append(held if argument.is_ref else held.handle)
            elif name in given:
                inputs.append(given[name])
            else:
                inputs.append(self._setting(name, dtype, kind))
        flags = {flag: getattr(self, where) for flag, where in self.flags.items()}
        return apply(op_type, *inputs, use_locking=self._use_locking, **flags)
