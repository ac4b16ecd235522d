"""Which calls of layers lead from a model's inputs to its outputs, and in what order.

After ``nodes.py``, before ``model.py``.  TF 1.15: a call's depth is its longest way to
an output; a model's layers are ordered by falling depth, and those of one depth as they
are found from the outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine import nest

if TYPE_CHECKING:
    from .nodes import Node


class NetworkMap(NamedTuple):
    """A model's insides.

    Attributes:
        levels: its nodes, the deepest first.
        layers: its layers, the deepest first.
        nodes: those of the levels, from the outputs on.
    """

    levels: list[list[Node]]
    layers: list[Any]
    nodes: list[Node]


def map_network(inputs: list[Any], outputs: list[Any]) -> NetworkMap:
    """What lies between some tensors.

    Raises:
        ValueError: the outputs need others than the inputs, or layers share a name.
    """
    search = _Search()
    for tensor in outputs:
        search.follow(tensor)
    node_depths, layer_depths = _depths(search.finished)
    for tensor in inputs:
        layer = tensor._keras_history.layer
        if layer not in layer_depths:
            layer_depths[layer] = 0
            search.layers[layer] = -1
            node_depths[layer._inbound_nodes[0]] = 0
    layers = sorted(
        layer_depths, key=lambda one: (-layer_depths[one], search.layers[one])
    )
    by_depth: dict[int, list[Node]] = {}
    for node, depth in node_depths.items():
        by_depth.setdefault(depth, []).append(node)
    levels = [by_depth[depth] for depth in sorted(by_depth, reverse=True)]
    _check_connected(inputs, levels)
    _check_names(layers)
    nodes = [node for level in by_depth.values() for node in level]
    return NetworkMap(levels, layers, nodes)


class _Search:
    """The way back from the outputs.

    Attributes:
        layers: those that were met, numbered.
        finished: the nodes, each after those it needs.
    """

    def __init__(self) -> None:
        self.layers: dict[Any, int] = {}
        self.finished: dict[Node, None] = {}
        self._open: set[Node] = set()

    def follow(self, tensor: Any) -> None:
        """Adds the call that gave a tensor, and what it needs."""
        layer, index, _ = tensor._keras_history
        node = layer._inbound_nodes[index]
        if node in self._open:
            raise ValueError(
                f'The tensor {tensor} at layer "{layer.name}" is part of a cycle.'
            )
        if node in self.finished:
            return
        self.layers.setdefault(layer, len(self.layers))
        self._open.add(node)
        for one in node.dependencies():
            self.follow(one.tensor)
        self._open.remove(node)
        self.finished[node] = None


def _depths(finished: dict[Node, None]) -> tuple[dict[Node, int], dict[Any, int]]:
    """How far nodes and layers are from the outputs."""
    nodes: dict[Node, int] = {}
    layers: dict[Any, int] = {}
    for node in reversed(finished):
        layer = node.outbound_layer
        depth = max(nodes.setdefault(node, 0), layers.get(layer, 0))
        layers[layer] = nodes[node] = depth
        for one in node.dependencies():
            needed = one.layer._inbound_nodes[one.node_index]
            nodes[needed] = max(depth + 1, nodes.get(needed, 0))
    return nodes, layers


def _check_connected(inputs: list[Any], levels: list[list[Node]]) -> None:
    known = {id(tensor) for tensor in inputs}
    passed: list[str] = []
    for node in (node for level in levels for node in level):
        for tensor in nest.flatten(node.input_tensors):
            if id(tensor) not in known:
                raise ValueError(
                    f"Graph disconnected: cannot obtain value for tensor {tensor} at "
                    f'layer "{node.outbound_layer.name}". The following previous layers'
                    f" were accessed without issue: {passed}"
                )
        known.update(id(tensor) for tensor in nest.flatten(node.output_tensors))
        passed.append(node.outbound_layer.name)


def _check_names(layers: list[Any]) -> None:
    names = [layer.name for layer in layers]
    for name in names:
        if names.count(name) != 1:
            raise ValueError(
                f'The name "{name}" is used {names.count(name)} times in the model. '
                "All layer names should be unique."
            )
