"""`model.add_loss` of a tensor that lies outside of the model's layers.

After network_map.py and op_layers.py. TF 1.15: what leads to the tensor, and a layer
that adds it to the losses, become layers of the model, below its outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .layer import Layer
from .network_map import map_network
from .op_layers import complete_history

if TYPE_CHECKING:
    from .nodes import Node


class AddLoss(Layer):
    """Adds its inputs to the losses.

    Args:
        unconditional: whether they depend on no inputs of the model.
        kwargs: as for every layer.
    """

    def __init__(self, unconditional: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unconditional = unconditional

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        # TF 1.15 says with a truth value whether there are inputs.
        self.add_loss(inputs, inputs=None if self.unconditional else inputs)
        return inputs

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "unconditional": self.unconditional}


def insert_loss(
    inputs: list[Any], levels: list[list[Node]], layers: list[Any], loss: Any
) -> tuple[list[list[Node]], list[Any]]:
    """A model's levels and layers, with those of a loss below.

    Args:
        inputs: of the model.
        levels: its nodes, the deepest first.
        layers: its layers.
        loss: a tensor that is computed from tensors of layers.
    """
    complete_history([loss])
    found = map_network(inputs, [loss])
    added = AddLoss(unconditional=False)
    added(loss)
    nodes = [*found.nodes, *added.inbound_nodes]
    more = [one for one in [*found.layers, added] if one not in layers]
    return _with_nodes(levels, nodes), layers + more


def _with_nodes(levels: list[list[Node]], nodes: list[Node]) -> list[list[Node]]:
    """Levels with further nodes, each below all those it needs."""
    depths = {
        node: len(levels) - 1 - i for i, level in enumerate(levels) for node in level
    }
    todo = list(nodes)
    while todo:
        node = todo.pop(0)
        needed = [
            one.layer._inbound_nodes[one.node_index] for one in node.dependencies()
        ]
        if any(one not in depths and one in nodes for one in needed):
            todo.append(node)
        else:
            own = min([0, *(depths[one] for one in needed if one in depths)]) - 1
            depths.setdefault(node, own)
    return [
        [node for node, its in depths.items() if its == depth]
        for depth in sorted(set(depths.values()), reverse=True)
    ]
