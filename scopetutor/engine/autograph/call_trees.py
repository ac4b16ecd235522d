"""Every function opens a scope, and every call goes through AutoGraph.

After returns but for `Scopes`, which comes first; ``blocks.py`` comes next. The scope
knows the settings; what a function gives passes through it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .symbols import node_of, symbol_of
from .templates import expression, statements, without_place

if TYPE_CHECKING:
    from .symbols import Namer

_OWN = "ag__."
_DEBUGGERS = ("pdb.set_trace", "ipdb.set_trace", "breakpoint")


class Scopes(ast.NodeTransformer):
    """Opens the scopes.

    Args:
        namer: of the function.
        options: the settings, as code.

    Attributes:
        names: of functions and lambdas, what their scopes are called.
    """

    def __init__(self, namer: Namer, options: str) -> None:
        self._namer = namer
        self._options = without_place(ast.parse(options, mode="eval")).body
        self._inside: list[str] = []
        self.names: dict[ast.AST, str] = {}

    def visit_Return(self, node: ast.Return) -> Any:
        """What is given passes through the scope."""
        self.generic_visit(node)
        if node.value is not None:
            node.value = expression(
                "scope.mark_return_value(value)",
                node,
                scope=self._inside[-1],
                value=node.value,
            )
        return node

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        """A lambda opens a scope, but for one inside of another function."""
        if self._inside:
            self._inside.append(self._inside[-1])
            self.generic_visit(node)
            self._inside.pop()
            return node
        name = self.names[node] = self._namer.new("lambda_scope")
        self._inside.append(name)
        self.generic_visit(node)
        self._inside.pop()
        node.body = expression(
            "ag__.with_function_scope(lambda scope: body, name, options)",
            node,
            scope=name,
            body=node.body,
            name=ast.Constant(name),
            options=self._options,
        )
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """A function opens a scope, below its docstring."""
        name = self.names[node] = self._namer.new(f"{node.name}_scope")
        self._inside.append(name)
        node.body = [self.visit(statement) for statement in node.body]
        self._inside.pop()
        docstring = node.body[:1] if ast.get_docstring(node) is not None else []
        made = statements(
            """
            with ag__.FunctionScope(function_name, name, options) as scope:
                body
            """,
            node,
            function_name=ast.Constant(node.name),
            name=ast.Constant(name),
            options=self._options,
            scope=name,
            body=node.body[len(docstring) :],
        )
        node.body = [*docstring, *made]
        return node


class Calls(ast.NodeTransformer):
    """Rewrites the calls.

    Args:
        scopes: what the scopes of functions are called.
        converts_print: whether a call of `print` is rewritten.
    """

    def __init__(self, scopes: dict[ast.AST, str], *, converts_print: bool) -> None:
        self._scopes = scopes
        self._converts_print = converts_print
        self._inside: list[Any] = []

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        """A lambda may have a scope."""
        if node not in self._scopes:
            return self.generic_visit(node)
        self._inside.append(node)
        self.generic_visit(node)
        self._inside.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """TF 1.15: the decorators of a function are left out; it has them already."""
        self._inside.append(node)
        node.args = self.visit(node.args)
        node.body = [self.visit(statement) for statement in node.body]
        self._inside.pop()
        if self._inside:
            mark = node_of("ag__.do_not_convert_internal")
            node.decorator_list.append(ast.copy_location(mark, node))
        else:
            node.decorator_list = []
        return node

    def visit_With(self, node: ast.With) -> Any:
        """TF 1.15: what a `with` enters is called as it is."""
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        """A call goes through AutoGraph."""
        name = symbol_of(node.func) or ""
        function = self._inside[-1]
        scope = self._scopes[function]
        self.generic_visit(node)
        if name == "super" and not node.args:
            return self._super(node)
        if name.startswith((_OWN, f"{scope}.")) or name in _DEBUGGERS:
            return node
        if name == "print" and not self._converts_print:
            return node
        return expression(
            "ag__.converted_call(func, scope.callopts, args, kwargs, scope)",
            node,
            func=node.func,
            scope=scope,
            args=_positional(node),
            kwargs=_keywords(node),
        )

    def _super(self, node: ast.Call) -> Any:
        """Python finds what a bare `super()` means by where it is written."""
        first = self._inside[0].args.args[0].arg
        return expression("super(__class__, first)", node, first=first)


def _positional(node: ast.Call) -> Any:
    if not any(isinstance(item, ast.Starred) for item in node.args):
        return ast.Tuple(list(node.args), ast.Load())
    plain: list[ast.expr] = []
    starred: ast.expr | None = None
    for item in node.args:
        if isinstance(item, ast.Starred):
            assert starred is None, "Multiple *args should be impossible."
            starred = item.value
        else:
            plain.append(item)
    assert starred is not None
    return expression(
        "first + tuple(rest)", node, first=ast.Tuple(plain, ast.Load()), rest=starred
    )


def _keywords(node: ast.Call) -> Any:
    plain = [keyword for keyword in node.keywords if keyword.arg is not None]
    starred = [keyword.value for keyword in node.keywords if keyword.arg is None]
    assert len(starred) < 2, "Multiple **kwargs should be impossible."
    if not node.keywords:
        return ast.Constant(None)
    named: ast.expr = ast.Call(ast.Name("dict", ast.Load()), [], plain)
    if not starred:
        return named
    return expression("dict(rest, **named)", node, rest=starred[0], named=named)
