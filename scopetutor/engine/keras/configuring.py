"""Models as plain data and back: `to_json`, `model_from_json`, `clone_model`.

After model.py. The data name each layer with its arguments, and for each of its calls
the layers, calls and outputs that it was called on.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import nest, tf_logging
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.dtypes import DType
from scopetutor.engine.shapes import Dimension, TensorShape

from . import backend
from .deserializing import deserialize
from .input_layer import Input, InputLayer
from .model import Model
from .sequential import Sequential

if TYPE_CHECKING:
    from collections.abc import Callable

KERAS_VERSION = "2.2.4-tf"


# -- to data ---------------------------------------------------------------------------


def network_config(model: Any) -> dict[str, Any]:
    """A functional model as data: its layers, their calls, its inputs and outputs."""
    members = {node for level in model._levels for node in level}
    numbers = _call_numbers(model.layers, members)
    layers = [
        {
            "name": layer.name,
            "class_name": type(layer).__name__,
            "config": layer.get_config(),
            "inbound_nodes": [
                _call_data(layer, node, numbers)
                for node in layer._inbound_nodes
                if node in members and node.inbound
            ],
        }
        for layer in model.layers
    ]

    def place(tensor: Any) -> Any:
        layer, index, number = tensor._keras_history
        return _Together([layer.name, numbers[layer._inbound_nodes[index]], number])

    inputs = nest.map_structure(place, model._nested_inputs)
    outputs = nest.map_structure(place, model._nested_outputs)
    return copy.deepcopy(
        {
            "name": model.name,
            "layers": layers,
            "input_layers": _listed(inputs),
            "output_layers": _listed(outputs),
        }
    )


class _Together:
    """A list that structures do not look into."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items


def _listed(structure: Any) -> Any:
    """A structure of lists of parts, as plain lists."""
    found = structure if nest.is_sequence(structure) else [structure]
    return nest.map_structure(lambda one: one.items, found)


def _call_numbers(layers: list[Any], members: set[Any]) -> dict[Any, int]:
    """The number that each call has, if only those of a model are counted.

    TF 1.15: the first call of a model inside a model is the one that made it.
    """
    numbers = {}
    for layer in layers:
        count = 1 if getattr(layer, "_is_graph_network", False) else 0
        for node in layer._inbound_nodes:
            if node in members:
                numbers[node] = count
                count += 1
    return numbers


def _call_data(layer: Any, node: Any, numbers: dict[Any, int]) -> Any:
    arguments = nest.map_structure(_argument_data, node.arguments)
    try:
        json.dumps(arguments)
    except TypeError:
        tf_logging.warning(
            f"Layer {layer.name} was passed non-serializable keyword arguments: "
            f"{node.arguments}. They will not be included in the serialized model (and "
            "thus will be missing at deserialization time)."
        )
        arguments = {}
    data = [
        _Together(
            [
                one.layer.name,
                numbers.get(one.layer._inbound_nodes[one.node_index], 0),
                one.tensor_index,
                arguments,
            ]
        )
        for one in node.inbound
    ]
    return _listed(nest.pack_sequence_as(node.input_tensors, data))


def _argument_data(value: Any) -> Any:
    if hasattr(value, "_keras_history"):
        layer, index, number = value._keras_history
        return [layer.name, index, number]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return backend.get_value(value).tolist() if is_tensor(value) else value


def to_json(model: Any, **kwargs: Any) -> str:
    """A model as JSON, with its class and the versions.

    Args:
        model: a functional model or a Sequential.
        kwargs: for Python's `json.dumps`.
    """
    data = {
        "class_name": type(model).__name__,
        "config": model.get_config(),
        "keras_version": KERAS_VERSION,
        "backend": "tensorflow",
    }
    return json.dumps(data, default=_plain, **kwargs)


_PLAIN: dict[type, Callable[[Any], Any]] = {
    np.ndarray: lambda value: value.tolist(),
    np.generic: lambda value: value.item(),
    Dimension: lambda value: value.value,
    TensorShape: lambda value: value.as_list(),
    DType: lambda value: value.name,
    Mapping: dict,
}


def _plain(value: Any) -> Any:
    """What JSON can hold, of something that it cannot."""
    if hasattr(value, "get_config"):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    for kind, make in _PLAIN.items():
        if isinstance(value, kind):
            return make(value)
    if callable(value):
        return value.__name__
    raise TypeError("Not JSON Serializable:", value)


# -- from data -------------------------------------------------------------------------


def network_from_config(kind: Any, config: Any, custom_objects: Any) -> Any:
    """A functional model of what `network_config` gave."""
    layers = {
        data["name"]: deserialize(data, custom_objects) for data in config["layers"]
    }
    waiting = {
        data["name"]: list(data["inbound_nodes"])
        for data in config["layers"]
        if data["inbound_nodes"]
    }
    while waiting:
        before = sum(map(len, waiting.values()))
        for data in config["layers"]:
            calls = waiting.pop(data["name"], [])
            left = [one for one in calls if not _call(layers, data["name"], one)]
            if left:
                waiting[data["name"]] = left
        if sum(map(len, waiting.values())) == before:
            raise ValueError("Improperly formatted model config.")

    def tensor(place: Any) -> Any:
        return _tensor(layers, place)

    inputs = [tensor(place) for place in config["input_layers"]]
    outputs = [tensor(place) for place in config["output_layers"]]
    return kind(inputs=inputs, outputs=outputs, name=config.get("name"))


def _tensor(layers: dict[str, Any], place: Any) -> Any:
    """The output of a call of a layer; None if there is no such call yet."""
    name, index, number = place[:3]
    calls = layers[name]._inbound_nodes
    if len(calls) <= index:
        return None
    return nest.flatten(calls[index].output_tensors)[number]


def _call(layers: dict[str, Any], name: str, data: Any) -> bool:
    """Calls a layer as it was called; False if it cannot be called yet."""
    tensors = [_tensor(layers, place) for place in data]
    if any(one is None for one in tensors):
        return False
    arguments = {
        key: _argument(layers, value) for key, value in (data[0][3:] or [{}])[0].items()
    }
    layers[name](tensors[0] if len(tensors) == 1 else tensors, **arguments)
    return True


def _argument(layers: dict[str, Any], value: Any) -> Any:
    is_place = isinstance(value, list) and len(value) == 3 and value[0] in layers
    return _tensor(layers, value) if is_place else value


def model_from_config(config: Any, custom_objects: Any = None) -> Any:
    """A model of {"class_name": ..., "config": ...}.

    Raises:
        TypeError: it is the data of a Sequential model alone.
    """
    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to "
            "use `Sequential.from_config(config)`?"
        )
    return deserialize(config, custom_objects)


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """A model of what `to_json` gave."""
    return deserialize(json.loads(json_string), custom_objects)


# -- again -----------------------------------------------------------------------------


def clone_model(
    model: Any, input_tensors: Any = None, clone_function: Any = None
) -> Any:
    """Another model with layers of the same arguments, and weights of its own.

    Args:
        model: a functional model or a Sequential.
        input_tensors: what it begins with; None: inputs of its own.
        clone_function: makes a layer of a layer; None: another like it.

    Raises:
        ValueError: it is another model, or the function is none.
    """
    make = clone_function or (lambda layer: type(layer).from_config(layer.get_config()))
    if not callable(make):
        raise ValueError("Expected `layer_fn` argument to be a callable.")
    if isinstance(model, Sequential):
        return _sequential_clone(model, input_tensors, make)
    if not getattr(model, "_is_graph_network", False):
        raise ValueError(
            "Expected `model` argument to be a functional `Model` instance, but got a "
            "subclass model instead."
        )
    return _functional_clone(model, input_tensors, make)


def _sequential_clone(model: Any, input_tensors: Any, make: Any) -> Any:
    layers = [
        type(one).from_config(one.get_config())
        if isinstance(one, InputLayer)
        else make(one)
        for one in model._layers
        if input_tensors is None or not isinstance(one, InputLayer)
    ]
    if input_tensors is not None:
        given = input_tensors
        first = given[0] if isinstance(given, (list, tuple)) else given
        layers.insert(0, _input(first, str(first.name))._keras_history.layer)
    return type(model)(layers=layers, name=model.name)


def _input(tensor: Any, name: str) -> Any:
    """The tensor, as an input of a model."""
    if hasattr(tensor, "_keras_history"):
        return tensor
    return Input(tensor=tensor, name=f"input_wrapper_for_{name}")


def _functional_clone(model: Any, input_tensors: Any, make: Any) -> Any:
    own = [x._keras_history.layer for x in model.inputs]
    if input_tensors is None:
        inputs = [Input(**layer.get_config()) for layer in own]
    else:
        given = nest.flatten(input_tensors)
        inputs = [_input(x, layer.name) for x, layer in zip(given, own, strict=True)]
    layers = {
        layer: x._keras_history.layer for layer, x in zip(own, inputs, strict=True)
    }
    known = {id(x): y for x, y in zip(model.inputs, inputs, strict=True)}
    for node in (node for level in model._levels for node in level):
        layer = node.outbound_layer
        if layer not in layers:
            layers[layer] = make(layer)
        if layer in own or not all(
            id(x) in known for x in nest.flatten(node.input_tensors)
        ):
            continue
        tensors = nest.map_structure(lambda x: known[id(x)], node.input_tensors)
        made = layers[layer](tensors, **node.arguments)
        for x, y in zip(
            nest.flatten(node.output_tensors), nest.flatten(made), strict=True
        ):
            known[id(x)] = y
    outputs = [known[id(x)] for x in model.outputs]
    return Model(
        nest.pack_sequence_as(model._nested_inputs, inputs),
        nest.pack_sequence_as(model._nested_outputs, outputs),
        name=model.name,
    )
