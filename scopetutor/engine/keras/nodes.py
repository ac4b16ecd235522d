"""Which layer made a tensor of which others: what models are read from.

A layer that is called on tensors that come from `Input` keeps a node of the call, and
its outputs know where they come from.  ``network_map.py`` follows the nodes from a
model's outputs back to its inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakSet

from scopetutor.engine import defaults, nest

if TYPE_CHECKING:
    from scopetutor.engine.graph import Graph

# Graphs without an `Input` need no nodes: layers ask this first.
_graphs: WeakSet[Graph] = WeakSet()


class KerasHistory(NamedTuple):
    """Where a tensor comes from: of a call of a layer, one of the outputs."""

    layer: Any
    node_index: int
    tensor_index: int


class Inbound(NamedTuple):
    """A tensor that a layer was called on, and where it comes from."""

    layer: Any
    node_index: int
    tensor_index: int
    tensor: Any


class Node:
    """One call of a layer.

    Attributes:
        outbound_layer: the layer that was called.
        inbound: the tensors it was called on; none for inputs of models.
        input_tensors, output_tensors: as they were given.
        input_shapes, output_shapes: theirs, as tuples.
        arguments: the others of the call, by name.
    """

    def __init__(
        self,
        layer: Any,
        input_tensors: Any,
        output_tensors: Any,
        arguments: dict[str, Any] | None = None,
        *,
        source: bool = False,
    ) -> None:
        self.outbound_layer = layer
        self.inbound = () if source else _histories(input_tensors)
        self.input_tensors = input_tensors
        self.output_tensors = output_tensors
        self.input_shapes = nest.map_structure(int_shape, input_tensors)
        self.output_shapes = nest.map_structure(int_shape, output_tensors)
        self.arguments = arguments or {}
        for one in self.inbound:
            one.layer._remember_outbound(self)
        layer._remember_inbound(self)

    def dependencies(self) -> list[Inbound]:
        """The tensors it was called on, and those among its arguments."""
        return [*self.inbound, *_histories(self.arguments)]


def _histories(tensors: Any) -> tuple[Inbound, ...]:
    found = []
    for one in nest.flatten(tensors):
        if hasattr(one, "_keras_history"):
            layer, node_index, tensor_index = one._keras_history
            found.append(Inbound(layer, node_index, tensor_index, one))
    return tuple(found)


def int_shape(tensor: Any) -> tuple[Any, ...] | None:
    """A static shape as a tuple; None if nothing is known of it."""
    shape = tensor.shape
    return None if shape.ndims is None else tuple(shape.as_list())


def start() -> None:
    """From now on, calls of layers in the default graph are remembered."""
    _graphs.add(defaults.get_default_graph())


def in_use() -> bool:
    """Whether calls of layers in the default graph are remembered."""
    return bool(_graphs) and defaults.get_default_graph() in _graphs


def complete(tensors: Any) -> bool:
    """Whether it is known of all of some tensors where they come from."""
    flat = nest.flatten(tensors)
    return all(hasattr(one, "_keras_history") for one in flat)


def record(layer: Any, inputs: Any, outputs: Any, arguments: dict[str, Any]) -> None:
    """Remembers a call."""
    Node(layer, inputs, outputs, arguments)
    index = len(layer._inbound_nodes) - 1
    for i, tensor in enumerate(nest.flatten(outputs)):
        tensor._keras_history = KerasHistory(layer, index, i)


def sources(tensor: Any) -> list[Any]:
    """The inputs of models that a tensor comes from."""
    layer, index, _ = tensor._keras_history
    node = layer._inbound_nodes[index]
    if not node.inbound:
        return nest.flatten(node.input_tensors)
    found: dict[int, Any] = {}
    for one in node.inbound:
        for source in sources(one.tensor):
            found.setdefault(id(source), source)
    return list(found.values())


class Connected:
    """What a layer knows of its calls."""

    _name: str
    _inbound_nodes: Any = ()
    _outbound_nodes: Any = ()

    def _remember_inbound(self, node: Node) -> None:
        self._inbound_nodes = [*self._inbound_nodes, node]

    def _remember_outbound(self, node: Node) -> None:
        self._outbound_nodes = [*self._outbound_nodes, node]

    @property
    def inbound_nodes(self) -> Any:
        """The calls of this layer."""
        return self._inbound_nodes

    @property
    def outbound_nodes(self) -> Any:
        """The calls of others on what it gave."""
        return self._outbound_nodes

    def _at(self, index: int, attribute: str, said: str) -> Any:
        if not self._inbound_nodes:
            raise RuntimeError(
                f"The layer has never been called and thus has no defined {said}."
            )
        if index >= len(self._inbound_nodes):
            raise ValueError(
                f"Asked to get {said} at node {index}, but the layer has only "
                f"{len(self._inbound_nodes)} inbound nodes."
            )
        found = getattr(self._inbound_nodes[index], attribute)
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    def get_input_at(self, node_index: int) -> Any:
        """The tensors of a call."""
        return self._at(node_index, "input_tensors", "input")

    def get_output_at(self, node_index: int) -> Any:
        """What a call gave."""
        return self._at(node_index, "output_tensors", "output")

    def get_input_shape_at(self, node_index: int) -> Any:
        """The shapes of a call's tensors."""
        return self._at(node_index, "input_shapes", "input shape")

    def get_output_shape_at(self, node_index: int) -> Any:
        """The shapes of what a call gave."""
        return self._at(node_index, "output_shapes", "output shape")

    @property
    def input(self) -> Any:
        """The tensors of the first call."""
        if not self._inbound_nodes:
            raise AttributeError(
                f"Layer {self._name} is not connected, no input to return."
            )
        return self._at(0, "input_tensors", "input")

    @property
    def output(self) -> Any:
        """What the first call gave."""
        if not self._inbound_nodes:
            raise AttributeError(f"Layer {self._name} has no inbound nodes.")
        return self._at(0, "output_tensors", "output")

    def _only_shape(self, attribute: str, said: str) -> Any:
        if not self._inbound_nodes:
            raise AttributeError(
                f"The layer has never been called and thus has no defined {said} shape."
            )
        shapes = [getattr(node, attribute) for node in self._inbound_nodes]
        if len({str(shape) for shape in shapes}) == 1:
            return shapes[0]
        raise AttributeError(
            f'The layer "{self._name}" has multiple inbound nodes, with different '
            f'{said} shapes. Hence the notion of "{said} shape" is ill-defined for the '
            f"layer. Use `get_{said}_shape_at(node_index)` instead."
        )

    @property
    def input_shape(self) -> Any:
        """The inputs' shapes, if they are the same in all calls."""
        return self._only_shape("input_shapes", "input")

    @property
    def output_shape(self) -> Any:
        """The outputs' shapes, if they are the same in all calls."""
        return self._only_shape("output_shapes", "output")
