"""A function gets one `return`, at its end.

After continues; ``call_trees.py`` comes next. First what follows an `if` that returns
is moved into its other branch; then each `return` sets a flag and the value, and what
follows it becomes conditional.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .templates import expression, statements
from .walks import BLOCKS, Guards, through_blocks

if TYPE_CHECKING:
    from .symbols import Namer


def with_one_return(
    function: ast.FunctionDef, namer: Namer, extra_tests: dict[ast.AST, ast.expr]
) -> None:
    """Rewrites a function.

    Args:
        function: it is changed.
        namer: of the function.
        extra_tests: of `for` loops, what besides must hold for another iteration;
            where a loop returns, that is changed.
    """
    _Rest().visit(function)
    _Returns(namer, extra_tests).visit(function)


class _Rest(ast.NodeTransformer):
    """Moves what follows an `if` that returns into its other branch."""

    def __init__(self) -> None:
        self._returning: set[ast.AST] = set()  # statements that surely return

    def generic_visit(self, node: Any) -> Any:
        """Goes through the blocks of a statement."""
        returns = {}
        for field in BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list):
                made, returns[field] = self._block(block)
                setattr(node, field, made)
        for handler in getattr(node, "handlers", ()):
            self.visit(handler)
        if isinstance(node, ast.With) and returns["body"]:
            self._returning.add(node)
        if isinstance(node, ast.If):
            node.sides = (returns["body"], returns["orelse"])  # type: ignore[attr-defined]
            if all(node.sides):  # type: ignore[attr-defined]
                self._returning.add(node)
        return node

    def _block(self, body: list[Any]) -> tuple[list[Any], bool]:
        """The block as it becomes, and whether it surely returns."""
        found: list[Any] = []
        target, returns = found, False
        for statement in body:
            self.visit(statement)
            target.append(statement)
            if isinstance(statement, ast.Return) or statement in self._returning:
                returns = True
            if isinstance(statement, ast.If):
                first, other = statement.sides  # type: ignore[attr-defined]
                if first:
                    target = statement.orelse
                elif other:
                    target = statement.body
        return found, returns


class _Block(Guards):
    """A block while it is gone through.

    Attributes:
        is_function: whether it stands for the function itself.
        used: whether there was a `return` in it.
    """

    def __init__(self, *, is_function: bool = False) -> None:
        super().__init__()
        self.is_function = is_function
        self.used = False


class _Returns(ast.NodeTransformer):
    """Makes each `return` a flag and a value."""

    def __init__(self, namer: Namer, extra_tests: dict[ast.AST, ast.expr]) -> None:
        self._namer = namer
        self._extra_tests = extra_tests
        self._blocks: list[_Block] = []
        self._names: list[tuple[str, str]] = []  # of the flag and of the value

    def visit_Return(self, node: ast.Return) -> Any:
        """Sets the flag and the value."""
        for block in reversed(self._blocks):
            block.used = True
            block.begin()
            if block.is_function:
                break
        flag, value = self._names[-1]
        return statements(
            """
            flag = True
            value = given
            """,
            node,
            flag=flag,
            value=value,
            given=node.value or ast.Constant(None),
        )

    def visit_While(self, node: ast.While) -> Any:
        """Goes on while nothing was returned."""
        node.body = self._block(node.body)
        if self._blocks[-1].used:
            node.test = expression(
                "ag__.and_(lambda: ag__.not_(flag), lambda: test)",
                node,
                flag=self._names[-1][0],
                test=node.test,
            )
        node.orelse = self._block(node.orelse)
        return node

    def visit_For(self, node: ast.For) -> Any:
        """Goes on while nothing was returned."""
        node.body = self._block(node.body)
        if self._blocks[-1].used:
            flag = self._names[-1][0]
            before = self._extra_tests.get(node)
            if before is None:
                test = expression("ag__.not_(flag)", node, flag=flag)
            else:
                test = expression(
                    "ag__.and_(lambda: ag__.not_(flag), lambda: before)",
                    node,
                    flag=flag,
                    before=before,
                )
            self._extra_tests[node] = test
        node.orelse = self._block(node.orelse)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """Gives the function its one `return`."""
        names = self._namer.new("do_return"), self._namer.new("retval_")
        function = _Block(is_function=True)
        self._names.append(names)
        self._blocks.append(function)
        body = self._block(node.body)
        self._blocks.pop()
        self._names.pop()
        node.body = body
        if function.used:
            docstring = body[:1] if ast.get_docstring(node) is not None else []
            made = statements(
                """
                flag = False
                value = ag__.UndefinedReturnValue()
                body
                (flag,)
                return ag__.retval(value)
                """,
                node,
                flag=names[0],
                value=names[1],
                body=body[len(docstring) :],
            )
            node.body = [*docstring, *made]
        return node

    def generic_visit(self, node: Any) -> Any:
        """Goes through the blocks of `if`, `with` and `try`."""
        return through_blocks(self, node, self._block)

    def _block(self, body: list[Any]) -> list[Any]:
        block = _Block()
        self._blocks.append(block)
        found = block.visited(self, body, self._names[-1][0])
        self._blocks.pop()
        return found
