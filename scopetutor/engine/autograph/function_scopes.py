"""The scope that a rewritten function opens.

After options; rewritten code opens it as it runs. It decides for what is called inside,
and knows what else was asked for.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from scopetutor.engine import nest
from scopetutor.engine.automatic_control import InOrder
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.surroundings import name_scope

from .options import Feature, Status, decided

if TYPE_CHECKING:
    from collections.abc import Callable

    from .options import Options


class FunctionScope:
    """Context manager: the body of a rewritten function.

    Args:
        function_name: what the program calls the function.
        scope_name: what its code calls this scope.
        options: how it was rewritten.

    Attributes:
        name: what the code calls this scope.
        callopts: how what it calls is rewritten.
    """

    def __init__(self, function_name: str, scope_name: str, options: Options) -> None:
        self.name = scope_name
        self.options = options
        self.callopts = options.callopts
        self._function_name = function_name
        self._open = ExitStack()
        self._in_order: InOrder | None = None

    def __enter__(self) -> FunctionScope:
        if self.options.user_requested:
            self._open.enter_context(decided(Status.ENABLED))
        if self.options.uses(Feature.NAME_SCOPES):
            name = self._function_name
            name = f"fn{name}" if name.startswith("_") else name
            self._open.enter_context(name_scope(name))
        if self.options.uses(Feature.AUTO_CONTROL_DEPS):
            self._in_order = self._open.enter_context(InOrder())
        return self

    def __exit__(self, *exc: Any) -> None:
        self._open.__exit__(*exc)

    def mark_return_value(self, value: Any) -> Any:
        """What the function gives; after what must have run, if that was asked for."""
        order = self._in_order
        if order is None or value is None:
            return value
        return nest.map_structure(
            lambda item: order.mark_as_return(item) if is_tensor(item) else item, value
        )


def with_function_scope(
    thunk: Callable[[FunctionScope], Any], scope_name: str, options: Options
) -> Any:
    """What a lambda gives, called in a scope of its own."""
    with FunctionScope("lambda_", scope_name, options) as scope:
        return thunk(scope)
