"""`tf.keras.Sequential`: layers one after the other.

If the first layer knows its input's shape, it is a functional model from the beginning
(``model.py``); otherwise its weights are made when it is first called.
"""

from __future__ import annotations

import copy
import inspect
from typing import Any

from scopetutor.engine import nest, tf_logging

from . import nodes
from .input_layer import Input, InputLayer
from .layer import Layer
from .model import Model


class Sequential(Model):
    """Layers of which each is called on what the one before it gave.

    Args:
        layers: a list of them.
        name: None: "sequential", made unique.
    """

    def __init__(self, layers: Any = None, name: Any = None) -> None:
        object.__setattr__(self, "_is_graph_network", False)
        self._layers: list[Any] = []
        super().__init__(name=name)
        self.supports_masking = True
        self._build_input_shape: Any = None
        for layer in nest.flatten(layers or []):
            self.add(layer)

    def _nested_layers(self) -> list[Any]:
        return list(self._layers)

    @property
    def layers(self) -> list[Any]:
        """Its layers, without that of its input."""
        if self._layers and isinstance(self._layers[0], InputLayer):
            return self._layers[1:]
        return list(self._layers)

    def add(self, layer: Any) -> None:
        """Puts a layer at the end.

        Raises:
            TypeError: it is no layer, or it gives several tensors.
        """
        history = getattr(layer, "_keras_history", None)
        if history is not None and isinstance(history.layer, InputLayer):
            layer = history.layer
        if not isinstance(layer, Layer):
            raise TypeError(
                f"The added layer must be an instance of class Layer. Found: {layer}"
            )
        self.built = False
        starts = not self._layers and self._start(layer)
        if not starts and self._layers and self.outputs:
            self.outputs = [_only(layer(self.outputs[0]), TypeError)]
        if self.outputs:
            self.built = True
        if starts or self._is_graph_network:
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
        else:
            self._layers.append(layer)

    def _start(self, layer: Any) -> bool:
        """Takes the inputs from a first layer, if it knows their shape."""
        if not isinstance(layer, InputLayer):
            shape, dtype = _input_of(layer)
            if not shape:
                return False
            layer(Input(batch_shape=shape, dtype=dtype, name=f"{layer.name}_input"))
        outputs = layer._inbound_nodes[-1].output_tensors
        self.outputs = [_only(outputs, ValueError)]
        self.inputs = nodes.sources(self.outputs[0])
        return True

    def pop(self) -> None:
        """Takes the last layer away.

        Raises:
            TypeError: there is none.
        """
        if not self.layers:
            raise TypeError("There are no layers in the model.")
        self._layers.pop()
        if not self.layers:
            self.outputs = self.inputs = None
            self.built = False
        elif self._is_graph_network:
            self.layers[-1]._outbound_nodes = []
            self.outputs = [self.layers[-1].output]
            self._init_graph_network(self.inputs, self.outputs, name=self.name)

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights for a shape of inputs.

        Raises:
            ValueError: none is given.
        """
        if self._is_graph_network:
            self._init_graph_network(self.inputs, self.outputs, name=self.name)
        else:
            if input_shape is None:
                raise ValueError("You must provide an `input_shape` argument.")
            self._build_input_shape = tuple(input_shape)
            super().build(self._build_input_shape)
        self.built = True

    _default_build = build

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """What its layers make of some inputs, one after the other."""
        if self._is_graph_network:
            return super().call(inputs, training=training, mask=mask)
        for layer in self.layers:
            names = inspect.getfullargspec(layer.call).args
            said = {"mask": mask, "training": training}
            inputs = layer(inputs, **{k: v for k, v in said.items() if k in names})
            mask = getattr(inputs, "_keras_mask", None)
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs for a shape of inputs."""
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def predict_proba(
        self, x: Any, batch_size: int | None = 32, verbose: int = 0
    ) -> Any:
        """As predict, and warns if these are no probabilities."""
        found = self.predict(x, batch_size, verbose)
        if found.min() < 0.0 or found.max() > 1.0:
            tf_logging.warning(
                "Network returning invalid probability values. The last layer might "
                "not normalize predictions into probabilities (like softmax or sigmoid "
                "would)."
            )
        return found

    def predict_classes(
        self, x: Any, batch_size: int | None = 32, verbose: int = 0
    ) -> Any:
        """The most likely class of each example."""
        found = self.predict(x, batch_size, verbose)
        if found.shape[-1] > 1:
            return found.argmax(axis=-1)
        return (found > 0.5).astype("int32")

    @property
    def input_spec(self) -> Any:
        """What its first layer asks of its inputs."""
        return self.layers[0].input_spec if self.layers else None

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        raise AttributeError("can't set attribute")

    def get_config(self) -> dict[str, Any]:
        """Its name, and its layers' classes and arguments."""
        layers = [
            {"class_name": type(layer).__name__, "config": layer.get_config()}
            for layer in self.layers
        ]
        first = self._layers[0] if self._layers else None
        if layers and isinstance(first, InputLayer):
            its: Any = layers[0]["config"]
            its.setdefault("batch_input_shape", first._batch_input_shape)
        config: dict[str, Any] = {"name": self.name, "layers": copy.deepcopy(layers)}
        if self._build_input_shape:
            config["build_input_shape"] = self._build_input_shape
        return config

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The model of what `get_config` gave, or of a list of layers as data."""
        from .deserializing import deserialize  # noqa: PLC0415 - a cycle

        data = config if "name" in config else {"layers": config}
        model = cls(name=data.get("name"))
        for one in data["layers"]:
            model.add(deserialize(one, custom_objects))
        if not model.inputs and data.get("build_input_shape"):
            model.build(data["build_input_shape"])
        return model


def _input_of(layer: Any) -> tuple[Any, Any]:
    """The shape and type that a layer, or a model's first one, was told of."""
    while isinstance(layer, Model) and (
        layer._is_graph_network or type(layer).__name__ == "Sequential"
    ):
        if not layer.layers:
            raise ValueError("An empty Model cannot be used as a Layer.")
        layer = layer.layers[0]
    shape = getattr(layer, "_batch_input_shape", None)
    return (shape, layer.dtype) if shape is not None else (None, None)


def _only(tensors: Any, error: type[Exception]) -> Any:
    flat = nest.flatten(tensors)
    if len(flat) != 1:
        raise error(
            "All layers in a Sequential model should have a single output tensor. For "
            "multi-output layers, use the functional API."
        )
    return flat[0]
