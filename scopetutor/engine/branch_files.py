"""Branches that a graph file holds, for the operations If and Case read from it.

Beside branch_functions; ``graph_import.py`` calls `add_functions`. A function of a file
becomes a graph again when an operation that names it is first run or differentiated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos

from . import registry
from .branch_graphs import BranchFunction, BranchGraph
from .graph_def import attr_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .graph import Graph
    from .operation import Operation, Tensor


def add_functions(graph: Graph, library: Any) -> None:
    """Makes the functions of a file known to a graph, which keeps those it has."""
    for message in library.function:
        function = SavedBranch(message, graph)
        for known in ("_functions", "_library"):
            graph.__dict__.setdefault(known, {}).setdefault(function.name, function)


class SavedBranch(BranchFunction):
    """A function as a file describes it.

    Attributes:
        definition: the description.
    """

    definition: Any = None

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation of it."""
        return op._name

    def __init__(self, message: Any, outer: Graph) -> None:
        super().__init__(BranchGraph(outer, message.signature.name), None)
        self.definition = message
        self._is_open = False

    def open_for(self, op: Operation) -> None:
        """Makes its operations, for what an operation gives it; only once."""
        if self._is_open:
            return
        self._is_open = True
        from .graph_import import import_graph_def  # noqa: PLC0415 - it calls this

        graph, signature = self.graph, self.definition.signature
        # A branch does not get what it is chosen by.
        given = op._inputs if "body" in op._attrs else op._inputs[1:]
        arguments = [argument.name for argument in signature.input_arg]
        nodes = protos.GraphDef()
        for argument, tensor in zip(signature.input_arg, given, strict=True):
            node = nodes.node.add(name=argument.name, op="Placeholder")
            node.attr["dtype"].type = argument.type
            node.attr["shape"].CopyFrom(attr_value("shape", tensor._dims))
        places = _Places(arguments, self.definition.node_def)
        for message in self.definition.node_def:
            node = nodes.node.add()
            node.CopyFrom(message)
            del node.input[:]
            node.input.extend([places.of(text) for text in message.input])
        with graph.as_default():
            import_graph_def(nodes, name="")
        inside = [self._tensor(f"{name}:0") for name in arguments]
        graph.captured = dict(zip(given, inside, strict=True))
        graph.outputs = [
            self._tensor(places.of(self.definition.ret[result.name]))
            for result in signature.output_arg
        ]

    def _tensor(self, name: str) -> Tensor:
        found: Tensor = self.graph.get_tensor_by_name(name)
        return found


class _Places:
    """Where the tensors of a function are, as graphs say it.

    Args:
        arguments: the names of what the function takes.
        nodes: its nodes.
    """

    def __init__(self, arguments: Iterable[str], nodes: Iterable[Any]) -> None:
        self._arguments = set(arguments)
        self._nodes = {node.name: node for node in nodes}

    def of(self, text: str) -> str:
        """What a graph calls "node:output:place", or an argument."""
        if text.startswith("^"):
            return text
        name, *rest = text.split(":")
        if name in self._arguments or len(rest) < 2:
            return f"{name}:0"
        node = self._nodes[name]
        before = 0
        for output in registry.lookup(node.op).outputs:
            if output.name == rest[0]:
                break
            if output.number_attr:
                before += node.attr[output.number_attr].i
            elif output.type_list_attr:
                before += len(node.attr[output.type_list_attr].list.type)
            else:
                before += 1
        return f"{name}:{before + int(rest[1])}"
