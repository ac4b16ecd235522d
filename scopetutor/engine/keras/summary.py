"""`model.summary()`: a table of a model's layers, shapes and numbers of parameters.

After ``model.py``, whose layers, nodes and weights it reads. TF 1.15: a chain of layers
gets three columns, other models a fourth that tells the connections.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = (65, (0.45, 0.85, 1.0))
_CONNECTED = (98, (0.33, 0.55, 0.67, 1.0))


def print_summary(
    model: Any,
    line_length: int | None = None,
    positions: Any = None,
    print_fn: Callable[[str], Any] | None = None,
) -> None:
    """Prints the table of a model.

    Args:
        model: one that is built.
        line_length: in characters; None: 65, or 98 if it tells the connections.
        positions: where columns end, as shares of the line or in characters.
        print_fn: takes each line; None: Python's `print`.
    """
    show = print_fn or builtins.print
    connected = not _is_chain(model)
    usual_length, usual_positions = _CONNECTED if connected else _PLAIN
    length = line_length or usual_length
    ends = positions or usual_positions
    if ends[-1] <= 1:
        ends = [int(length * share) for share in ends]
    titles = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
    show(f'Model: "{model.name}"')
    show("_" * length)
    show(_row(titles if connected else titles[:3], ends))
    show("=" * length)
    layers = model.layers
    for i, layer in enumerate(layers):
        for fields in _fields(model, layer, connected):
            show(_row(fields, ends))
        show(("=" if i == len(layers) - 1 else "_") * length)
    _show_totals(model, show)
    show("_" * length)


def _show_totals(model: Any, show: Callable[[str], Any]) -> None:
    trained = _count(model.trainable_weights)
    fixed = _count(model.non_trainable_weights)
    show(f"Total params: {trained + fixed:,}")
    show(f"Trainable params: {trained:,}")
    show(f"Non-trainable params: {fixed:,}")


def _count(weights: list[Any]) -> int:
    return sum(one.shape.num_elements() for one in {id(w): w for w in weights}.values())


def _is_chain(model: Any) -> bool:
    """Whether each layer is called once, on what the one before it gave."""
    if type(model).__name__ == "Sequential" or not model._is_graph_network:
        return True
    if any(len(level) > 1 or len(level[0].inbound) > 1 for level in model._levels):
        return False
    members = {node for level in model._levels for node in level}
    return all(
        sum(node in members for node in layer._inbound_nodes) <= 1
        for layer in model.layers
    )


def _fields(model: Any, layer: Any, connected: bool) -> list[list[Any]]:
    """The columns of a layer, in one line or several."""
    try:
        shape = layer.output_shape
    except AttributeError:
        shape = "multiple"
    first = [f"{layer.name} ({type(layer).__name__})", shape, layer.count_params()]
    if not connected:
        return [first]
    members = {node for level in model._levels for node in level}
    origins = [
        f"{one.layer.name}[{one.node_index}][{one.tensor_index}]"
        for node in layer._inbound_nodes
        if node in members
        for one in node.inbound
    ]
    rest = [["", "", "", origin] for origin in origins[1:]]
    return [[*first, *(origins[:1] or [""])], *rest]


def _row(fields: list[Any], ends: Any) -> str:
    line = ""
    for field, end in zip(fields, ends, strict=False):
        # TF 1.15: a space takes the place of the last character of the column before.
        line = (line[:-1] + " " if line else "") + str(field)
        line = line[:end].ljust(end)
    return line
