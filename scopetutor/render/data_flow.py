"""What feeds what in a graph, as people think of it: a variable is one thing.

TensorFlow makes a handful of operations for each variable. Here they are one node, and
what reads the variable is fed by it. `graph` and `graph_svg` draw the result.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from .words import shape_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopetutor.snapshot import OpView, Snapshot

    from .layers import Edge

Kind: TypeAlias = Literal["variable", "constant", "placeholder", "operation"]

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
        type: of the operation; "Variable" for a variable.
        gives: type and shape of its first output.
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
    return DataFlow(
        {key: part for key, part in flow.parts.items() if key in kept},
        tuple(e for e in flow.edges if kept.issuperset(e)),
        tuple(e for e in flow.waits if kept.issuperset(e)),
        flow.hidden,
    )
