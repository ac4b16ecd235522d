"""`tf.autograph.experimental.set_loop_options` is taken out of the code.

After call_trees' scopes; ``breaks.py`` comes next. TF 1.15 notes what it says and does
nothing with it.
"""

from __future__ import annotations

import ast
import inspect
from typing import Any

from .symbols import symbol_of

UNSPECIFIED = object()


def set_loop_options(
    parallel_iterations: Any = UNSPECIFIED,
    back_prop: Any = UNSPECIFIED,
    swap_memory: Any = UNSPECIFIED,
    maximum_iterations: Any = UNSPECIFIED,
) -> None:
    """Says how the loop it is written in is to be built; TF 1.15 does not mind."""


class Directives(ast.NodeTransformer):
    """Takes the directives out.

    Args:
        function: whose code it is.
    """

    def __init__(self, function: Any) -> None:
        self._names = inspect.getclosurevars(function)
        self._loops = 0

    def visit_Expr(self, node: ast.Expr) -> Any:
        """A line that is a directive is left out.

        Raises:
            ValueError: it is in no loop.
        """
        call = node.value
        if not isinstance(call, ast.Call):
            return node
        if self._meant(symbol_of(call.func)) is not set_loop_options:
            return node
        if not self._loops:
            raise ValueError('"set_loop_options" must be used inside a statement')
        return None

    def _meant(self, symbol: str | None) -> Any:
        """What a symbol of the program is, if that is known now."""
        if symbol is None or "set_loop_options" not in symbol:
            return None
        first, *attributes = symbol.split(".")
        found: Any = {**self._names.globals, **self._names.nonlocals}.get(first)
        for attribute in attributes:
            found = getattr(found, attribute, None)
        return found

    def _loop(self, node: Any) -> Any:
        self._loops += 1
        self.generic_visit(node)
        self._loops -= 1
        return node

    visit_While = visit_For = _loop  # noqa: N815 - as ast says
