"""What a program calls its values: `x`, `self.x`, `table[i]`; and new names.

Beside templates; the analysis and all that rewrites use them. TF 1.15: an attribute or
an element that is reached by names and constants alone is a symbol of its own.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .templates import without_place

if TYPE_CHECKING:
    from collections.abc import Container, Iterable


def symbol_of(node: ast.AST) -> str | None:
    """The symbol that an expression is, or None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = symbol_of(node.value)
        return None if owner is None else f"{owner}.{node.attr}"
    if isinstance(node, ast.Subscript):
        owner, index = symbol_of(node.value), _index_of(node.slice)
        return None if owner is None or index is None else f"{owner}[{index}]"
    return None


def _index_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str)):
        return repr(node.value)
    return symbol_of(node)


def is_composite(symbol: str) -> bool:
    """Whether it is a part of another value."""
    return not symbol.isidentifier()


def node_of(symbol: str) -> ast.expr:
    """The expression that a symbol is."""
    found: ast.expr = without_place(ast.parse(symbol, mode="eval")).body
    return found


def roots(symbol: str) -> set[str]:
    """The names by which a symbol is reached."""
    tree = ast.walk(node_of(symbol))
    return {node.id for node in tree if isinstance(node, ast.Name)}


def as_name(symbol: str) -> str:
    """A symbol as a part of a name."""
    text = symbol.replace("[", "_sub_").replace("]", "").replace(".", "_")
    return re.sub(r"\W", "_", text)


class Namer:
    """Gives names that the program does not use.

    Args:
        taken: the names a function knows from outside.
        read: the names it reads.

    Attributes:
        made: the names that were given.
    """

    def __init__(self, taken: Container[str], read: Iterable[str]) -> None:
        self._taken = taken
        self._reserved = set(read)
        self.made: set[str] = set()

    def new(self, root: str) -> str:
        """A new name; TF 1.15 counts from the number that the wish ends with."""
        name, count = root, 0
        pieces = root.split("_")
        if pieces[-1].isdigit():
            root, count = "_".join(pieces[:-1]), int(pieces[-1])
            name = root
        while name in self._taken or name in self._reserved:
            count += 1
            name = f"{root}_{count}"
        self._reserved.add(name)
        self.made.add(name)
        return name
