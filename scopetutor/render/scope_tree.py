"""The tree of scopes and the variables in them, with every reuse flag.

`nodes` has the tree itself. A tree of thousands of variables is folded: what does not
fit on a screen shows as one row that says how much is in it. `change` draws the part
that an entry touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .marks import Mark
from .nodes import Node, find, grow, last_part, unfolded
from .outline import Cell, Row, outline
from .visible import one_line
from .words import counted, opening_text, place, short_place, type_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rich.text import Text

    from scopetutor.snapshot import ScopeView, Snapshot, VariableView

    from .look import Look


def scope_tree(
    snapshot: Snapshot,
    look: Look,
    *,
    matching: str = "",
    under: str = "",
    limit: int = 0,
) -> Text:
    """Draw the tree.

    Args:
        snapshot: of the workspace.
        look: how.
        matching: only what has this in its name.
        under: only this scope and what is below it.
        limit: rows at most; what does not fit is folded. 0: everything.
    """
    root = find(grow(snapshot, matching), under) or Node(under)
    open_scopes = unfolded(root, limit) if limit else None
    drawn = list(rows(root, open_scopes=open_scopes, most=limit))
    if len(drawn) == 1 and not root.size:
        drawn.append(Row(1, Cell(_nothing(matching), "quiet")))
    text = outline(drawn, look)
    if snapshot.hidden_variables:
        hidden = counted(snapshot.hidden_variables, "further variable")
        text.append(f"\n  {hidden} not listed", "quiet")
    return text


def _nothing(matching: str) -> str:
    return (
        f"no variable has {one_line(matching)!r} in its name" if matching else "empty"
    )


def rows(
    scope: Node,
    *,
    depth: int = 0,
    open_scopes: Collection[str] | None = None,
    most: int = 0,
    marks: Mapping[int, Mark] = {},
    details: Mapping[int, tuple[Cell, ...]] = {},
) -> Iterator[Row]:
    """The rows of a scope and what is below it.

    Args:
        scope: its node.
        depth: of the first row.
        open_scopes: the names of those to show open; None: all.
        most: how many variables, and how many scopes, of one scope are listed; 0: all.
        marks: by a variable's uid, what happened to it.
        details: by a variable's uid, what to say instead of how it was made.
    """
    is_open = open_scopes is None or scope.name in open_scopes
    yield scope_row(scope, depth, folded=not is_open and scope.size > 0)
    if not is_open:
        return
    count = most or max(len(scope.variables), len(scope.scopes))
    for view in scope.variables[:count]:
        mark, detail = marks.get(view.uid, ""), details.get(view.uid, ())
        yield variable_row(view, depth + 1, mark, detail)
    if (beyond := len(scope.variables) - count) > 0:
        yield _beyond(depth + 1, counted(beyond, "further variable"))
    for below in list(scope.scopes.values())[:count]:
        yield from rows(
            below,
            depth=depth + 1,
            open_scopes=open_scopes,
            most=most,
            marks=marks,
            details=details,
        )
    if (beyond := len(scope.scopes) - count) > 0:
        yield _beyond(depth + 1, counted(beyond, "further scope"))


def _beyond(depth: int, words: str) -> Row:
    return Row(depth, Cell(words, "quiet"))


def scope_row(scope: Node, depth: int, *, folded: bool = False) -> Row:
    """A scope: its name, its flag, and how much is in it if that is not shown."""
    view = scope.view
    if view is None:
        name_only = scope.name and scope.is_prefix
        flag = Cell("name only" if name_only else "", "quiet")
        opened = Cell("")
    else:
        flag = Cell(opening_text(view), f"reuse.{view.reuse}")
        opened = Cell(short_place(view.opened), "place")
    within = Cell(counted(scope.size, "variable") if folded else "", "quiet")
    return Row(
        depth,
        Cell(f"{last_part(scope.name)}/" if scope.name else "(root)", "scope"),
        (Cell(""), within, flag, *hands_on(view), opened),
        "folded" if folded else "",
    )


def hands_on(view: ScopeView | None) -> tuple[Cell, ...]:
    """What a scope gives the variables made in it, beside its flag."""
    if view is None:
        return ()
    told = [
        f"{what} {one_line(value, 30)}"
        for what, value in (
            ("initializer", view.initializer),
            ("regularizer", view.regularizer),
            ("dtype", "" if view.dtype == "float32" else view.dtype),
            ("partitioner", view.partitioner),
            ("custom_getter", view.custom_getter),
            ("caching_device", view.caching_device),
        )
        if value
    ]
    if view.use_resource is not None:
        told.append(f"use_resource {view.use_resource}")
    return (Cell(" ".join(told), "quiet"),) if told else ()


def variable_row(
    variable: VariableView, depth: int, mark: Mark = "", detail: tuple[Cell, ...] = ()
) -> Row:
    """A variable: its names, type and shape, and how it was made and found again.

    With a `detail`, that is said instead of how it was made.
    """
    return Row(
        depth,
        Cell(last_part(variable.op_name), "variable"),
        (
            Cell(one_line(variable.tensor_name), "tensor"),
            Cell(type_text(variable), "type"),
            *((Cell(""), *detail) if detail else _making(variable)),
        ),
        mark,
    )


def _making(variable: VariableView) -> tuple[Cell, ...]:
    return (
        Cell("trainable" if variable.trainable else "not trainable"),
        Cell(short_place(variable.made.site), "place"),
        Cell(_reuse_count(variable), "reused"),
        Cell(_unlike_get_variable(variable), "quiet"),
    )


def _reuse_count(variable: VariableView) -> str:
    if not variable.times_reused:
        return ""
    times = counted(variable.times_reused, "time")
    site = variable.reused[-1].site if variable.reused else None
    last = short_place(site) if site and site.file else place(site)
    return f"reused {times}" + (f", last {last}" if last else "")


def _unlike_get_variable(variable: VariableView) -> str:
    """What someone who expects a variable of get_variable should know."""
    if variable.key or variable.kind == "eager":
        return ""
    return f"{variable.made.call}: get_variable does not know it"


if __name__ == "__main__":
    from .demo import AFTER, show

    show(lambda look: scope_tree(AFTER, look))
