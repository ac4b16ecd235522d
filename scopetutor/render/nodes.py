"""The scopes of a graph as a tree, with the variables in them: what is drawn, undrawn.

`grow` makes it from a snapshot. `scope_tree`, `change` and `goal` draw it; so does the
pane beside the prompt, which is why nothing that takes long to load is needed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .visible import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.snapshot import ScopeView, Snapshot, VariableView


class Node:
    """A scope with what is in it.

    Attributes:
        name: in full; "" for the root.
        view: what is known of the variable scope; None if the name is only a prefix,
            such as that of a name scope, or if its flag is not to be shown.
        is_prefix: whether the name is only a prefix.
        scopes: by last part of the name.
        variables: directly in it, oldest first.
        size: how many variables are in it and below it.
    """

    __slots__ = ("is_prefix", "name", "scopes", "size", "variables", "view")

    def __init__(self, name: str) -> None:
        self.name = name
        self.view: ScopeView | None = None
        self.is_prefix = True
        self.scopes: dict[str, Node] = {}
        self.variables: list[VariableView] = []
        self.size = 0

    def drop_namesakes(self) -> None:
        """Leave out empty scopes that are called as a variable beside them.

        TF 1.15's optimizers open one for each slot; it says nothing the slot does not.
        """
        names = {variable.op_name for variable in self.variables}
        for part, scope in list(self.scopes.items()):
            if scope.size == 0 and not scope.scopes and scope.name in names:
                del self.scopes[part]

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for scope in self.scopes.values():
            yield from scope.walk()


class Tree:
    """A tree being grown; `root` is whole after `weighed`."""

    def __init__(self) -> None:
        self.root = Node("")
        self._known = {"": self.root}

    def node(self, name: str) -> Node:
        """The node of a scope, made with those above it if need be."""
        found = self._known.get(name)
        if found is None:
            above, _, part = name.rpartition("/")
            found = self._known[name] = Node(name)
            self.node(above).scopes[part] = found
        return found

    def hang(self, variable: VariableView) -> None:
        """Put a variable where its name says."""
        self.node(variable.op_name.rpartition("/")[0]).variables.append(variable)

    def weighed(self) -> Node:
        """The root, with every node knowing how much is below it."""
        _weigh(self.root)
        return self.root


def _weigh(scope: Node) -> int:
    scope.size = len(scope.variables) + sum(map(_weigh, scope.scopes.values()))
    return scope.size


def grow(snapshot: Snapshot, matching: str = "") -> Node:
    """The tree of the default graph.

    Args:
        snapshot: of the workspace.
        matching: only variables with this in their name, and the scopes around them.
    """
    graph = snapshot.here.graph
    tree = Tree()
    for (of_graph, name), view in snapshot.scopes.items():
        if of_graph == graph and (not matching or matching in name):
            here = tree.node(name)
            here.view, here.is_prefix = view, False
    for variable in snapshot.variables.values():
        if variable.graph == graph and matching in variable.op_name:
            tree.hang(variable)
    root = tree.weighed()
    for node in root.walk():
        node.drop_namesakes()
    return root


def find(root: Node, name: str) -> Node | None:
    """The node of a scope."""
    here: Node | None = root
    for part in name.split("/") if name else ():
        here = here.scopes.get(part) if here else None
    return here


def unfolded(root: Node, limit: int) -> set[str]:
    """The names of the scopes to show open, so that about `limit` rows are drawn.

    Scopes near the root open first, so that a folded tree is an overview; those that
    are only part of a name, such as the places of an optimizer's slots, after others.
    """
    open_scopes: set[str] = {root.name}
    used = 1 + len(root.scopes) + min(len(root.variables), limit)
    level = sorted(root.scopes.values(), key=lambda node: node.is_prefix)
    while level:
        below: list[Node] = []
        for node in level:
            cost = len(node.scopes) + len(node.variables)
            if used + cost > limit:
                continue
            used += cost
            open_scopes.add(node.name)
            below.extend(node.scopes.values())
        level = sorted(below, key=lambda node: node.is_prefix)
    return open_scopes


def last_part(name: str) -> str:
    """A scope's own name, without those around it."""
    return one_line(name.rpartition("/")[2])
