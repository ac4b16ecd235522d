"""What the last entry did: the part of the scope tree that is new or different.

Drawn after every entry by `repl.loop`, from the snapshots before and after it and the
deeds the workspace reports. Nothing is drawn if nothing changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scopetutor.snapshot import Change, Snapshot, compare

from .marks import Mark
from .nodes import Node, Tree, unfolded
from .outline import Cell, Row, outline
from .scope_tree import rows
from .visible import one_line
from .words import counted, graph_text, place, session_text, shape_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text

    from scopetutor.snapshot import Deed, OpView, Site, VariableView

    from .look import Look

MOST_OPERATIONS = 6
LEAST_VALUE = 24  # characters of a value that are always shown

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
    all_rows = list(_Scene(what, before, after, tuple(deeds), look).rows())
    return outline(all_rows, look) if all_rows else None


def marks_of(what: Change) -> dict[int, Mark]:
    """The one mark of each variable: the most important thing that happened to it."""
    deeds: tuple[tuple[Mark, tuple[VariableView, ...]], ...] = (
        ("initialized", what.initialized),
        ("assigned", what.assigned),
        ("reused", what.reused),
        ("created", what.created),
    )
    return {view.uid: mark for mark, views in deeds for view in views}


class _Scene(msgspec.Struct, frozen=True):
    """A change with all that is needed to tell it; attributes as in `change`."""

    what: Change
    before: Snapshot
    after: Snapshot
    deeds: tuple[Deed, ...]
    look: Look

    def rows(self) -> Iterator[Row]:
        """Everything, in the order it should be read."""
        yield from self._told()
        yield from self._gone()
        yield from self._trees()
        yield from self._operations()

    def _told(self) -> Iterator[Row]:
        for deed in self.deeds:
            first_graph = deed.kind == "graph made" and not self.before.graphs
            if deed.kind not in TOLD or first_graph:
                continue
            session = self.after.sessions.get(deed.session)
            names = session.names if session else ()
            name = f": {one_line(names[0])}" if names else ""
            yield Row(0, Cell(TOLD[deed.kind] + name, "heading"))

    def _gone(self) -> Iterator[Row]:
        gone = self.what.removed
        if len(gone) == 1:
            yield Row(0, Cell(one_line(gone[0].tensor_name), "variable"), (), "gone")
        elif gone:
            yield Row(0, Cell(counted(len(gone), "variable"), "variable"), (), "gone")

    # -- variables and scopes --------------------------------------------------------

    def _trees(self) -> Iterator[Row]:
        """A tree for each graph in which something happened to variables or scopes."""
        what = self.what
        touched = (*what.created, *what.reused, *what.initialized, *what.assigned)
        views = {view.uid: view for view in sorted(touched, key=lambda view: view.uid)}
        graphs = [*(v.graph for v in views.values()), *(s.graph for s in what.scopes)]
        for graph in dict.fromkeys(graphs):
            tree = Tree()
            for scope in what.scopes:
                if scope.graph == graph and scope.times:  # not one of a layer's own
                    tree.node(scope.name)
            for view in views.values():
                if view.graph == graph:
                    tree.hang(view)
            depth = 0
            if graph != self.after.here.graph:
                yield Row(0, Cell(graph_text(graph, self.after), "heading"))
                depth = 1
            details = {uid: self._detail(view) for uid, view in views.items()}
            yield from self._tree(self._known(tree.weighed(), graph), depth, details)

    def _known(self, root: Node, graph: int) -> Node:
        """The tree with what is known of each scope.

        A flag belongs to an opening of a scope: only those that were opened have one.
        """
        opened = self._opened()
        for scope in root.walk():
            view = self.after.scopes.get((graph, scope.name))
            scope.is_prefix = view is None
            if view is not None and scope.name in opened:
                scope.view = msgspec.structs.replace(view, opened=opened[scope.name])
        return root

    def _opened(self) -> Mapping[str, Site | None]:
        """The scopes the entry opened or gave another flag, and where."""
        opened = {scope.name: scope.opened for scope in self.what.scopes}
        for deed in self.deeds:
            if deed.kind == "scope opened":
                opened[deed.subject] = deed.site
        return opened

    def _tree(
        self, root: Node, depth: int, details: Mapping[int, tuple[Cell, ...]]
    ) -> Iterator[Row]:
        """The rows of a tree, without its root unless the root has a flag to show."""
        limit = max(self.look.height - 6, 10)
        has_flag = root.view is not None and root.view.reuse != "no"
        all_rows = rows(
            root,
            open_scopes=unfolded(root, limit),
            most=limit,
            marks=marks_of(self.what),
            details=details,
        )
        for index, row in enumerate(all_rows):
            if index or has_flag:
                yield row.at(row.depth + depth - (not has_flag))

    def _detail(self, variable: VariableView) -> tuple[Cell, ...]:
        """What is said of a variable that is not new: its origin, what it holds."""
        old = self.before.variables.get(variable.uid)
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
                room = max(self.look.width - 30, LEAST_VALUE)
                text = one_line(" ".join(value.text.split()), room)
                where = session_text(value.session, self.after)
                cells.append(Cell(f"{verb} {text}{where}", "value"))
        return tuple(cells)

    # -- operations ------------------------------------------------------------------

    def _operations(self) -> Iterator[Row]:
        """The operations the learner made, without those variables are made of."""
        own = {view.op_name for view in self.after.variables.values()}
        made = [view for view in self.what.ops if not _belongs(view.name, own)]
        names = {view.op: name for name, view in self.after.names.items() if view.op}
        for view in made[:MOST_OPERATIONS]:
            yield Row(0, Cell(one_line(view.name)), _op_cells(view, names), "created")
        if (beyond := len(made) - MOST_OPERATIONS) > 0:
            more = counted(beyond, "further operation")
            yield Row(0, Cell(more, "quiet"), (), "created")


def _belongs(name: str, variables: set[str]) -> bool:
    """Whether an operation is a variable or one of the parts it is made of."""
    while name:
        if name in variables:
            return True
        name = name.rpartition("/")[0]
    return False


def _op_cells(view: OpView, names: Mapping[str, str]) -> tuple[Cell, ...]:
    first = f"{view.name}:0"
    known = names.get(first) or names.get(view.name)
    outputs = ", ".join(f"{dtype} {shape_text(shape)}" for dtype, shape in view.outputs)
    return (
        Cell(one_line(view.type)),
        Cell(outputs, "type"),
        Cell(f"{one_line(known)} is {one_line(first)}" if known else "", "place"),
    )


if __name__ == "__main__":
    from .demo import AFTER, BEFORE, SECOND, show

    show(lambda look: change(BEFORE, AFTER, SECOND.deeds, look) or "")
