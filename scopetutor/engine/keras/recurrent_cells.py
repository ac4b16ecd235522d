"""`tf.keras.layers.SimpleRNNCell`, and what it shares with cells that have gates.

A cell is one step of a recurrent network. After layer.py, before gated_cells.py and
recurrent.py, which repeats the step. `tf.nn.dynamic_rnn` and the other functions of TF
1.15 that unroll cells take these, too.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.shapes import TensorShape, as_shape

from . import activations, constraints, initializers, lookup, regularizers
from .arguments import arguments
from .layer import Layer
from .learning_phase import drawn_seed, in_train_phase

_WEIGHTS = ("kernel", "recurrent", "bias")


def zero_state(batch_size: Any, state_size: Any, dtype: Any) -> Any:
    """Zeros for the first state.

    Raises:
        ValueError: size or type are not known.
    """
    if batch_size is None or dtype is None:
        raise ValueError(
            "batch_size and dtype cannot be None while constructing initial state: "
            f"batch_size={batch_size}, dtype={dtype}"
        )

    def zeros(size: Any) -> Any:
        return array.zeros([batch_size, *as_shape(size).as_list()], dtype=dtype)

    return nest.map_structure(zeros, state_size)


def zero_state_of(cell: Any, inputs: Any, batch_size: Any, dtype: Any) -> Any:
    """Zeros for a cell's first state, for a batch of inputs or of a size."""
    if inputs is not None:
        batch_size = array.shape(inputs)[0]
        dtype = inputs.dtype
    return zero_state(batch_size, cell.state_size, dtype)


class AbstractRNNCell(Layer):
    """A cell of one's own: `call`, `state_size` and `output_size` say what it does."""

    def call(self, inputs: Any, states: Any) -> Any:
        """The outputs, and the next states."""
        raise NotImplementedError("Abstract method")

    @property
    def state_size(self) -> Any:
        """The sizes of the states."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Zeros for the first state, for a batch of inputs or of a size."""
        return zero_state_of(self, inputs, batch_size, dtype)


class Cell(Layer):
    """What the cells of keras share: a matrix, one for the state, a bias.

    Args:
        units: the size of state and outputs.
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: how they begin.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: losses.
        kernel_constraint, recurrent_constraint, bias_constraint: applied afterwards.
        dropout, recurrent_dropout: shares of inputs and states to drop in training.
        kwargs: as for every layer.
    """

    _gates: int
    kernel: Any
    recurrent_kernel: Any
    bias: Any

    def __init__(
        self,
        units: Any,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        recurrent_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        recurrent_regularizer: Any,
        bias_regularizer: Any,
        kernel_constraint: Any,
        recurrent_constraint: Any,
        bias_constraint: Any,
        dropout: float,
        recurrent_dropout: float,
        **kwargs: Any,
    ) -> None:
        given = dict(locals())
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        for find, kind in (
            (initializers.get, "initializer"),
            (regularizers.get, "regularizer"),
            (constraints.get, "constraint"),
        ):
            for weight in _WEIGHTS:
                name = f"{weight}_{kind}"
                setattr(self, name, find(given[name]))
        self.dropout = min(1.0, max(0.0, dropout))
        self.recurrent_dropout = min(1.0, max(0.0, recurrent_dropout))
        self.state_size: Any = units
        self.output_size = units
        self.reset_dropout_mask()
        self.reset_recurrent_dropout_mask()

    # -- weights -----------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `recurrent_kernel` and `bias`, the gates side by side."""
        width = self.units * self._gates
        depth = TensorShape(input_shape)[-1].value
        self.kernel = self._weight("kernel", "kernel", (depth, width))
        self.recurrent_kernel = self._weight(
            "recurrent_kernel", "recurrent", (self.units, width)
        )
        self.bias = None
        if self.use_bias:
            self.bias = self._weight("bias", "bias", self._bias_shape(width))
        self.built = True

    def _bias_shape(self, width: int) -> tuple[int, ...]:
        return (width,)

    def _weight(self, name: str, kind: str, shape: tuple[Any, ...]) -> Any:
        return self.add_weight(
            shape=shape,
            name=name,
            initializer=self._initializer_of(kind),
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
        )

    def _initializer_of(self, kind: str) -> Any:
        return getattr(self, f"{kind}_initializer")

    # -- dropping ----------------------------------------------------------------------

    def reset_dropout_mask(self) -> None:
        """The next step draws anew what of the inputs is dropped."""
        self._dropout_masks: dict[bool, Any] = {}

    def reset_recurrent_dropout_mask(self) -> None:
        """The next step draws anew what of the state is dropped."""
        self._recurrent_dropout_masks: dict[bool, Any] = {}

    def get_dropout_mask_for_cell(
        self, inputs: Any, training: Any, count: int = 1
    ) -> Any:
        """What the inputs of each gate are multiplied with; None if none are dropped.

        TF 1.15: it is drawn once for all steps, until it is reset.
        """
        masks = self._dropout_masks
        return _drawn(masks, inputs, self.dropout, training, count)

    def get_recurrent_dropout_mask_for_cell(
        self, inputs: Any, training: Any, count: int = 1
    ) -> Any:
        """What the state for each gate is multiplied with; None if none is dropped."""
        masks = self._recurrent_dropout_masks
        return _drawn(masks, inputs, self.recurrent_dropout, training, count)

    def _dropped(self, inputs: Any, state: Any, training: Any) -> tuple[Any, Any]:
        """The inputs and the state as each gate sees them."""
        gates = self._gates
        mask = self.get_dropout_mask_for_cell(inputs, training, count=gates)
        other = self.get_recurrent_dropout_mask_for_cell(state, training, count=gates)
        return mask, other

    # -- states ------------------------------------------------------------------------

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Zeros for the first state, for a batch of inputs or of a size.

        Raises:
            ValueError: size or type are not known.
        """
        return zero_state_of(self, inputs, batch_size, dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), **cell_config(self)}


CELL_ARGUMENTS = (
    "units",
    "activation",
    "recurrent_activation",
    "use_bias",
    "kernel_initializer",
    "recurrent_initializer",
    "bias_initializer",
    "unit_forget_bias",
    "kernel_regularizer",
    "recurrent_regularizer",
    "bias_regularizer",
    "activity_regularizer",
    "kernel_constraint",
    "recurrent_constraint",
    "bias_constraint",
    "dropout",
    "recurrent_dropout",
    "implementation",
    "reset_after",
)


def cell_config(of: Any, *, activity_regularizer: bool = False) -> dict[str, Any]:
    """The arguments of a cell, or of the layer that repeats it, in their order."""
    config = {}
    for name in CELL_ARGUMENTS:
        if name == "activity_regularizer" and not activity_regularizer:
            continue
        if hasattr(of, name):
            value = getattr(of, name)
            if name.endswith("activation"):
                value = activations.serialize(value)
            elif name.endswith(("initializer", "regularizer", "constraint")):
                value = lookup.serialize(value)
            config[name] = value
    return config


def _drawn(
    masks: dict[bool, Any], like: Any, rate: float, training: Any, count: int
) -> Any:
    """A mask for each gate, drawn once; a single one is in no list."""
    if rate == 0:
        return None
    eager = defaults.state.eager
    if eager not in masks:
        ones = array.ones_like(like)

        def dropped() -> Any:
            return nn.dropout(ones, rate=rate, seed=drawn_seed())

        drawn = [in_train_phase(dropped, ones, training) for _ in range(count)]
        masks[eager] = drawn if count > 1 else drawn[0]
    return masks[eager]


def times(tensor: Any, masks: Any, rate: float, count: int) -> list[Any]:
    """A tensor as each gate sees it."""
    if 0.0 < rate < 1.0:
        return [tensor * mask for mask in masks[:count]]
    return [tensor] * count


class SimpleRNNCell(Cell):
    """The outputs are the state: activation(inputs · kernel + bias + state · other)."""

    _gates = 1

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))

    def call(self, inputs: Any, states: Any, training: Any = None) -> Any:
        """The outputs, and the next states: a list of one."""
        state = states[0]
        mask, other = self._dropped(inputs, state, training)
        h = math.matmul(inputs if mask is None else inputs * mask, self.kernel)
        if self.bias is not None:
            h = nn.bias_add(h, self.bias)
        if other is not None:
            state = state * other
        output = h + math.matmul(state, self.recurrent_kernel)
        if self.activation is not None:
            output = self.activation(output)
        return output, [output]
