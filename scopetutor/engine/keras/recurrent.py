"""`tf.keras.layers.RNN`: a cell repeated along time.

After the cells and unrolling.py, before recurrent_layers.py. A layer with `stateful`
keeps its states in variables from batch to batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import nest
from scopetutor.engine.ops import array
from scopetutor.engine.ops.state import assign
from scopetutor.engine.shapes import TensorShape, as_shape

from . import assignments, lookup
from .arguments import takes
from .backend_tensors import zeros
from .input_spec import InputSpec
from .layer import Layer
from .nodes import int_shape
from .recurrent_cells import zero_state
from .stacked_cells import StackedRNNCells, output_size_of, state_sizes_of
from .unrolling import rnn

_NO_TIME = (
    "Cannot unroll a RNN if the time dimension is undefined. \n- If using a Sequential "
    "model, specify the time dimension by passing an `input_shape` or "
    "`batch_input_shape` argument to your first layer. If your first layer is an "
    "Embedding, you can also use the `input_length` argument.\n- If using the "
    "functional API, specify the time dimension by passing a `shape` or `batch_shape` "
    "argument to your Input layer."
)
_NO_BATCH = (
    "If a RNN is stateful, it needs to know its batch size. Specify the batch size of "
    "your input tensors: \n- If using a Sequential model, specify the batch size by "
    "passing a `batch_input_shape` argument to your first layer.\n- If using the "
    "functional API, specify the batch size by passing a `batch_shape` argument to "
    "your Input layer."
)
_MIXED = (
    "The initial state or constants of an RNN layer cannot be specified with a mix of "
    'Keras tensors and non-Keras tensors (a "Keras tensor" is a tensor that was '
    "returned by a Keras layer, or by `Input`)"
)


def standardized(
    inputs: Any, initial_state: Any, constants: Any, constant_count: int
) -> tuple[Any, Any, Any]:
    """Inputs, states and constants, from one list of them or from three arguments."""
    if isinstance(inputs, list):
        assert initial_state is None
        assert constants is None
        if constant_count:
            constants = inputs[-constant_count:]
            inputs = inputs[:-constant_count]
        if len(inputs) > 1:
            initial_state = inputs[1:]
        inputs = inputs[0]
    return inputs, _listed(initial_state), _listed(constants)


def _listed(given: Any) -> Any:
    if given is None or isinstance(given, list):
        return given
    return list(given) if isinstance(given, tuple) else [given]


def all_of_keras(tensors: list[Any], problem: str) -> bool:
    """Whether some tensors come from layers.

    Raises:
        ValueError: only some do.
    """
    found = {hasattr(one, "_keras_history") for one in nest.flatten(tensors)}
    if len(found) > 1:
        raise ValueError(problem)
    return found.pop()


class RNN(Layer):
    """A cell repeated along the time of its inputs [batch, time, ...].

    Args:
        cell: a cell, or a list of cells to be stacked.
        return_sequences: whether all outputs are given, and not only the last one.
        return_state: whether the last states are given, too.
        go_backwards: whether it begins at the end.
        stateful: whether a batch begins with the last states of the one before.
        unroll: whether each moment has operations of its own.
        time_major: whether inputs and outputs are [time, batch, ...].
        kwargs: as for every layer; `input_dim` and `input_length` instead of a shape.

    Raises:
        ValueError: the cell is none.
    """

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        time_major: bool = False,
        **kwargs: Any,
    ) -> None:
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "call"):
            raise ValueError(
                "`cell` should have a `call` method. The RNN was passed:", cell
            )
        if not hasattr(cell, "state_size"):
            raise ValueError(
                "The RNN cell should have an attribute `state_size` (tuple of "
                "integers, one integer per RNN state)."
            )
        self.zero_output_for_mask = kwargs.pop("zero_output_for_mask", False)
        if "input_shape" not in kwargs and kwargs.keys() & {
            "input_dim",
            "input_length",
        }:
            sizes = kwargs.pop("input_length", None), kwargs.pop("input_dim", None)
            kwargs["input_shape"] = sizes
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.time_major = time_major
        self.supports_masking = True
        self.state_spec: Any = None
        self._states: Any = None
        self.constants_spec: Any = None
        self._num_constants = 0

    # -- shapes and masks --------------------------------------------------------------

    @property
    def states(self) -> Any:
        """The states that are kept; None for each of a layer that keeps none."""
        if self._states is None:
            sizes = self.cell.state_size
            none = nest.map_structure(lambda _: None, sizes)
            return none if nest.is_sequence(sizes) else [none]
        return self._states

    @states.setter
    def states(self, states: Any) -> None:
        self._states = states

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs, and those of the states if they are given."""
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        batch, time = TensorShape(input_shape).as_list()[:2]
        if self.time_major:
            batch, time = time, batch
        before = [batch]
        if self.return_sequences:
            before = [time, batch] if self.time_major else [batch, time]

        def outputs(size: Any) -> TensorShape:
            return TensorShape([*before, *as_shape(size).as_list()])

        found = nest.map_structure(outputs, output_size_of(self.cell))
        flat = nest.flatten(found)
        if not self.return_state:
            return flat[0] if len(flat) == 1 else flat
        states = [
            TensorShape([batch, *as_shape(size).as_list()])
            for size in nest.flatten(state_sizes_of(self.cell))
        ]
        return [*flat, *states]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The inputs' mask if all outputs are given; none of the states."""
        found = nest.flatten(mask)[0] if self.return_sequences else None
        if self.return_state:
            return [found, *(None for _ in self.states)]
        return found

    def build(self, input_shape: Any) -> None:
        """Makes the cell's weights, and the variables of kept states."""
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        if _is_sizes(input_shape):
            input_shape = TensorShape(input_shape)
        specs = nest.map_structure(self._spec_of, input_shape)
        if self.input_spec is not None:
            self.input_spec[0] = specs
        else:
            self.input_spec = _listed(specs)
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build(nest.map_structure(self._shape_of_step, input_shape))
        sizes = state_sizes_of(self.cell)
        if self.state_spec is not None:
            _check_state_spec(sizes, self.state_spec)
        else:
            self.state_spec = [
                InputSpec(shape=[None, *as_shape(size).as_list()]) for size in sizes
            ]
        if self.stateful:
            self.reset_states()
        self.built = True

    def _spec_of(self, shape: Any) -> InputSpec:
        sizes = TensorShape(shape).as_list()
        batch, time = (1, 0) if self.time_major else (0, 1)
        if not self.stateful:
            sizes[batch] = None
        sizes[time] = None
        return InputSpec(shape=tuple(sizes))

    def _shape_of_step(self, shape: Any) -> tuple[Any, ...]:
        sizes = TensorShape(shape).as_list()
        return tuple(sizes[1:] if self.time_major else [sizes[0], *sizes[2:]])

    # -- being called ------------------------------------------------------------------

    def get_initial_state(self, inputs: Any) -> list[Any]:
        """The cell's first states for some inputs."""
        first = nest.flatten(inputs)[0]
        batch = array.shape(first)[1 if self.time_major else 0]
        if getattr(self.cell, "get_initial_state", None):
            found = self.cell.get_initial_state(
                inputs=None, batch_size=batch, dtype=first.dtype
            )
        else:
            found = zero_state(batch, self.cell.state_size, first.dtype)
        return list(found) if nest.is_sequence(found) else [found]

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        constants: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Repeats the cell, from some states and with some constants.

        Raises:
            ValueError: only some of them come from layers, or they do not fit.
        """
        inputs, initial_state, constants = standardized(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more, specs = self._additional(initial_state, constants)
        if all_of_keras(more, _MIXED):
            self.input_spec = [None] * len(nest.flatten(inputs)) + specs
            outputs = super().__call__([inputs, *more], **kwargs)
            self.input_spec = self.input_spec[: -len(specs)]
            return outputs
        if initial_state is not None:
            kwargs["initial_state"] = initial_state
        if constants is not None:
            kwargs["constants"] = constants
        return super().__call__(inputs, **kwargs)

    def _additional(self, initial_state: Any, constants: Any) -> tuple[Any, Any]:
        """States and constants in a list, and what is known of their shapes."""
        more, specs = [], []
        if initial_state is not None:
            more += initial_state
            self.state_spec = nest.map_structure(_shape_spec, initial_state)
            specs += self.state_spec
        if constants is not None:
            more += constants
            self.constants_spec = [_shape_spec(one) for one in constants]
            self._num_constants = len(constants)
            specs += self.constants_spec
        return more, specs

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: Any = None,
        initial_state: Any = None,
        constants: Any = None,
    ) -> Any:
        """The last outputs or all of them, and the states if they are wanted."""
        inputs, initial_state, constants = self._split(inputs, initial_state, constants)
        if mask is not None:
            mask = nest.flatten(mask)[0]
        shape = int_shape(nest.flatten(inputs)[0])
        if self.unroll and (
            shape is None or shape[0 if self.time_major else 1] is None
        ):
            raise ValueError(_NO_TIME)
        last, outputs, states = rnn(
            self._step(constants, training),
            inputs,
            initial_state,
            constants=constants,
            go_backwards=self.go_backwards,
            mask=mask,
            unroll=self.unroll,
            time_major=self.time_major,
            zero_output_for_mask=self.zero_output_for_mask,
        )
        if self.stateful:
            pairs = zip(nest.flatten(self.states), nest.flatten(states), strict=False)
            self.add_update([assign(kept, state) for kept, state in pairs])
        output = outputs if self.return_sequences else last
        if not self.return_state:
            return output
        return [*_listed(output), *_listed(states)]

    def _step(self, constants: Any, training: Any) -> Any:
        """The function that is repeated: one call of the cell."""
        cell, count = self.cell, self._num_constants
        more: dict[str, Any] = {}
        if takes(cell.call, "training"):
            more["training"] = training
        if constants and not takes(cell.call, "constants"):
            raise ValueError("RNN cell does not support constants")
        single = getattr(cell, "_is_tf_rnn_cell", None) is not None

        def step(inputs: Any, states: Any) -> Any:
            if constants:
                more["constants"] = states[-count:]
                states = states[:-count]
            if len(states) == 1 and single:
                states = states[0]
            output, new = cell.call(inputs, states, **more)
            return output, (new if nest.is_sequence(new) else [new])

        return step

    def _split(
        self, inputs: Any, initial_state: Any, constants: Any
    ) -> tuple[Any, Any, Any]:
        """Inputs, states and constants, if they came as one list."""
        if isinstance(inputs, list):
            count = self._num_constants
            initial_state = inputs[1:-count] if count else inputs[1:]
            constants = inputs[-count:] if count else constants
            initial_state = initial_state or None
            inputs = inputs[0]
        if initial_state is None:
            kept = self.states if self.stateful else None
            initial_state = self.get_initial_state(inputs) if kept is None else kept
        if len(initial_state) != len(self.states):
            raise ValueError(
                f"Layer has {len(self.states)} states but was passed "
                f"{len(initial_state)} initial states."
            )
        return inputs, initial_state, constants

    def reset_states(self, states: Any = None) -> None:
        """Gives the kept states values: zeros, or those that are given.

        Raises:
            AttributeError: the layer keeps no states.
            ValueError: the size of the batch is not known, or the values do not fit.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        shape = None if self.input_spec is None else self.input_spec[0].shape
        batch = None if shape is None else shape[1 if self.time_major else 0]
        if not batch:
            raise ValueError(_NO_BATCH)
        sizes = self.cell.state_size
        kept = nest.flatten(self.states)
        if kept[0] is None:
            made = nest.map_structure(
                lambda size: zeros([batch, *as_shape(size).as_list()]), sizes
            )
            self.states = made if nest.is_sequence(made) else [made]
        elif states is None:
            for state, size in zip(kept, nest.flatten(sizes), strict=True):
                value = np.zeros([batch, *as_shape(size).as_list()])
                assignments.assign([(state, value)])
        else:
            assignments.assign(self._fitting(kept, nest.flatten(states), batch))

    def _fitting(self, kept: Any, values: Any, batch: Any) -> list[tuple[Any, Any]]:
        if len(values) != len(kept):
            raise ValueError(
                f"Layer {self.name} expects {len(kept)} states, but it received "
                f"{len(values)} state values. Input received: {values}"
            )
        for i, (value, state) in enumerate(zip(values, kept, strict=True)):
            if value.shape != tuple(state.shape.as_list()):
                raise ValueError(
                    f"State {i} is incompatible with layer {self.name}: expected "
                    f"shape={(batch, state)}, found shape={value.shape}"
                )
        return list(zip(kept, values, strict=True))

    # -- configuration -----------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = super().get_config()
        for name in (
            "return_sequences",
            "return_state",
            "go_backwards",
            "stateful",
            "unroll",
            "time_major",
        ):
            config[name] = getattr(self, name)
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self.zero_output_for_mask:
            config["zero_output_for_mask"] = self.zero_output_for_mask
        config["cell"] = lookup.serialize(self.cell)
        return config

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        """The layer of what `get_config` gave."""
        from .deserializing import deserialize  # noqa: PLC0415 - a cycle

        cell = deserialize(config.pop("cell"), custom_objects)
        count = config.pop("num_constants", 0)
        layer = cls(cell, **config)
        layer._num_constants = count
        return layer


def _is_sizes(shape: Any) -> bool:
    """Whether something is the sizes of one shape, and no structure of shapes."""
    return isinstance(shape, tuple) and all(
        size is None or isinstance(size, int) for size in shape
    )


def _shape_spec(tensor: Any) -> InputSpec:
    return InputSpec(shape=int_shape(tensor))


def _check_state_spec(sizes: Any, specs: Any) -> None:
    """ValueError unless given states have the sizes of the cell's."""
    flat, given = nest.flatten(sizes), nest.flatten(specs)
    if len(flat) == len(given) and all(
        TensorShape(spec.shape[1:]).is_compatible_with(TensorShape(size))
        for spec, size in zip(given, flat, strict=True)
    ):
        return
    raise ValueError(
        "An `initial_state` was passed that is not compatible with `cell.state_size`. "
        f"Received `state_spec`=ListWrapper({specs}); however `cell.state_size` is "
        f"{sizes}"
    )
