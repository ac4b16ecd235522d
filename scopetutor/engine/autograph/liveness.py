"""Which symbols are needed after a statement, and which are there before it.

After activity; ``blocks.py`` asks. Statements that jump are gone by now, so code is
gone through as it is written: backwards for what is needed, forwards for what is there.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .activity import Activity, activity_of, arguments_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    Symbols = frozenset[str]

_NONE: frozenset[str] = frozenset()


class Facts:
    """What is known of the statements of a function and of the functions in it.

    Attributes:
        live_in: by statement, what is needed when it begins.
        live_out: what is needed after it.
        defined_in: what may be there when it begins.
    """

    def __init__(self, function: Any) -> None:
        self.live_in: dict[ast.AST, Symbols] = {}
        self.live_out: dict[ast.AST, Symbols] = {}
        self.defined_in: dict[ast.AST, Symbols] = {}
        self._function(function, _NONE)

    def _function(self, node: Any, around: Symbols) -> Symbols:
        """Looks at a function; what it needs of what is around it."""
        own = activity_of(node.body).modified
        names = {argument.arg for argument in arguments_of(node.args)}
        self._define(node.body, (around - own) | names)
        return self._block(node.body, _NONE) - own - names

    # -- backwards ---------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], after: Symbols) -> Symbols:
        for statement in reversed(body):
            self.live_out[statement] = after
            after = self._needed(statement, after)
            self.live_in[statement] = after
        return after

    def _needed(self, node: Any, after: Symbols) -> Symbols:
        step = _BACKWARDS.get(type(node))
        if step is not None:
            needed: Symbols = step(self, node, after)
            return needed
        return _through(activity_of([node]), after)

    def _definition(self, node: Any, after: Symbols) -> Symbols:
        """A function is known by what is defined before it, see `_define`."""
        inside = self._function(node, self.defined_in.get(node, _NONE))
        return _through(activity_of([node]), after) | inside

    def _if(self, node: ast.If, after: Symbols) -> Symbols:
        ways = self._block(node.body, after) | self._block(node.orelse, after)
        return _through(activity_of([node.test]), ways)

    def _loop(self, node: Any, after: Symbols) -> Symbols:
        is_for = isinstance(node, ast.For)
        head = activity_of([node.iter, node.target] if is_for else [node.test])
        otherwise = self._block(node.orelse, after)
        again: Symbols = _NONE
        while True:
            before = _through(head, otherwise | again)
            found = self._block(node.body, before)
            if found <= again:
                return before
            again |= found

    def _with(self, node: ast.With, after: Symbols) -> Symbols:
        inside = self._block(node.body, after)
        for item in reversed(node.items):
            inside = _through(activity_of([item]), inside)
        return inside

    def _try(self, node: ast.Try, after: Symbols) -> Symbols:
        last = self._block(node.finalbody, after)
        handled = [self._block(handler.body, last) for handler in node.handlers]
        beyond = last.union(*handled)
        return self._block(node.body, beyond | self._block(node.orelse, beyond))

    def _raise(self, node: ast.Raise, after: Symbols) -> Symbols:
        del after  # nothing comes after it
        return _through(activity_of([node]), _NONE)

    # -- forwards ----------------------------------------------------------------------

    def _define(self, body: Sequence[Any], known: Symbols) -> Symbols:
        for statement in body:
            self.defined_in[statement] = known
            known = self._defined_after(statement, known)
        return known

    def _defined_after(self, node: Any, known: Symbols) -> Symbols:
        if isinstance(node, ast.If):
            return self._define(node.body, known) | self._define(node.orelse, known)
        if isinstance(node, (ast.For, ast.While)):
            return self._defined_by_loop(node, known)
        if isinstance(node, ast.With):
            return self._define(node.body, _beyond(activity_of(node.items), known))
        if isinstance(node, ast.Try):
            inside = self._define(node.body, known)
            ways = [self._define(node.orelse, inside)]
            ways += [self._define(h.body, known | inside) for h in node.handlers]
            return self._define(node.finalbody, _NONE.union(*ways))
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return known | set(node.names)
        if isinstance(node, ast.Raise):
            return _NONE
        return _beyond(activity_of([node]), known)

    def _defined_by_loop(self, node: Any, known: Symbols) -> Symbols:
        head = activity_of([node.target] if isinstance(node, ast.For) else [])
        inside = _beyond(head, known)
        self._define(node.body, inside)
        inside |= self._define(node.body, inside)
        self._define(node.body, inside)
        return self._define(node.orelse, known | inside)


_BACKWARDS: dict[type, Any] = {
    ast.FunctionDef: Facts._definition,
    ast.If: Facts._if,
    ast.For: Facts._loop,
    ast.While: Facts._loop,
    ast.With: Facts._with,
    ast.Try: Facts._try,
    ast.Raise: Facts._raise,
}


def _through(activity: Activity, after: Symbols) -> Symbols:
    needed = after - activity.modified - activity.deleted
    return frozenset(activity.read) | needed


def _beyond(activity: Activity, known: Symbols) -> Symbols:
    return (known - activity.deleted) | activity.modified
