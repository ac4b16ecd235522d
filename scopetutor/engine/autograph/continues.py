"""`continue` becomes a flag, and what follows it a condition.

After breaks; ``returns.py`` comes next and guards what follows in the same way.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .templates import statements
from .walks import Guards, through_blocks, visited

if TYPE_CHECKING:
    from .symbols import Namer


class _Loop:
    """A loop around what is gone through.

    Attributes:
        flag: says that the rest of an iteration is left out.
        used: whether there was a `continue`.
        blocks: the blocks in it, the innermost last.
    """

    def __init__(self, flag: str) -> None:
        self.flag, self.used = flag, False
        self.blocks: list[Guards] = []


class Continues(ast.NodeTransformer):
    """Rewrites the loops of a function."""

    def __init__(self, namer: Namer) -> None:
        self._namer = namer
        self._loops: list[_Loop] = []

    def visit_Continue(self, node: ast.Continue) -> Any:
        """Sets the flag of the loop."""
        loop = self._loops[-1]
        loop.used = True
        for block in loop.blocks:
            block.begin()
        return statements("flag = True", node, flag=loop.flag)

    def _loop(self, node: Any) -> Any:
        loop = _Loop(self._namer.new("continue_"))
        self._loops.append(loop)
        node.body = self._block(node.body)
        self._loops.pop()
        if loop.used:
            reset = statements("flag = False", node, flag=loop.flag)
            node.body = [*reset, *node.body]
        node.orelse = self._block(node.orelse)
        return node

    visit_While = visit_For = _loop  # noqa: N815 - as ast says

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """The loops around a function are none of its own."""
        around, self._loops = self._loops, []
        node.body = self._block(node.body)
        self._loops = around
        return node

    def generic_visit(self, node: Any) -> Any:
        """Goes through the blocks of `if`, `with` and `try`."""
        return through_blocks(self, node, self._block)

    def _block(self, body: list[Any]) -> list[Any]:
        if not self._loops:
            return visited(self, body)
        loop, guards = self._loops[-1], Guards()
        loop.blocks.append(guards)
        found = guards.visited(self, body, loop.flag)
        loop.blocks.pop()
        return found
