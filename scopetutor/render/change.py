"""What the last entry did: the part of the scope tree that is new or different.

Drawn after every entry by `repl.loop`, from the snapshots before and after it and the
deeds the workspace reports. Nothing is drawn if nothing changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scopetutor.snapshot import Change, compare

from .marks import Mark
from .nodes import Node, Tree, unfolded
from .outline import Cell, Row, outline
from .scope_tree import rows
from .visible import one_line
from .words import counted, graph_text, place, session_text, shape_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text

    from scopetutor.snapshot import Deed, OpView, Site, Snapshot, VariableView

    from .look import Look

MOST_OPERATIONS = 6
VALUE_WIDTH = 40

# The deeds that the tree does not show by itself.
TOLD = {
    "graph made": "a new graph",
    "graph reset": "the default graph is new and empty",
    "session opened": "session opened",
    "session closed": "session closed",
}


def change(
    before: Snapshot, after: Snapshot, deeds: Sequence[Deed], look: Look
) -> Text | None:
    """Draw what happened between two moments; None if there is nothing to see.

    Args:
        before: the moment before the entry.
        after: the moment after it.
        deeds: what the entry did, in its order.
        look: how.
    """
    what = compare(before, after)
    drawn = [
        *_told(deeds, before, after),
        *_gone(what),
        *_trees(what, deeds, before, after, look),
        *_operations(what, after),
    ]
    return outline(drawn, look) if drawn else None


def _told(deeds: Sequence[Deed], before: Snapshot, after: Snapshot) -> Iterator[Row]:
    for deed in deeds:
        first_graph = deed.kind == "graph made" and not before.graphs
        if deed.kind not in TOLD or first_graph:
            continue
        session = after.sessions.get(deed.session)
        names = session.names if session else ()
        name = f": {one_line(names[0])}" if names else ""
        yield Row(0, Cell(TOLD[deed.kind] + name, "heading"))


def _gone(what: Change) -> Iterator[Row]:
    gone = what.removed
    if len(gone) == 1:
        yield Row(0, Cell(one_line(gone[0].tensor_name), "variable"), (), "gone")
    elif gone:
        yield Row(0, Cell(counted(len(gone), "variable"), "variable"), (), "gone")


def _trees(
    what: Change,
    deeds: Sequence[Deed],
    before: Snapshot,
    after: Snapshot,
    look: Look,
) -> Iterator[Row]:
    """A tree for each graph in which something happened to a variable or a scope."""
    marked = _marks(what)
    graphs = dict.fromkeys(
        [*(view.graph for view in marked.values()), *(s.graph for s in what.scopes)]
    )
    opened = {scope.name: scope.opened for scope in what.scopes}
    opened |= {deed.subject: deed.site for deed in deeds if deed.kind == "scope opened"}
    details = {uid: _detail(view, before, after) for uid, view in marked.items()}
    for graph in graphs:
        tree = Tree()
        for scope in what.scopes:
            if scope.graph == graph:
                tree.node(scope.name)
        for view in marked.values():
            if view.graph == graph:
                tree.hang(view)
        root = tree.weighed()
        _know(root, graph, after, opened)
        depth = 0
        if graph != after.here.graph:
            yield Row(0, Cell(graph_text(graph, after), "heading"))
            depth = 1
        yield from _rows(root, depth, what, details, look)


def _marks(what: Change) -> dict[int, VariableView]:
    """The variables something happened to, oldest first."""
    touched = (*what.created, *what.reused, *what.initialized, *what.assigned)
    return {view.uid: view for view in sorted(touched, key=lambda view: view.uid)}


def _know(
    root: Node, graph: int, after: Snapshot, opened: Mapping[str, Site | None]
) -> None:
    """Give each node of a tree what is known of its scope, and its flag if it has one.

    A flag belongs to an opening of the scope, so only scopes that were opened have one.
    """
    for scope in root.walk():
        view = after.scopes.get((graph, scope.name))
        scope.is_prefix = view is None
        scope.view = None
        if view is not None and scope.name in opened:
            scope.view = msgspec.structs.replace(view, opened=opened[scope.name])


def _rows(
    root: Node,
    depth: int,
    what: Change,
    details: dict[int, tuple[Cell, ...]],
    look: Look,
) -> Iterator[Row]:
    """The rows of a tree, without its root unless the root's own flag changed."""
    limit = max(look.height - 6, 10)
    open_scopes = unfolded(root, limit)
    marks = marks_of(what)
    flag_changed = any(scope.name == "" for scope in what.scopes)
    drawn = rows(
        root, open_scopes=open_scopes, most=limit, marks=marks, details=details
    )
    for index, row in enumerate(drawn):
        if index == 0 and not (flag_changed and root.view and root.view.reuse != "no"):
            depth -= 1
            continue
        yield row.at(row.depth + depth)


def marks_of(what: Change) -> dict[int, Mark]:
    """The one mark of each variable: the most important thing that happened to it."""
    deeds: tuple[tuple[Mark, tuple[VariableView, ...]], ...] = (
        ("initialized", what.initialized),
        ("assigned", what.assigned),
        ("reused", what.reused),
        ("created", what.created),
    )
    return {view.uid: mark for mark, views in deeds for view in views}


def _detail(
    variable: VariableView, before: Snapshot, after: Snapshot
) -> tuple[Cell, ...]:
    """What is said of a variable that is not new: where it is from, what it holds."""
    old = before.variables.get(variable.uid)
    cells = []
    again = variable.times_reused - (old.times_reused if old else 0)
    if again:
        made = place(variable.made.site)
        same = "the same variable" + (f", made by {made}" if made and old else "")
        cells.append(Cell(same, "reused"))
        if again > 1:
            cells.append(Cell(f"{counted(again, 'time')} in this entry", "quiet"))
    held = {value.session: value for value in old.values} if old else {}
    for value in variable.values:
        known = held.get(value.session)
        if value.initialized and value != known:
            verb = "now" if known and known.initialized else "holds"
            text = one_line(" ".join(value.text.split()), VALUE_WIDTH)
            where = session_text(value.session, after)
            cells.append(Cell(f"{verb} {text}{where}", "value"))
    return tuple(cells)


def _operations(what: Change, after: Snapshot) -> Iterator[Row]:
    """The operations the learner made, without those that variables are made of."""
    own = {view.op_name for view in after.variables.values()}
    made = [view for view in what.ops if not _belongs(view.name, own)]
    names = {view.op: name for name, view in after.names.items() if view.op}
    for view in made[:MOST_OPERATIONS]:
        yield Row(
            0, Cell(one_line(view.name)), tuple(_op_cells(view, names)), "created"
        )
    if (beyond := len(made) - MOST_OPERATIONS) > 0:
        yield Row(0, Cell(counted(beyond, "further operation"), "quiet"), (), "created")


def _belongs(name: str, variables: set[str]) -> bool:
    """Whether an operation is a variable or one of the parts it is made of."""
    while name:
        if name in variables:
            return True
        name = name.rpartition("/")[0]
    return False


def _op_cells(view: OpView, names: dict[str, str]) -> Iterator[Cell]:
    first = f"{view.name}:0"
    yield Cell(one_line(view.type))
    yield Cell(
        ", ".join(f"{dtype} {shape_text(shape)}" for dtype, shape in view.outputs),
        "type",
    )
    known = names.get(first) or names.get(view.name)
    yield Cell(f"{one_line(known)} is {one_line(first)}" if known else "", "place")


if __name__ == "__main__":
    from .demo import AFTER, BEFORE, SECOND, show

    show(lambda look: change(BEFORE, AFTER, SECOND.deeds, look) or "")
