"""What a graph's file holds: `scopetutor meta ls`, `tree`, `vars` and `ops`.

After `checkpoints.graphs`, which read the `.meta`, `.pb` or SavedModel.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell, Row, outline
from .table import table
from .visible import one_line
from .words import counted, listed, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.checkpoints.graphs import GraphFile, GraphNode, GraphVariable

    from .look import Look

TYPES = 12
"""Types of operations that the overview lists."""


def overview(graph: GraphFile, look: Look) -> Text:
    """Where it is from and what is in it, in a screenful."""
    parts = [_heading(graph, look)]
    parts += [
        hanging(f"  {what:<11}", told, look.width, head="quiet")
        for what, told in _facts(graph, look)
        if told and not told.startswith("no ")
    ]
    if graph.collections:
        parts += [Text(""), Text("  collections", "quiet")]
        cells = [
            (Cell(name, "variable"), Cell(f"{count:,}"))
            for name, count in graph.collections.items()
        ]
        parts.append(table(("name", "items"), cells, look))
    if graph.signatures:
        parts += [Text(""), Text("  signatures", "quiet")]
        parts += [
            hanging(f"  {one_line(name)}  ", one_line(told), look.width, head="heading")
            for name, told in graph.signatures.items()
        ]
    return paragraphs(parts)


def _heading(graph: GraphFile, look: Look) -> Text:
    told: list[str] = [graph.kind]
    if graph.tensorflow:
        told.append(f"TensorFlow {graph.tensorflow}")
    line = Text(one_line(graph.path), "heading")
    return line.append(f"  {f' {look.glyphs.dot} '.join(told)}", "quiet")


def _facts(graph: GraphFile, look: Look) -> list[tuple[str, str]]:
    kinds = Counter(variable.kind for variable in graph.variables)
    variables = ", ".join(
        counted(count, "constant" if kind == "constant" else f"{kind} variable")
        for kind, count in sorted(kinds.items())
    )
    trainable = sum(variable.trainable is True for variable in graph.variables)
    types = [f"{name} {count:,}" for name, count in graph.types]
    return [
        ("tags", ", ".join(graph.tags)),
        ("operations", counted(len(graph.nodes), "operation")),
        ("types", listed(types, TYPES, look.glyphs.ellipsis)),
        ("variables", variables),
        ("trainable", counted(trainable, "variable")),
        ("functions", counted(len(graph.functions), "function")),
        ("saver", ", ".join(graph.saver.values())),
        ("version", f"GraphDef {graph.producer}" if graph.producer else ""),
    ]


def variables(graph: GraphFile, look: Look) -> Text:
    """Its variables in a table."""
    if not graph.variables:
        return Text("  no variables, and no constants that were variables", "quiet")
    headings = ("name", "type", "shape", "kind", "trainable", "part of")
    return table(headings, [_variable(v) for v in graph.variables], look)


def _variable(variable: GraphVariable) -> tuple[Cell, ...]:
    trainable = {None: "", True: "yes", False: "no"}[variable.trainable]
    is_part = variable.key != variable.name.partition(":")[0]
    return (
        Cell(variable.name, "variable"),
        Cell(variable.dtype, "type"),
        Cell(shape_text(variable.shape), "type"),
        Cell(variable.kind),
        Cell(trainable),
        Cell(variable.key if is_part else "", "quiet"),
    )


def operations(nodes: Sequence[GraphNode], look: Look) -> Text:
    """Operations in a table."""
    if not nodes:
        return Text("  no such operation", "quiet")
    rows = [
        (
            Cell(node.name, "tensor"),
            Cell(node.op, "type"),
            Cell(", ".join(node.inputs), "quiet"),
            Cell(node.device),
        )
        for node in nodes
    ]
    return table(("name", "type", "inputs", "device"), rows, look)


class _Scope:
    __slots__ = ("nodes", "scopes", "size")

    def __init__(self) -> None:
        self.scopes: dict[str, _Scope] = {}
        self.nodes: list[GraphNode] = []
        self.size = 0


def node_tree(nodes: Sequence[GraphNode], look: Look, *, depth: int = 0) -> Text:
    """The operations below the scopes in their names.

    Args:
        nodes: which.
        look: how.
        depth: scopes deeper than this are only counted; 0: none.
    """
    root = _Scope()
    for node in nodes:
        here = root
        here.size += 1
        for part in node.name.split("/")[:-1]:
            here = here.scopes.setdefault(part, _Scope())
            here.size += 1
        here.nodes.append(node)
    rows = [Row(0, Cell("(root)", "scope"), (Cell(counted(root.size, "operation")),))]
    return outline(rows + _below(root, 1, depth), look)


def _below(scope: _Scope, at: int, deepest: int) -> list[Row]:
    rows = []
    for name, inner in scope.scopes.items():
        told = Cell(counted(inner.size, "operation"), "quiet")
        rows.append(Row(at, Cell(f"{one_line(name)}/", "scope"), (told,)))
        if not deepest or at < deepest:
            rows += _below(inner, at + 1, deepest)
    for node in scope.nodes:
        name = one_line(node.name.rpartition("/")[2])
        rows.append(Row(at, Cell(name, "tensor"), (Cell(node.op, "type"),)))
    return rows
