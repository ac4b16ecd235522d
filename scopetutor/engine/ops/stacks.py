"""Stacks: where a loop keeps its values for the gradient's loop, last in, first out.

``loop_gradients.py`` adds them: the loop pushes, its gradient pops. A program never
makes one itself, but sees them in its graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation


def _push(stack: list[Any], value: Any) -> Any:
    stack.append(value)
    return value


def _pop(op: Operation) -> Any:
    def kernel(stack: list[Any]) -> Any:
        if not stack:
            raise InvalidArgumentError(
                None, op, f"Stack[{op._name}] is empty when calling Pop()."
            )
        return stack.pop()

    return kernel


define("StackV2", shape=lambda _: [(2,)], kernel=lambda _size: [])
define("StackPushV2", shape=rules.same_as(1), kernel=_push)
define("StackPopV2", shape=rules.unknown, build=_pop)
