"""`and`, `or`, `not`, `a if b else c` and comparisons ask AutoGraph's operators.

After blocks, the last of what rewrites. TF 1.15: `==` stays Python's, and on tensors
compares whether they are the same, unless EQUALITY_OPERATORS is asked for.
"""

from __future__ import annotations

import ast
from typing import Any

from .symbols import node_of
from .templates import expression

_LOGICAL: dict[type, str] = {ast.And: "ag__.and_", ast.Or: "ag__.or_"}
_EQUALITY: dict[type, str] = {ast.Eq: "ag__.eq", ast.NotEq: "ag__.not_eq"}


class Choices(ast.NodeTransformer):
    """Rewrites `a if b else c`."""

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """TF 1.15: one inside of another stays as it is."""
        return expression(
            "ag__.if_stmt(test, lambda: first, lambda: other, lambda: (),"
            " lambda _: None)",
            node,
            test=node.test,
            first=node.body,
            other=node.orelse,
        )


class Logic(ast.NodeTransformer):
    """Rewrites what is true or false.

    Args:
        equality: whether `==` and `!=` are rewritten.
    """

    def __init__(self, *, equality: bool) -> None:
        self._equality = equality

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """`not`."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Not):
            return node
        return expression("ag__.not_(operand)", node, operand=node.operand)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        """`and`, `or`: what is on the right is a function of its own."""
        self.generic_visit(node)
        right = node.values[-1]
        for left in reversed(node.values[:-1]):
            right = _both(_LOGICAL[type(node.op)], node, left, right)
        return right

    def visit_Compare(self, node: ast.Compare) -> Any:
        """`==`, and the parts of `a < b < c`."""
        self.generic_visit(node)
        if not self._equality:
            return node
        left, found = node.left, None
        for op, right in zip(node.ops, node.comparators, strict=True):
            one: Any = ast.Compare(left, [op], [right])
            if type(op) in _EQUALITY:
                name = node_of(_EQUALITY[type(op)])
                one = expression("f(a, b)", node, f=name, a=left, b=right)
            found = one if found is None else _both("ag__.and_", node, found, one)
            left = right
        return ast.copy_location(found, node) if found is not None else node


def _both(name: str, node: ast.AST, left: ast.expr, right: ast.expr) -> Any:
    function = node_of(name)
    return expression("f(lambda: a, lambda: b)", node, f=function, a=left, b=right)
