"""`break` becomes a flag that the loop looks at.

After templates; ``continues.py`` comes next, since every `break` leaves a `continue`
behind.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .templates import expression, statements
from .walks import visited

if TYPE_CHECKING:
    from .symbols import Namer


class Breaks(ast.NodeTransformer):
    """Rewrites the loops of a function.

    Attributes:
        extra_tests: of `for` loops, what besides must hold for another iteration.
    """

    def __init__(self, namer: Namer) -> None:
        self._namer = namer
        self._loops: list[list[Any]] = []  # the flag's name, and whether it is used
        self.extra_tests: dict[ast.AST, ast.expr] = {}

    def visit_Break(self, node: ast.Break) -> Any:
        """Sets the flag of the loop."""
        loop = self._loops[-1]
        loop[1] = True
        return [*statements("flag = True", node, flag=loop[0]), _at(node)]

    def visit_While(self, node: ast.While) -> Any:
        """Goes on while the flag is not set."""
        flag = self._namer.new("break_")
        node.test = self.visit(node.test)
        if not self._body(node, flag):
            return node
        node.test = expression(
            "ag__.and_(lambda: test, lambda: ag__.not_(flag))",
            node,
            test=node.test,
            flag=flag,
        )
        return [*statements("flag = False", node, flag=flag), node]

    def visit_For(self, node: ast.For) -> Any:
        """Goes on while the flag is not set."""
        flag = self._namer.new("break_")
        if not self._body(node, flag):
            return node
        self.extra_tests[node] = expression("ag__.not_(flag)", node, flag=flag)
        # The flag is one of the loop's variables if the body reads it.
        node.body = [*statements("(flag,)", node, flag=flag), *node.body]
        return [*statements("flag = False", node, flag=flag), node]

    def _body(self, node: Any, flag: str) -> bool:
        """Rewrites what is in a loop; whether it has a `break`."""
        self._loops.append([flag, False])
        node.body = visited(self, node.body)
        used = bool(self._loops.pop()[1])
        node.orelse = visited(self, node.orelse)
        if used and node.orelse:
            node.orelse = statements(
                """
                if ag__.not_(flag):
                    block
                """,
                node,
                flag=flag,
                block=node.orelse,
            )
        return used


def _at(node: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Continue(), node)
