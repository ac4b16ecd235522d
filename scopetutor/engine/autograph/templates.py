"""Code with gaps, and what is put into them.

Before all that rewrites. A template is Python; a name of it for which a part is given
is a gap. A part is another name, an expression, a list of expressions (for arguments
and tuples) or a list of statements (for a line that is nothing but the gap).
"""

from __future__ import annotations

import ast
import copy
import textwrap
from functools import lru_cache
from typing import Any

Part = str | ast.expr | list[Any]


def statements(template: str, at: ast.AST, **parts: Part) -> list[Any]:
    """The statements of a template.

    Args:
        template: the code, indented as it may be.
        at: what it stands for: new code counts as written there.
        parts: what fills the gaps.
    """
    tree = copy.deepcopy(_parsed(textwrap.dedent(template)))
    filled = _Filler(parts).visit(tree).body
    for statement in filled:
        _place(statement, at)
    return list(filled)


def expression(template: str, at: ast.AST, **parts: Part) -> Any:
    """The expression that is a template."""
    return statements(template, at, **parts)[0].value


@lru_cache(maxsize=256)
def _parsed(template: str) -> ast.Module:
    tree: ast.Module = without_place(ast.parse(template))
    return tree


def without_place(tree: Any) -> Any:
    """A tree that is nowhere in a program yet."""
    for node in ast.walk(tree):
        for attribute in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            if hasattr(node, attribute):
                delattr(node, attribute)
    return tree


def _place(node: Any, at: Any) -> None:
    """Gives what was not in the program the place of what it stands for."""
    if "lineno" in node._attributes and not hasattr(node, "lineno"):
        ast.copy_location(node, at)
        # Python takes a call of several lines for one in its last line.
        node.end_lineno, node.end_col_offset = at.lineno, at.col_offset
    for child in ast.iter_child_nodes(node):
        _place(child, at)


class _Filler(ast.NodeTransformer):
    """Puts parts into the gaps of a template."""

    def __init__(self, parts: dict[str, Part]) -> None:
        self._parts = parts

    def visit_Expr(self, node: ast.Expr) -> Any:
        """A line that is a gap becomes the statements given for it."""
        if isinstance(node.value, ast.Name):
            part = self._parts.get(node.value.id)
            if isinstance(part, list):
                return part
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> Any:
        """A name that is a gap becomes what was given for it."""
        part = self._parts.get(node.id, node.id)
        if isinstance(part, str):
            return ast.Name(part, node.ctx)
        if isinstance(part, list):
            return [in_context(item, node.ctx) for item in part]
        return in_context(part, node.ctx)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """A function whose name is a gap is called as given."""
        node.name = self._name(node.name)
        return self.generic_visit(node)

    def visit_arguments(self, node: ast.arguments) -> Any:
        """An argument that is a gap becomes as many as were given."""
        found: list[ast.arg] = []
        for argument in node.args:
            part = self._parts.get(argument.arg, argument.arg)
            names: list[Any] = part if isinstance(part, list) else [part]
            found += [
                ast.arg(item if isinstance(item, str) else item.id) for item in names
            ]
        node.args = found
        return node

    def _name(self, name: str) -> str:
        part = self._parts.get(name, name)
        assert isinstance(part, str)
        return part


def in_context(node: ast.expr, context: ast.expr_context) -> Any:
    """A copy of an expression that is read, or written to."""
    made: Any = copy.deepcopy(node)
    waiting = [made]
    while waiting:
        item = waiting.pop()
        if hasattr(item, "ctx"):
            item.ctx = context
        if isinstance(item, (ast.Tuple, ast.List)):
            waiting.extend(item.elts)
        elif isinstance(item, ast.Starred):
            waiting.append(item.value)
    return made
