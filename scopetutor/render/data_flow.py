"""What feeds what in a graph, as people think of it: a variable is one thing.

TensorFlow makes a handful of operations for each variable. Here they are one node, and
what reads the variable is fed by it. `graph` and `graph_svg` draw the result.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from .words import counted, shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopetutor.snapshot import OpView, Snapshot

    from .layers import Edge

Kind: TypeAlias = Literal["variable", "constant", "placeholder", "operation", "scope"]

KINDS: dict[str, Kind] = {
    "Const": "constant",
    "Placeholder": "placeholder",
    "PlaceholderWithDefault": "placeholder",
}


class Part(msgspec.Struct, frozen=True):
    """A node of the drawing.

    Attributes:
        name: of the operation or variable.
        kind: what it is.
        type: of the operation; "Variable" for a variable, "" for a scope.
        gives: type and shape of its first output; what a scope holds.
    """

    name: str
    kind: Kind
    type: str
    gives: str = ""


class DataFlow(msgspec.Struct, frozen=True):
    """The parts of a graph and which feeds which.

    Attributes:
        parts: by name, in the order they were made.
        edges: (from, to).
        waits: (from, to) where one only waits for the other.
        hidden: how many operations exist that are not listed.
    """

    parts: Mapping[str, Part]
    edges: tuple[Edge, ...]
    waits: tuple[Edge, ...] = ()
    hidden: int = 0


def data_flow(snapshot: Snapshot, *, around: str = "", every: bool = False) -> DataFlow:
    """The data flow of the default graph.

    Args:
        snapshot: of the workspace.
        around: only what this operation or variable needs, and what needs it directly.
        every: with the operations that variables are made of.
    """
    graph = snapshot.here.graph
    ops = [op for (of_graph, _), op in snapshot.ops.items() if of_graph == graph]
    owners = {} if every else _owners(snapshot, ops)
    parts: dict[str, Part] = {}
    for op in ops:
        owner = owners.get(op.name, op.name)
        groups = op.type == "NoOp" and not every and op.name != around
        if owner == op.name and not groups:  # what only groups others has no data
            parts[owner] = _part(op, owner in owners)
    edges, waits = [], []
    for op in ops:
        end = owners.get(op.name, op.name)
        for name in op.inputs:
            start = owners.get(_op_name(name), _op_name(name))
            if start != end and start in parts and end in parts:
                edges.append((start, end))
        for name in op.control_inputs:
            start = owners.get(name, name)
            if start != end and start in parts and end in parts:
                waits.append((start, end))
    whole = DataFlow(
        parts,
        tuple(dict.fromkeys(edges)),
        tuple(dict.fromkeys(waits)),
        snapshot.hidden_ops,
    )
    return _near(whole, around) if around else whole


def folded(flow: DataFlow, depth: int) -> DataFlow:
    """The same flow with the scopes of a depth as one part each.

    Args:
        flow: what is to be folded.
        depth: how many parts of a name are told apart; 1: the outermost scopes.
    """
    place = {name: "/".join(name.split("/")[:depth]) for name in flow.parts}
    inside: dict[str, list[Part]] = {}
    for name, part in flow.parts.items():
        inside.setdefault(place[name], []).append(part)
    parts = {name: _whole(name, within) for name, within in inside.items()}
    edges = ((place[start], place[end]) for start, end in flow.edges)
    between = tuple(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    return DataFlow(parts, between, (), flow.hidden)


def forward(flow: DataFlow) -> DataFlow:
    """The same flow without training: gradients, what they feed, and its helpers.

    TF 1.15 makes gradients in a scope called "gradients" (then "gradients_1", …).
    """
    feeds: dict[str, list[str]] = {}
    for start, end in (*flow.edges, *flow.waits):
        feeds.setdefault(start, []).append(end)
    waiting = [name for name in flow.parts if _GRADIENTS.match(name)]
    left_out = set(waiting)
    while waiting:
        new = set(feeds.get(waiting.pop(), ())) - left_out
        left_out |= new
        waiting += new
    left_out |= {  # slots, learning rates
        name
        for name, ends in feeds.items()
        if left_out.issuperset(ends)
        and flow.parts[name].kind in {"variable", "constant"}
    }
    return _only(flow, set(flow.parts) - left_out)


_GRADIENTS = re.compile(r"gradients(_\d+)?/")


def without_constants(flow: DataFlow) -> DataFlow:
    """The same flow without numbers that were typed in."""
    return _only(flow, {n for n, part in flow.parts.items() if part.kind != "constant"})


def _whole(name: str, within: list[Part]) -> Part:
    """What stands for a scope: itself, or the operation that it belongs to."""
    own = next((part for part in within if part.name == name), None)
    return own or Part(name, "scope", "", _held(within))


def _held(parts: list[Part]) -> str:
    """Such as "2 variables, 5 operations"."""
    variables = sum(part.kind == "variable" for part in parts)
    operations = len(parts) - variables
    told = [(variables, "variable"), (operations, "operation")]
    return ", ".join(counted(number, noun) for number, noun in told if number)


def _owners(snapshot: Snapshot, ops: list[OpView]) -> dict[str, str]:
    """For each operation that belongs to a variable, the variable."""
    graph = snapshot.here.graph
    variables = {v.op_name for v in snapshot.variables.values() if v.graph == graph}
    owners = {}
    for op in ops:
        name = op.name
        while name:
            if name in variables:
                owners[op.name] = name
                break
            name = name.rpartition("/")[0]
    return owners


def _part(op: OpView, is_variable: bool) -> Part:
    gives = ""
    if op.outputs:
        dtype, shape = op.outputs[0]
        gives = f"{dtype} {shape_text(shape)}"
    if is_variable:
        return Part(op.name, "variable", "Variable", gives)
    return Part(op.name, KINDS.get(op.type, "operation"), op.type, gives)


def _op_name(tensor: str) -> str:
    return tensor.rpartition(":")[0] or tensor


def _near(flow: DataFlow, name: str) -> DataFlow:
    """What a part needs, step by step back to the sources, and what it feeds."""
    kept = {name}
    waiting = deque([name])
    feeds: dict[str, list[str]] = {}
    for start, end in (*flow.edges, *flow.waits):
        feeds.setdefault(end, []).append(start)
    while waiting:
        for start in feeds.get(waiting.popleft(), ()):
            if start not in kept:
                kept.add(start)
                waiting.append(start)
    kept |= {end for start, end in flow.edges if start == name}
    return _only(flow, kept)


def _only(flow: DataFlow, kept: set[str]) -> DataFlow:
    return DataFlow(
        {key: part for key, part in flow.parts.items() if key in kept},
        tuple(e for e in flow.edges if kept.issuperset(e)),
        tuple(e for e in flow.waits if kept.issuperset(e)),
        flow.hidden,
    )
