"""The way through the blocks of a statement, and what guards the rest of a block.

Beside templates. `continue` and `return` end a block before its last line;
``continues.py`` and ``returns.py`` make what follows conditional instead.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .templates import statements

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCKS = ("body", "orelse", "finalbody")


def visited(transformer: ast.NodeTransformer, body: list[Any]) -> list[Any]:
    """The statements that a transformer makes of some."""
    found: list[Any] = []
    for statement in body:
        made = transformer.visit(statement)
        if isinstance(made, list):
            found.extend(made)
        elif made is not None:
            found.append(made)
    return found


def through_blocks(
    transformer: ast.NodeTransformer,
    node: Any,
    change: Callable[[list[Any]], list[Any]],
) -> Any:
    """A statement, each of whose blocks is changed."""
    for field in BLOCKS:
        block = getattr(node, field, None)
        if isinstance(block, list):
            setattr(node, field, change(block))
    for handler in getattr(node, "handlers", ()):
        transformer.visit(handler)
    return node


class Guards:
    """A block while it is gone through: its rest may become conditional."""

    def __init__(self) -> None:
        self._now = self._next = False

    def begin(self) -> None:
        """What follows the statement that is gone through becomes conditional."""
        self._next = True

    def visited(
        self, transformer: ast.NodeTransformer, body: list[Any], flag: str
    ) -> list[Any]:
        """The statements of the block.

        Args:
            transformer: goes through each, and may `begin`.
            body: the statements as they are.
            flag: the name of what says that the rest is left out.
        """
        found: list[Any] = []
        target = found
        for statement in body:
            made = visited(transformer, [statement])
            guarded, self._now, self._next = self._now, self._next, False
            if guarded:
                made = statements(
                    """
                    if ag__.not_(flag):
                        block
                    """,
                    statement,
                    flag=flag,
                    block=made,
                )
            target.extend(made)
            if guarded:
                target = made[0].body
        return found
