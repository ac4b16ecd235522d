"""First values of variables: where they are computed, and what they may depend on.

Before variables. TF 1.15: an initial value that uses other variables uses their own
initial values as long as they have none, so that all can be initialized in one run.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from . import defaults, registry
from .apply import check_references, output_types
from .convert import convert_to_tensor
from .keys import GraphKeys
from .operation import Operation, Tensor
from .ops import state
from .ops.branches import cond
from .should_use import watched
from .surroundings import device, init_scope, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable


class self_colocation:  # noqa: N801 - read as a statement
    """Context manager: new operations are placed with the variable being made."""

    def __init__(self, scope: str) -> None:
        self._groups = (f"loc:@{scope.removesuffix('/')}",)

    def __enter__(self) -> None:
        graph = defaults.get_default_graph()
        self._graph, self._old = graph, graph._own_colocation
        graph._own_colocation = self._groups

    def __exit__(self, *_exc: object) -> None:
        self._graph._own_colocation = self._old


def call_initializer(initial_value: Callable[[], Any], dtype: Any) -> Tensor:
    """What a function makes as the first value, in a name scope of its own."""
    with name_scope("Initializer"), device(None):
        tensor: Tensor = convert_to_tensor(initial_value(), dtype, name="initial_value")
        return tensor


def guarded_value(variable: Any) -> Any:
    """The value, or the initial value while there is none, decided when it runs."""
    with init_scope():
        has_value = watched(state.is_variable_initialized(variable), sys._getframe())
        return cond(has_value, variable.read_value, lambda: variable.initial_value)


_READS = frozenset(
    {"IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp", "If"}
)
_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})


def guard_against_uninitialized(scope: str, initial_value: Tensor) -> Tensor:
    """The initial value, with every variable in it replaced by its guarded value.

    TF 1.15: so `tf.Variable(w * 2)` can be initialized together with `w`.
    """
    if not isinstance(initial_value, Tensor):
        raise TypeError(f"initial_value needs to be a Tensor: {initial_value}")
    if not _depends_on_variable(initial_value.op):
        return initial_value
    return _Guard(scope).tensor(initial_value)


def _depends_on_variable(op: Operation) -> bool:
    """Whether a value depends on a variable; False if it depends on itself."""
    seen: set[Operation] = set()
    path: set[Operation] = set()
    found = False
    stack = [(op, False)]
    while stack:
        current, leaving = stack.pop()
        if leaving:
            path.discard(current)
            continue
        if current in seen:
            if current in path:
                return False  # a loop: TF 1.15 leaves it as it is
            continue
        seen.add(current)
        path.add(current)
        stack.append((current, True))
        found = found or current.type in _HOLDERS
        stack.extend((taken._op, False) for taken in current._inputs)
        stack.extend((control, False) for control in current._control_inputs)
    return found


class _Guard:
    """Copies the operations between an initial value and the variables it uses."""

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._copies: dict[Operation, Operation] = {}

    def tensor(self, tensor: Tensor) -> Tensor:
        """The tensor to use instead of another one."""
        op = tensor.op
        if op not in self._copies:
            self._copies[op] = self._copy(op)
        return self._copies[op].outputs[tensor.value_index]

    def _copy(self, op: Operation) -> Operation:
        if op.type in _READS:
            return op
        if op.type in _HOLDERS:
            variable = _variable_of(op)
            return op if variable is None else variable.initialized_value().op
        inputs = [self.tensor(taken) for taken in op._inputs]
        if all(new is old for new, old in zip(inputs, op._inputs, strict=True)):
            return op
        definition = op._definition
        if definition.name == "RefSwitch":
            definition = registry.lookup("Switch")
        name = f"{op.name}_{self._scope}".replace(":", "_")
        try:
            check_references(definition, inputs, name)
        except ValueError:
            op.graph._next_id()  # TF 1.15: it has its number before it is refused
            raise
        types = output_types(definition, op._attrs)
        copy = op.graph.add(definition, tuple(inputs), op._attrs, types, name)
        copy._colocation = copy._colocation or op._colocation
        return copy


def _variable_of(op: Operation) -> Any:
    """The variable that an operation holds, as far as the collections know."""
    names = (op.name, f"{op.name}:0")
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in op.graph.get_collection(key):
            if getattr(variable, "name", None) in names:
                return variable
    return None
