"""`if`, `while` and `for` become functions that an operator is given.

After call_trees; ``expressions.py`` comes next. What a block changes and what is needed
after it becomes the result of its function, for a loop the arguments too; attributes
and elements that a block changes are its *state*, which is saved and put back.
"""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from .activity import Activity, activity_of
from .symbols import as_name, is_composite, node_of, roots
from .templates import expression, statements
from .walks import through_blocks, visited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .liveness import Facts
    from .symbols import Namer


class Blocks(ast.NodeTransformer):
    """Rewrites the blocks of a function.

    Args:
        namer: of the function.
        facts: what is known of its statements.
        extra_tests: of `for` loops, what besides must hold for another iteration.
    """

    def __init__(
        self, namer: Namer, facts: Facts, extra_tests: dict[ast.AST, ast.expr]
    ) -> None:
        self._new = namer.new
        self._facts = facts
        self._extra_tests = extra_tests

    # -- if ----------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> Any:
        """A function for each branch."""
        facts = self._facts
        body, orelse = activity_of(node.body), activity_of(node.orelse)
        defined = facts.defined_in.get(node, frozenset())
        modified = body.modified | orelse.modified
        given = sorted(
            s for s in modified & facts.live_out[node] if not is_composite(s)
        )
        composites = sorted(filter(is_composite, modified))
        fresh = set(given) - defined
        undefined = sorted((body.modified & fresh) ^ (orelse.modified & fresh))
        aliased = [
            self._aliased(activity, defined, block)
            for activity, block in ((body, node.body), (orelse, node.orelse))
        ]
        self.generic_visit(node)
        renamed = [{s: self._new(as_name(s)) for s in symbols} for symbols in aliased]
        names = _Branches(
            self._new("cond"),
            self._new("if_true"),
            self._new("if_false"),
            self._new("get_state"),
            self._new("set_state"),
        )
        return [
            *_undefined(undefined, node),
            *_state_functions(composites, names.getter, names.setter, node),
            *_branch(names.first, names.test, node.body, given, renamed[0], node),
            *_branch(names.other, names.test, node.orelse, given, renamed[1], node),
            *statements("cond = test", node, cond=names.test, test=node.test),
            *_choice(names, given, composites, node),
        ]

    def _aliased(
        self, activity: Activity, defined: Iterable[str], block: Sequence[ast.stmt]
    ) -> list[str]:
        """What a branch both needs and changes, so that it needs a name of its own."""
        if not block:
            return []
        needed = activity.modified & set(defined) & self._facts.live_in[block[0]]
        return sorted(s for s in needed if not is_composite(s))

    # -- loops -------------------------------------------------------------------------

    def visit_While(self, node: ast.While) -> Any:
        """Functions for the condition and the body; TF 1.15 forgets an `else`."""
        loop = self._loop_of(node, activity_of(node.body).modified)
        self.generic_visit(node)
        names = [self._new("get_state"), self._new("set_state")]
        test, body = self._new("loop_test"), self._new("loop_body")
        made = statements(
            """
            undefined
            state_functions
            def body_name(variables):
                body
                return results
            def test_name(variables):
                return test
            results = ag__.while_stmt(
                test_name, body_name, getter, setter, results, symbols, composites)
            """,
            node,
            undefined=_undefined(loop.undefined, node),
            state_functions=_state_functions(loop.composites, names[0], names[1], node),
            body_name=body,
            test_name=test,
            body=node.body,
            test=node.test,
            getter=names[0],
            setter=names[1],
            **loop.parts(),
        )
        return _without_results(made, loop)

    def visit_For(self, node: ast.For) -> Any:
        """A function for the body; another one if the loop may end early.

        TF 1.15: an `else` is forgotten.
        """
        modified = activity_of([*node.body, node.target]).modified
        loop = self._loop_of(node, modified)
        self.generic_visit(node)
        body = self._new("loop_body")
        names = [self._new("get_state"), self._new("set_state")]
        extra = self._extra_tests.get(node)
        test_name = None if extra is None else self._new("extra_test")
        iterates = self._new("iterates")
        made = statements(
            """
            undefined
            state_functions
            def body_name(iterates, variables):
                target = iterates
                body
                return results
            extra_test
            results = ag__.for_stmt(
                iter_, test_name, body_name, getter, setter, results, symbols,
                composites)
            """,
            node,
            undefined=_undefined(loop.undefined, node),
            state_functions=_state_functions(loop.composites, names[0], names[1], node),
            body_name=body,
            iterates=iterates,
            target=node.target,
            body=node.body,
            extra_test=_extra_test(test_name, extra, loop, node),
            iter_=node.iter,
            test_name=test_name or ast.Constant(None),
            getter=names[0],
            setter=names[1],
            **loop.parts(),
        )
        return _without_results(made, loop)

    def _loop_of(self, node: Any, modified: set[str]) -> _Loop:
        live_in = self._facts.live_in[node]
        live = live_in | self._facts.live_out[node]
        variables = sorted(s for s in modified & live if not is_composite(s))
        composites = sorted(
            s for s in modified if is_composite(s) and roots(s) <= live_in
        )
        defined = self._facts.defined_in.get(node, frozenset())
        return _Loop(variables, composites, sorted(set(variables) - defined))

    def generic_visit(self, node: Any) -> Any:
        """Goes through the blocks of `if`, `with` and `try`."""
        return through_blocks(self, node, partial(visited, self))


class _Loop(NamedTuple):
    """The symbols of a loop.

    Attributes:
        variables: what it changes and is needed.
        composites: what it changes of other values.
        undefined: the variables that are not there before.
    """

    variables: list[str]
    composites: list[str]
    undefined: list[str]

    def parts(self) -> dict[str, Any]:
        """The gaps of a loop's template that they fill."""
        return {
            "variables": [ast.Name(s, ast.Load()) for s in self.variables],
            "results": _tuple(self.variables),
            "symbols": _texts(self.variables),
            "composites": _texts(self.composites),
        }


class _Branches(NamedTuple):
    """The names of what becomes of an `if`."""

    test: str
    first: str
    other: str
    getter: str
    setter: str


def _branch(
    name: str,
    test: str,
    body: list[Any],
    given: Sequence[str],
    renamed: dict[str, str],
    node: ast.AST,
) -> list[Any]:
    """The function of a branch."""
    if not given:
        result = expression("ag__.match_staging_level(1, test)", node, test=test)
    else:
        symbols = [renamed.get(s, s) for s in given]
        result = _tuple(symbols) if len(symbols) > 1 else node_of(symbols[0])
    aliases = []
    if renamed:
        aliases = statements(
            "new = old",
            node,
            new=_tuple(list(renamed.values())),
            old=_tuple(list(renamed)),
        )
    rename = _Rename(renamed)
    return statements(
        """
        def name():
            aliases
            body
            return result
        """,
        node,
        name=name,
        aliases=aliases,
        body=[rename.visit(statement) for statement in body] if renamed else body,
        result=result,
    )


class _Rename(ast.NodeTransformer):
    """Calls names otherwise."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> Any:
        """A name."""
        node.id = self._names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> Any:
        """An argument of a function inside."""
        node.arg = self._names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """A function inside."""
        node.name = self._names.get(node.name, node.name)
        return self.generic_visit(node)


def _choice(
    names: _Branches, given: Sequence[str], composites: Sequence[str], node: ast.AST
) -> list[Any]:
    """The line that chooses a branch."""
    call = expression(
        "ag__.if_stmt(cond, first, other, getter, setter, symbols, composites)",
        node,
        cond=names.test,
        first=names.first,
        other=names.other,
        getter=names.getter,
        setter=names.setter,
        symbols=_texts(given),
        composites=_texts(composites),
    )
    if not given:
        return [ast.copy_location(ast.Expr(call), node)]
    target = _tuple(given) if len(given) > 1 else node_of(given[0])
    return statements("target = call", node, target=target, call=call)


def _extra_test(
    name: str | None, extra: ast.expr | None, loop: _Loop, node: ast.AST
) -> list[Any]:
    if name is None or extra is None:
        return []
    return statements(
        """
        def name(variables):
            return extra
        """,
        node,
        name=name,
        extra=extra,
        variables=loop.parts()["variables"],
    )


def _state_functions(
    composites: Sequence[str], getter: str, setter: str, node: ast.AST
) -> list[Any]:
    """The functions that give and take what a block changes of other values."""
    if not composites:
        return statements(
            """
            def getter():
                return ()
            def setter(_):
                pass
            """,
            node,
            getter=getter,
            setter=setter,
        )
    return statements(
        """
        def getter():
            return state
        def setter(vals):
            state = vals
        """,
        node,
        getter=getter,
        setter=setter,
        state=_tuple(composites),
    )


def _undefined(symbols: Sequence[str], node: ast.AST) -> list[Any]:
    """Lines that give symbols a value that says they have none."""
    return [
        line
        for symbol in symbols
        for line in statements(
            "symbol = ag__.Undefined(text)",
            node,
            symbol=symbol,
            text=ast.Constant(as_name(symbol)),
        )
    ]


def _without_results(made: list[Any], loop: _Loop) -> list[Any]:
    """A loop without variables gives nothing to names."""
    if not loop.variables:
        made[-1] = ast.copy_location(ast.Expr(made[-1].value), made[-1])
    return made


def _tuple(symbols: Sequence[str]) -> ast.expr:
    return ast.Tuple([node_of(symbol) for symbol in symbols], ast.Load())


def _texts(symbols: Sequence[str]) -> ast.expr:
    return ast.Tuple([ast.Constant(symbol) for symbol in symbols], ast.Load())
