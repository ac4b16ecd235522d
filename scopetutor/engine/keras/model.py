"""`tf.keras.Model`: layers that are one layer, from tensors or by subclassing.

`Model(inputs, outputs)` is what lies between tensors (``network_map.py``); a subclass
says in `call` what it does with the layers among its attributes.  How it is trained is
in ``training.py``.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.shapes import TensorShape

from . import nodes
from .added_losses import insert_loss
from .calls import is_in_call
from .layer import Layer
from .network_map import map_network
from .op_layers import complete_history
from .summary import print_summary
from .training import Trained

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT = """
run_eagerly sample_weights save state_updates to_yaml
"""


class _Absent:
    """A name of TensorFlow's Model that says it is not here when it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, model: Any, owner: Any = None) -> Any:
        raise AttributeError(
            f"tf.keras.Model.{self._name} is in TensorFlow 1.15, not in scopetutor "
            "(see `scopetutor coverage tf.keras.Model`)",
            name=self._name,
        )


class Model(Trained, Layer):
    """Layers that are called as one.

    Attributes:
        inputs, outputs: its tensors, if they are known.
        input_names, output_names: of the layers they belong to, of a functional model.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        object.__setattr__(self, "_is_graph_network", False)
        functional = len(args) == 2 or (
            "outputs" in kwargs and (len(args) == 1 or "inputs" in kwargs)
        )
        if functional:
            self._init_graph_network(*args, **kwargs)
        else:
            self._init_base(**kwargs)
            self.inputs: Any = []
            self.outputs: Any = []

    def _init_base(self, name: Any = None, **kwargs: Any) -> None:
        for key in kwargs:
            if key not in ("trainable", "dtype", "dynamic", "autocast"):
                raise TypeError("Keyword argument not understood:", key)
        super().__init__(name=name, **kwargs)
        self._inbound_nodes = []
        self._outbound_nodes = []

    def _init_graph_network(
        self, inputs: Any, outputs: Any, name: Any = None, **kwargs: Any
    ) -> None:
        """Makes it what lies between some tensors."""
        for key in kwargs:
            if key != "trainable":
                raise TypeError(
                    "Functional models may only specify `name` and `trainable` keyword "
                    "arguments during initialization. Got an unexpected argument:",
                    key,
                )
        self._nested_inputs = _single(inputs)
        self._nested_outputs = _single(outputs)
        self.inputs = nest.flatten(inputs)
        self.outputs = nest.flatten(outputs)
        if not nodes.complete(self.outputs):
            complete_history(self.outputs)
        self._init_base(name, **kwargs)
        self._check_ends()
        self.built = True
        self._levels, self._layers, _ = map_network(self.inputs, self.outputs)
        self._is_graph_network = True
        nodes.Node(self, self._nested_inputs, self._nested_outputs, source=True)
        self.input_names = [x._keras_history.layer.name for x in self.inputs]
        self.output_names = _unique([x._keras_history.layer.name for x in self.outputs])

    def _check_ends(self) -> None:
        """ValueError unless inputs and outputs are tensors of layers."""
        kind = type(self).__name__
        if len({id(x) for x in self.inputs}) != len(self.inputs):
            raise ValueError(
                "The list of inputs passed to the model is redundant. All inputs should"
                f" only appear once. Found: {self.inputs}"
            )
        for x in self.inputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    f"Input tensors to a {kind} must come from `tf.keras.Input`. "
                    f"Received: {x} (missing previous layer metadata)."
                )
        for x in self.outputs:
            if not hasattr(x, "_keras_history"):
                raise ValueError(
                    f"Output tensors to a {kind} must be the output of a TensorFlow "
                    f"`Layer` (thus holding past layer metadata). Found: {x}"
                )

    def __setattr__(self, name: str, value: Any) -> None:
        if "_is_graph_network" not in self.__dict__ and all(
            isinstance(one, Layer) for one in nest.flatten(value)
        ):
            raise RuntimeError(
                "It looks like you are subclassing `Model` and you forgot to call "
                "`super(YourClass, self).__init__()`. Always start with this line."
            )
        super().__setattr__(name, value)

    # -- its layers and weights ----------------------------------------------------

    def _nested_layers(self) -> list[Any]:
        if self._is_graph_network:
            return list(self._layers)
        return super()._nested_layers()

    @property
    def layers(self) -> list[Any]:
        """Its layers, in order."""
        return self._nested_layers()

    def get_layer(self, name: Any = None, index: int | None = None) -> Any:
        """The layer of a name or of a number.

        Raises:
            ValueError: there is none.
        """
        layers = self.layers
        if index is not None:
            if len(layers) <= index:
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(layers)} layers."
                )
            return layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}")

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        """What a checkpoint follows: its layers by number, and its attributes."""
        found: list[tuple[str, Any]] = []
        weighty = 0
        if self._is_graph_network or "_layers" in self.__dict__:
            for i, layer in enumerate(self.layers):
                if layer.weights:
                    found.append((f"layer_with_weights-{weighty}", layer))
                    weighty += 1
                found.append((f"layer-{i}", layer))
        found += super()._checkpoint_dependencies()
        compiled = self._compiled
        return (
            found if compiled is None else [*found, ("optimizer", compiled.optimizer)]
        )

    def _assert_weights_created(self) -> None:
        # TF 1.15: only of classes with a `build` of their own.
        if self._is_graph_network or self.built or "build" not in vars(type(self)):
            return
        raise ValueError(
            f"Weights for model {self.name} have not yet been created. Weights are "
            "created when the Model is first called on inputs or `build()` is called "
            "with an `input_shape`."
        )

    @property
    def weights(self) -> list[Any]:
        """All its weights: those of its layers, then its own."""
        self._assert_weights_created()
        own = self._own_variables(True) + self._own_variables(False)
        return self._of_nested("weights") + own

    @property
    def trainable_weights(self) -> list[Any]:
        """The weights that optimizers change."""
        self._assert_weights_created()
        if not self.trainable:
            return []
        return self._of_nested("trainable_weights") + self._own_variables(True)

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that optimizers leave alone."""
        self._assert_weights_created()
        fixed = self._of_nested("non_trainable_weights") + self._own_variables(False)
        if self.trainable:
            return fixed
        trained = self._of_nested("trainable_weights") + self._own_variables(True)
        return trained + fixed

    # -- being built and called ----------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Makes the weights for a shape of inputs, or a list of shapes.

        Raises:
            ValueError: it is no shape, or `call` needs more than inputs.
        """
        if self._is_graph_network:
            self.built = True
            return
        if input_shape is None:
            raise ValueError(
                "Input shape must be defined when calling build on a model subclass "
                "network."
            )
        if not isinstance(input_shape, (tuple, list, TensorShape)):
            raise ValueError(
                "Specified input shape is not one of the valid types. Please specify a "
                "batch input shape of type tuple or list of input shapes. User provided"
                f" input type: {type(input_shape)}"
            )
        if input_shape and not self.inputs:
            self._call_on_placeholders(input_shape)
        self.built = True

    _default_build: Callable[..., Any] = build

    def _call_on_placeholders(self, input_shape: Any) -> None:
        if isinstance(input_shape, list):
            x: Any = [placeholder("float32", shape=one) for one in input_shape]
        else:
            x = placeholder("float32", shape=input_shape)
        arguments = _arguments_for_building(self.call)
        try:
            self.call(x, **arguments)
        except (InvalidArgumentError, TypeError):
            raise ValueError(
                "You cannot build your model by calling `build` if your layers do not "
                "support float type inputs. Instead, in order to instantiate and build "
                "your model, `call` your model on real tensor data (of the correct "
                "dtype)."
            ) from None

    def _maybe_build(self, inputs: Any) -> None:
        if type(self).build is not type(self)._default_build:
            super()._maybe_build(inputs)
        self.built = True

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls its layers, in its name scope; the first tensors become its inputs."""
        outputs = super().__call__(inputs, *args, **kwargs)
        if not self.inputs and not defaults.state.eager:
            self.inputs = nest.flatten(inputs)
            self.outputs = nest.flatten(outputs)
        return outputs

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """What its layers make of some inputs."""
        if not self._is_graph_network:
            raise NotImplementedError(
                "When subclassing the `Model` class, you should implement a `call` "
                "method."
            )
        flat = nest.flatten(inputs)
        masks = [None] * len(flat) if mask is None else nest.flatten(mask)
        for tensor, one in zip(flat, masks, strict=False):
            tensor._keras_mask = one
        known = {id(x): y for x, y in zip(self.inputs, flat, strict=False)}
        for node in (node for level in self._levels[1:] for node in level):
            _call_again(node, known, training)
        outputs = [known[id(x)] for x in self.outputs]
        return nest.pack_sequence_as(self._nested_outputs, outputs)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds tensors, or functions that make them, to the model's losses.

        Args:
            losses: one or several.
            inputs: what they depend on; None: on the weights only.
        """
        if not self._is_graph_network or is_in_call():
            super().add_loss(losses, inputs)
            return
        for loss in nest.flatten(losses):
            if is_tensor(loss):
                self._levels, self._layers = insert_loss(
                    self.inputs, self._levels, self._layers, loss
                )
            else:
                super().add_loss(loss, inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs for a shape of inputs, or a list of shapes.

        Raises:
            ValueError: there are more or fewer shapes than inputs.
        """
        if not self._is_graph_network:
            return super().compute_output_shape(input_shape)
        given = input_shape if isinstance(input_shape, list) else [input_shape]
        if len(given) != len(self.inputs):
            raise ValueError(
                f"Invalid input_shape argument {input_shape}: model has "
                f"{len(self.inputs)} tensor inputs."
            )
        known = {
            id(x): TensorShape(one) for x, one in zip(self.inputs, given, strict=True)
        }
        for node in (node for level in self._levels[1:] for node in level):
            shapes = nest.map_structure(lambda x: known[id(x)], node.input_tensors)
            found = node.outbound_layer.compute_output_shape(shapes)
            made = nest.flatten(node.output_tensors)
            for x, one in zip(made, _shapes_in(found), strict=False):
                known[id(x)] = TensorShape(one)
        return nest.map_structure(lambda x: known[id(x)], self._nested_outputs)

    def _set_masks(self, inputs: Any, outputs: Any, mask: Any) -> None:
        """Nothing: the masks of the outputs are those its layers gave them."""

    def reset_states(self) -> None:
        """Makes the states that its layers keep from batch to batch zeros."""
        for layer in self.layers:
            if hasattr(layer, "reset_states") and layer.stateful:
                layer.reset_states()

    def summary(
        self,
        line_length: int | None = None,
        positions: Any = None,
        print_fn: Callable[[str], Any] | None = None,
    ) -> None:
        """Prints its layers, their shapes and numbers of parameters.

        Raises:
            ValueError: it is not built.
        """
        if not self.built:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling "
                "`build()` or calling `fit()` with some data, or specify an "
                "`input_shape` argument in the first layer(s) for automatic build."
            )
        print_summary(self, line_length, positions, print_fn)

    def save_weights(
        self, filepath: str, overwrite: bool = True, save_format: str | None = None
    ) -> None:
        """Writes its weights, and its optimizer's, as a checkpoint.

        Args:
            filepath: the prefix of the files.
            overwrite: whether files of this name are replaced.
            save_format: "tf"; HDF5 is not in scopetutor.

        Raises:
            FileExistsError: the files are there, and are not to be replaced.
            NotImplementedError: HDF5 is wanted.
            ValueError: there is no such format, or no weights yet.
        """
        self._assert_weights_created()
        saving().save_weights(self, filepath, overwrite, save_format)

    def load_weights(self, filepath: str, by_name: bool = False) -> Any:
        """Gives its weights the values of a checkpoint.

        Args:
            filepath: the prefix of the files.
            by_name: only False, but for HDF5, which is not in scopetutor.

        Returns:
            What tells how much of the checkpoint was used.

        Raises:
            NotFoundError: there are no such files.
            NotImplementedError: it is an HDF5 file.
        """
        return saving().load_weights(self, filepath, by_name)

    def get_config(self) -> dict[str, Any]:
        """A functional model as plain data.

        Raises:
            NotImplementedError: it is another one.
        """
        if not self._is_graph_network:
            raise NotImplementedError
        found: dict[str, Any] = configuring().network_config(self)
        return found

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """A functional model of what `get_config` gave."""
        return configuring().network_from_config(cls, config, custom_objects)

    def to_json(self, **kwargs: Any) -> str:
        """The model as JSON."""
        found: str = configuring().to_json(self, **kwargs)
        return found


def saving() -> Any:
    """What writes and reads weights, which few programs do."""
    from . import saving as found  # noqa: PLC0415 - as above

    return found


def configuring() -> Any:
    """What makes data of models, which is built on them."""
    from . import configuring as found  # noqa: PLC0415 - a cycle

    return found


for _name in _ABSENT.split():
    setattr(Model, _name, _Absent(_name))


def _call_again(node: Any, known: dict[int, Any], training: Any) -> None:
    """Calls a node's layer on other tensors, if all of them are known."""
    inputs = nest.flatten(node.input_tensors)
    if not all(id(tensor) in known for tensor in inputs):
        return
    layer = node.outbound_layer
    arguments = dict(node.arguments)
    if "training" in inspect.getfullargspec(layer.call).args:
        arguments.setdefault("training", training)
    arguments = nest.map_structure(
        lambda one: known[id(one)] if hasattr(one, "_keras_history") else one,
        arguments,
    )
    given = [known[id(tensor)] for tensor in inputs]
    outputs = layer(nest.pack_sequence_as(node.input_tensors, given), **arguments)
    made = nest.flatten(outputs)
    for old, new in zip(nest.flatten(node.output_tensors), made, strict=False):
        known[id(old)] = new


def _arguments_for_building(call: Any) -> dict[str, Any]:
    """What `call` is told besides the inputs.

    Raises:
        ValueError: it needs something that only the program knows.
    """
    signature = inspect.getfullargspec(call)
    if len(signature.args) < 2:
        raise ValueError(
            "You can only call `build` on a model if its `call` method accepts an "
            "`inputs` argument."
        )
    needed = signature.args[2 : len(signature.args) - len(signature.defaults or ())]
    if any(name != "training" for name in needed):
        raise ValueError(
            "Currently, you cannot build your model if it has positional or keyword "
            "arguments that are not inputs to the model, but are required for its "
            "`call` method. Instead, in order to instantiate and build your model, "
            "`call` your model on real tensor data with all expected call arguments."
        )
    return dict.fromkeys(needed, False)


def _shapes_in(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]


def _single(tensors: Any) -> Any:
    """The tensor of a list of one."""
    if isinstance(tensors, list) and len(nest.flatten(tensors)) == 1:
        return tensors[0]
    return tensors


def _unique(names: list[str]) -> list[str]:
    """Names of which the repeated ones are numbered."""
    found: list[str] = []
    counts: dict[str, int] = {}
    for name in names:
        proposal = name
        while proposal in found:
            count = counts.get(name, 1)
            proposal = f"{name}_{count}"
            counts[name] = count + 1
        found.append(proposal)
    return found
