"""Which symbols a piece of code reads, and which it changes.

After symbols; ``liveness.py`` and all that rewrites ask. What a function inside does is
its own matter: its definition only changes its name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .symbols import symbol_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class Activity(ast.NodeVisitor):
    """What some code does with symbols.

    Attributes:
        read: the symbols it reads, owners of others too.
        modified: those it gives values.
        deleted: those it deletes.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.modified: set[str] = set()
        self.deleted: set[str] = set()
        self._hidden: list[set[str]] = []  # of lambdas and comprehensions

    def _track(self, node: Any) -> None:
        symbol = symbol_of(node)
        if symbol is None or any(
            symbol_root(node) in hidden for hidden in self._hidden
        ):
            return
        if isinstance(node.ctx, ast.Store):
            self.modified.add(symbol)
        else:
            self.read.add(symbol)
        if isinstance(node.ctx, ast.Del):
            self.deleted.add(symbol)

    def visit_Name(self, node: ast.Name) -> None:
        """A name is read, changed or deleted."""
        self._track(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """So is an attribute; its owner is read."""
        self.generic_visit(node)
        self._track(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """So is an element."""
        self.generic_visit(node)
        self._track(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """`x += 1` reads and changes."""
        self.generic_visit(node)
        symbol = symbol_of(node.target)
        if symbol is not None:
            self.read.add(symbol)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        """A definition changes a name."""
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.modified.add(node.name)

    visit_ClassDef = visit_FunctionDef  # noqa: N815 - as ast says

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """What a lambda reads is read here, but for its arguments."""
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        self._hidden.append({argument.arg for argument in arguments_of(node.args)})
        self.visit(node.body)
        self._hidden.pop()

    def _comprehension(self, node: Any) -> None:
        targets = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }
        self._hidden.append(targets)
        self.generic_visit(node)
        self._hidden.pop()

    visit_ListComp = visit_SetComp = _comprehension  # noqa: N815 - as ast says
    visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815


def symbol_root(node: Any) -> str:
    """The name that a symbol begins with."""
    while not isinstance(node, ast.Name):
        node = node.value
    return node.id


def arguments_of(arguments: ast.arguments) -> list[ast.arg]:
    """All arguments of a function."""
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return found + [a for a in (arguments.vararg, arguments.kwarg) if a is not None]


def activity_of(nodes: Iterable[ast.AST | None]) -> Activity:
    """What some code does with symbols."""
    found = Activity()
    for node in nodes:
        if node is not None:
            found.visit(node)
    return found


def names_read(function: ast.AST) -> set[str]:
    """The names that a function and the functions in it read, and their attributes."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found
