"""Where the engine tells a watcher what happens, if one watches.

The evaluator watches to say which line made a variable and why. Nobody watches in a
plain script, and then this costs one comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from .graph import Graph
    from .operation import Operation
    from .plan import Plan


class Watcher(Protocol):
    """What somebody who watches is told."""

    def graph_made(self, graph: Graph) -> None:
        """A graph was made."""

    def operation_made(self, operation: Operation) -> None:
        """An operation was added to a graph."""

    def variable_made(
        self, variable: Any, how: str, recipe: Any, key: str = ""
    ) -> None:
        """A variable was made by `how`: "Variable", and then perhaps "get_variable".

        Args:
            variable: the new one.
            how: what made it.
            recipe: its initializer or initial value; None: the default one.
            key: its name in the store, if it is there.
        """

    def variable_reused(self, variable: Any, key: str) -> None:
        """`get_variable` found the variable of this key in the store."""

    def scope_entered(self, scope: Any, manager: Any) -> None:
        """A variable scope was opened by the context manager `manager`."""

    def scope_left(self, scope: Any) -> None:
        """A variable scope was left."""

    def flag_set(self, scope: Any) -> None:
        """`reuse_variables()` was called on a variable scope."""

    def name_scope_entered(
        self, asked: Any, opened: str | None, before: str | None
    ) -> None:
        """`tf.name_scope(asked)` opened `opened`, while `before` was current."""

    def session_made(self, session: Any) -> None:
        """A session was made."""

    def session_runs(self, session: Any, plan: Plan) -> None:
        """A session is about to go through a plan."""

    def session_closed(self, session: Any) -> None:
        """A session was closed."""


watcher: Watcher | None = None
locate: Callable[[], Any] | None = None
"""Tells where in the program an operation is being made, when nobody watches; errors
that come of it name the place."""


def site() -> Any:
    """Where in the program something happens now; None if nobody can tell."""
    return None if locate is None else locate()
