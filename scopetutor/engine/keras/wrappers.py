"""`tf.keras.layers.TimeDistributed`, `Bidirectional`: layers around a layer.

After recurrent.py and layer.py. TF 1.15: `Bidirectional` makes a second layer of the
first one's config, and calls them forward_… and backward_….
"""

from __future__ import annotations

import copy
from typing import Any

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.padding import reverse
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope

from . import lookup
from .arguments import takes
from .backend_shaping import concatenate
from .input_spec import InputSpec
from .layer import Layer
from .nodes import int_shape
from .recurrent import all_of_keras, standardized
from .unrolling import rnn

_OWN_PACKAGE = __package__


class Wrapper(Layer):
    """A layer around another one.

    Args:
        layer: that one.
        kwargs: as for every layer.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        assert isinstance(layer, Layer)
        self.layer = layer
        super().__init__(**kwargs)

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of the layer inside."""
        if not self.layer.built:
            self.layer.build(input_shape)
        self.built = True

    @property  # type: ignore[misc]  # TF 1.15: it cannot be set
    def activity_regularizer(self) -> Any:
        """That of the layer inside."""
        return getattr(self.layer, "activity_regularizer", None)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "layer": lookup.serialize(self.layer)}

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The layer of what `get_config` gave."""
        from .deserializing import deserialize  # noqa: PLC0415 - a cycle

        layer = deserialize(config.pop("layer"), custom_objects)
        return cls(layer, **config)


# -- for each moment -------------------------------------------------------------------


class TimeDistributed(Wrapper):
    """A layer that is called on each moment of [batch, time, ...].

    Args:
        layer: what is called.
        kwargs: as for every layer.

    Raises:
        ValueError: it is no layer.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `TimeDistributed` layer with a `Layer` instance. "
                f"You passed: {layer}"
            )
        super().__init__(layer, **kwargs)
        self.supports_masking = True
        # TF 1.15: layers of keras see all moments as one large batch; others, if the
        # size of the batch is known, are called in a loop.
        self._always_use_reshape = _is_of_keras(layer) and not layer.stateful
        self._reshaped: dict[int, Any] = {}

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of the layer inside, for one moment.

        Raises:
            ValueError: there is no axis of time.
        """
        sizes = TensorShape(input_shape).as_list()
        if len(sizes) < 3:
            raise ValueError(
                "`TimeDistributed` Layer should be passed an `input_shape ` with at "
                f"least 3 dimensions, received: {sizes}"
            )
        self.input_spec = InputSpec(shape=[None, None, *sizes[2:]])
        super().build((sizes[0], *sizes[2:]))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for a shape of inputs."""
        batch, time, *sizes = TensorShape(input_shape).as_list()
        inside = self.layer.compute_output_shape(TensorShape([batch, *sizes]))
        found = TensorShape(inside).as_list()
        return TensorShape([found[0], time, *found[1:]])

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """What the layer makes of each moment."""
        said: dict[str, Any] = {}
        if takes(self.layer.call, "training"):
            said["training"] = training
        shape = inputs.shape.as_list()
        if shape[0] and not self._always_use_reshape:
            _, outputs, _ = rnn(
                lambda x, _: (self.layer(x, **said), []),
                inputs,
                initial_states=[],
                input_length=shape[1],
            )
            return outputs
        time = shape[1] or array.shape(inputs)[1]
        flat = reshape(inputs, _sizes((-1,), inputs, 2))
        self._reshaped[id(inputs)] = flat
        if takes(self.layer.call, "mask") and mask is not None:
            said["mask"] = reshape(mask, _sizes((-1,), mask, 2))
        y = self.layer(flat, **said)
        known = self.compute_output_shape(shape).as_list()
        return reshape(y, _sizes((-1, time), y, 1, known[2:]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask that the layer inside makes, for each moment."""
        shape = inputs.shape.as_list()
        if shape[0]:
            return mask
        inner = mask
        if inner is not None:
            inner = reshape(mask, _sizes((-1,), mask, 2))
        flat = self._reshaped.get(id(inputs), inputs)
        found = self.layer.compute_mask(flat, inner)
        if found is None:
            for _ in range(2, 0 if mask is None else mask.shape.ndims):
                mask = math.reduce_any(math.cast(mask, "bool"), axis=-1)
            return mask
        time = shape[1] or array.shape(inputs)[1]
        return reshape(found, _sizes((-1, time), found, 1))


def _is_of_keras(layer: Any) -> bool:
    return any(
        kind.__module__.startswith(_OWN_PACKAGE) and issubclass(kind, Layer)
        for kind in type(layer).__mro__
        if kind is not Layer
    )


def _sizes(begin: Any, tensor: Any, start: int, known: Any = None) -> tuple[Any, ...]:
    """Some sizes, and those of a tensor from an axis on; unknown ones as tensors."""
    sizes = list(known or tensor.shape.as_list()[start:])
    if not all(sizes):
        shape = array.shape(tensor)
        sizes = [size or shape[start + i] for i, size in enumerate(sizes)]
    return (*begin, *sizes)


# -- in both directions ----------------------------------------------------------------

_MERGE_MODES = ("sum", "mul", "ave", "concat", None)
_MIXED = (
    "The initial state of a Bidirectional layer cannot be specified with a mix of Keras"
    ' tensors and non-Keras tensors (a "Keras tensor" is a tensor that was returned by '
    "a Keras layer, or by `Input`)"
)


class Bidirectional(Wrapper):
    """A recurrent layer, and another like it that begins at the end.

    Args:
        layer: the recurrent layer; two are made of its configuration.
        merge_mode: what is done with both outputs: "sum", "mul", "ave", "concat" or
            None: nothing.
        weights: kept for TensorFlow's sake, which does not look at them either.
        backward_layer: that of the other direction, instead of one like `layer`.
        kwargs: as for every layer.

    Raises:
        ValueError: a layer is none, both have one direction, or the mode is unknown.
    """

    def __init__(
        self,
        layer: Any,
        merge_mode: Any = "concat",
        weights: Any = None,
        backward_layer: Any = None,
        **kwargs: Any,
    ) -> None:
        _check_layers(layer, backward_layer)
        if merge_mode not in _MERGE_MODES:
            raise ValueError(
                "Invalid merge mode. Merge mode should be one of "
                '{"sum", "mul", "ave", "concat", None}'
            )
        self.forward_layer = _again(layer)
        if backward_layer is None:
            backward_layer = _again(layer, go_backwards=True)
        self.backward_layer = backward_layer
        for one, direction in (
            (self.forward_layer, "forward"),
            (self.backward_layer, "backward"),
        ):
            one._name = f"{direction}_{one.name}"
        _check_directions(self.forward_layer, self.backward_layer)
        for one in (self.forward_layer, self.backward_layer):
            if getattr(one, "zero_output_for_mask", None) is not None:
                one.zero_output_for_mask = one.return_sequences
        super().__init__(layer, **kwargs)
        self.merge_mode = merge_mode
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self._num_constants = 0
        self.input_spec = layer.input_spec

    def _nested_layers(self) -> list[Any]:
        """The two that are called; the one they were made of has no weights."""
        return [self.forward_layer, self.backward_layer]

    def build(self, input_shape: Any = None) -> None:
        """Makes the weights of both directions."""
        for one in self._nested_layers():
            with name_scope(one.name):
                one.build(input_shape)
        self.built = True

    def reset_states(self) -> None:
        """Makes the kept states of both directions zeros."""
        for one in self._nested_layers():
            one.reset_states()

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs, and those of the states if they are given."""
        found = self.forward_layer.compute_output_shape(input_shape)
        states: Any = []
        if self.return_state:
            found, *states = found
        sizes = TensorShape(found).as_list()
        if self.merge_mode == "concat":
            sizes[-1] *= 2
        merged: Any = TensorShape(sizes)
        if self.merge_mode is None:
            merged = [merged, copy.copy(merged)]
        if not self.return_state:
            return merged
        first = merged if isinstance(merged, list) else [merged]
        return first + states + states

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The inputs' mask if all outputs are given."""
        if isinstance(mask, list):
            mask = mask[0]
        found = mask if self.return_sequences else None
        found = found if self.merge_mode else [found, found]
        if not self.return_state:
            return found
        states = [None for _ in self.forward_layer.states]
        return [*(found if isinstance(found, list) else [found]), *states, *states]

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        constants: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Calls both, from some states and with some constants.

        Raises:
            ValueError: the states are not those of two layers, or only some come from
                layers.
        """
        inputs, initial_state, constants = standardized(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more, specs = self._additional(initial_state, constants)
        if not all_of_keras(more, _MIXED):
            said = {"initial_state": initial_state, "constants": constants}
            kwargs |= {name: one for name, one in said.items() if one is not None}
            return super().__call__(inputs, **kwargs)
        before = self.input_spec
        self.input_spec = [None, *specs]
        kwargs |= {"initial_state": None, "constants": None}
        outputs = super().__call__([inputs, *more], **kwargs)
        self.input_spec = before
        return outputs

    def _additional(self, initial_state: Any, constants: Any) -> tuple[Any, Any]:
        """States and constants in a list, and what is known of their shapes."""
        specs = [InputSpec(shape=int_shape(one)) for one in initial_state or ()]
        if len(specs) % 2:
            raise ValueError(
                "When passing `initial_state` to a Bidirectional RNN, the state should "
                "be a list containing the states of the underlying RNNs. Found: "
                f"{initial_state}"
            )
        half = len(specs) // 2
        if initial_state is not None:
            self.forward_layer.state_spec = specs[:half]
            self.backward_layer.state_spec = specs[half:]
        if constants is None:
            return list(initial_state), specs
        others = [InputSpec(shape=int_shape(one)) for one in constants]
        self._num_constants = len(constants)
        for one in self._nested_layers():
            one.constants_spec = others
            one._num_constants = len(constants)
        return [*(initial_state or ()), *constants], specs + others

    def call(
        self,
        inputs: Any,
        training: Any = None,
        mask: Any = None,
        initial_state: Any = None,
        constants: Any = None,
    ) -> Any:
        """Both outputs, merged, and the states if they are wanted."""
        given = {"training": training, "mask": mask, "constants": constants}
        said = {k: v for k, v in given.items() if takes(self.layer.call, k)}
        each: list[dict[str, Any]] = [{}, {}]
        parts = [inputs, inputs]
        if takes(self.layer.call, "initial_state"):
            states: list[Any] = [None, None]
            if isinstance(inputs, list) and len(inputs) > 1:
                parts = self._split(inputs)
                if "constants" in said:
                    said["constants"] = None
            elif initial_state is not None:
                half = len(initial_state) // 2
                states = [initial_state[:half], initial_state[half:]]
            each = [{"initial_state": one} for one in states]
        y, y_back = [
            layer(part, **more, **said)
            for layer, part, more in zip(
                self._nested_layers(), parts, each, strict=True
            )
        ]
        return self._merged(y, y_back)

    def _split(self, inputs: list[Any]) -> list[Any]:
        """The inputs, states and constants of each direction, of one list."""
        count = self._num_constants
        pivot = (len(inputs) - count) // 2 + 1
        end = len(inputs) - count
        constants = inputs[end:]
        first, before, after = inputs[0], inputs[1:pivot], inputs[pivot:end]
        return [[first, *before, *constants], [first, *after, *constants]]

    def _merged(self, y: Any, y_back: Any) -> Any:
        states: Any = []
        if self.return_state:
            states = y[1:] + y_back[1:]
            y, y_back = y[0], y_back[0]
        if self.return_sequences:
            y_back = reverse(y_back, [1])
        if self.merge_mode is None:
            return [y, y_back, *states]
        if self.merge_mode == "concat":
            output = concatenate([y, y_back])
        elif self.merge_mode == "mul":
            output = y * y_back
        else:
            output = y + y_back
            if self.merge_mode == "ave":
                output = output / 2
        return [output, *states] if self.return_state else output

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = super().get_config() | {"merge_mode": self.merge_mode}
        if self._num_constants:
            config["num_constants"] = self._num_constants
        return config

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The layer of what `get_config` gave."""
        count = config.pop("num_constants", 0)
        layer = super().from_config(config, custom_objects)
        layer._num_constants = count
        return layer


def _check_layers(layer: Any, backward_layer: Any) -> None:
    """ValueError unless they are layers."""
    if not isinstance(layer, Layer):
        raise ValueError(
            "Please initialize `Bidirectional` layer with a `Layer` instance. You "
            f"passed: {layer}"
        )
    if backward_layer is not None and not isinstance(backward_layer, Layer):
        raise ValueError(
            "`backward_layer` need to be a `Layer` instance. You passed: "
            f"{backward_layer}"
        )


def _check_directions(forward: Any, backward: Any) -> None:
    """ValueError unless two layers differ in their direction, and in nothing else."""
    if forward.go_backwards == backward.go_backwards:
        raise ValueError(
            "Forward layer and backward layer should have different `go_backwards` "
            "value."
        )
    for name in ("stateful", "return_sequences", "return_state"):
        one, other = getattr(forward, name), getattr(backward, name)
        if one != other:
            raise ValueError(
                "Forward layer and backward layer are expected to have the same value "
                f"for attribute {name}, got {one} and {other}"
            )


def _again(layer: Any, *, go_backwards: bool = False) -> Any:
    """Another layer of the same configuration."""
    config = layer.get_config()
    if go_backwards:
        config["go_backwards"] = not config["go_backwards"]
    if not takes(type(layer).from_config, "custom_objects"):
        return type(layer).from_config(config)
    cell = getattr(layer, "cell", None)
    cells = [] if cell is None else [cell, *getattr(cell, "cells", [])]
    own = {type(one).__name__: type(one) for one in cells}
    return type(layer).from_config(config, custom_objects=own)
