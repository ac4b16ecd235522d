"""`tf.keras.layers.GRUCell` and `LSTMCell`: steps that decide what to keep.

After recurrent_cells.py, before recurrent.py, which repeats the step.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.initializers import Ones
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.joining import concat, split, unstack

from . import activations
from .arguments import arguments
from .recurrent_cells import Cell, times


class GRUCell(Cell):
    """A cell with two gates: how much of the state to see, and how much to keep.

    Its own arguments:
        recurrent_activation: of the gates.
        implementation: 1: a product for each gate; 2: one for all.
        reset_after: whether the state is multiplied before it is hidden; then the bias
            is [2, 3 * units].
    """

    _gates = 3

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
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
        implementation: int = 1,
        reset_after: bool = False,
        **kwargs: Any,
    ) -> None:
        given = arguments(locals())
        for own in ("recurrent_activation", "implementation", "reset_after"):
            del given[own]
        super().__init__(**given)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.implementation = implementation
        self.reset_after = reset_after

    def _bias_shape(self, width: int) -> tuple[int, ...]:
        return (2, width) if self.reset_after else (width,)

    def call(self, inputs: Any, states: Any, training: Any = None) -> Any:
        """The outputs, and the next states: a list of one."""
        state = states[0]
        masks, others = self._dropped(inputs, state, training)
        biases: Any = (None, None)
        if self.use_bias:
            biases = unstack(self.bias) if self.reset_after else (self.bias, None)
        step = self._gate_by_gate if self.implementation == 1 else self._at_once
        keep, candidate, state = step(inputs, state, biases, masks, others)
        h = keep * state + (1 - keep) * candidate
        return h, [h]

    def _columns(self, matrix: Any) -> list[Any]:
        """The slices of a matrix or a bias that belong to the three gates."""
        units = self.units
        return [
            slice(None, units),
            slice(units, units * 2),
            slice(units * 2, None),
        ]

    def _gate_by_gate(
        self, inputs: Any, state: Any, biases: Any, masks: Any, others: Any
    ) -> Any:
        """How much to keep, what is new, and the state; a product for each gate."""
        of_inputs, of_state = biases
        columns = self._columns(self.kernel)
        seen = times(inputs, masks, self.dropout, 3)
        products = [
            math.matmul(x, self.kernel[:, column])
            for x, column in zip(seen, columns, strict=True)
        ]
        if self.use_bias:
            products = [
                nn.bias_add(x, of_inputs[column])
                for x, column in zip(products, columns, strict=True)
            ]
        held = times(state, others, self.recurrent_dropout, 3)
        gates = [
            math.matmul(h, self.recurrent_kernel[:, column])
            for h, column in zip(held[:2], columns[:2], strict=True)
        ]
        after = self.reset_after and self.use_bias
        if after:
            gates = [
                nn.bias_add(gate, of_state[column])
                for gate, column in zip(gates, columns[:2], strict=True)
            ]
        keep = self.recurrent_activation(products[0] + gates[0])
        reset = self.recurrent_activation(products[1] + gates[1])
        if self.reset_after:
            hidden = math.matmul(held[2], self.recurrent_kernel[:, columns[2]])
            if after:
                hidden = nn.bias_add(hidden, of_state[columns[2]])
            hidden = reset * hidden
        else:
            shown = reset * held[2]
            hidden = math.matmul(shown, self.recurrent_kernel[:, columns[2]])
        return keep, self.activation(products[2] + hidden), state

    def _at_once(
        self, inputs: Any, state: Any, biases: Any, masks: Any, others: Any
    ) -> Any:
        """As `_gate_by_gate`, with one product for all gates."""
        of_inputs, of_state = biases
        units = self.units
        columns = self._columns(self.kernel)
        inputs = times(inputs, masks, self.dropout, 1)[0]
        products = math.matmul(inputs, self.kernel)
        if self.use_bias:
            products = nn.bias_add(products, of_inputs)
        x_keep, x_reset, x_new = [products[:, column] for column in columns]
        state = times(state, others, self.recurrent_dropout, 1)[0]
        if self.reset_after:
            inner = math.matmul(state, self.recurrent_kernel)
            if self.use_bias:
                inner = nn.bias_add(inner, of_state)
        else:
            inner = math.matmul(state, self.recurrent_kernel[:, : 2 * units])
        h_keep, h_reset = [inner[:, column] for column in columns[:2]]
        keep = self.recurrent_activation(x_keep + h_keep)
        reset = self.recurrent_activation(x_reset + h_reset)
        if self.reset_after:
            hidden = reset * inner[:, columns[2]]
        else:
            shown = reset * state
            hidden = math.matmul(shown, self.recurrent_kernel[:, columns[2]])
        return keep, self.activation(x_new + hidden), state


class LSTMCell(Cell):
    """A cell with a memory beside its state, and three gates.

    Its own arguments:
        recurrent_activation: of the gates.
        unit_forget_bias: whether the bias of what is kept begins at 1.
        implementation: 1: a product for each gate; 2: one for all.
    """

    _gates = 4

    def __init__(
        self,
        units: Any,
        activation: Any = "tanh",
        recurrent_activation: Any = "hard_sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        given = arguments(locals())
        for own in ("recurrent_activation", "unit_forget_bias", "implementation"):
            del given[own]
        super().__init__(**given)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = unit_forget_bias
        self.implementation = implementation
        self.state_size = [units, units]

    def _initializer_of(self, kind: str) -> Any:
        found = super()._initializer_of(kind)
        if kind != "bias" or not self.unit_forget_bias:
            return found

        def forgetting(_: Any, *args: Any, **kwargs: Any) -> Any:
            return concat(
                [
                    found((self.units,), *args, **kwargs),
                    Ones()((self.units,), *args, **kwargs),
                    found((self.units * 2,), *args, **kwargs),
                ],
                0,
            )

        return forgetting

    def call(self, inputs: Any, states: Any, training: Any = None) -> Any:
        """The outputs, and the next states: of the outputs and of the memory."""
        state, memory = states[0], states[1]
        masks, others = self._dropped(inputs, state, training)
        if self.implementation == 1:
            products = self._products(inputs, masks)
            held = times(state, others, self.recurrent_dropout, 4)
            memory, gate = self._gate_by_gate(products, held, memory)
        else:
            z = math.matmul(times(inputs, masks, self.dropout, 1)[0], self.kernel)
            state = times(state, others, self.recurrent_dropout, 1)[0]
            z += math.matmul(state, self.recurrent_kernel)
            if self.use_bias:
                z = nn.bias_add(z, self.bias)
            memory, gate = self._at_once(split(z, 4, axis=1), memory)
        h = gate * self.activation(memory)
        return h, [h, memory]

    def _products(self, inputs: Any, masks: Any) -> list[Any]:
        """The inputs times the columns of each gate."""
        seen = times(inputs, masks, self.dropout, 4)
        kernels = split(self.kernel, 4, axis=1)
        found = [math.matmul(x, one) for x, one in zip(seen, kernels, strict=True)]
        if self.use_bias:
            biases = split(self.bias, 4, axis=0)
            found = [nn.bias_add(x, b) for x, b in zip(found, biases, strict=True)]
        return found

    def _of_state(self, state: Any, gate: int) -> Any:
        """The state times the columns of a gate."""
        units = self.units
        last = None if gate == 3 else units * (gate + 1)
        first = units * gate if gate else None
        return math.matmul(state, self.recurrent_kernel[:, first:last])

    def _gate_by_gate(self, x: list[Any], h: list[Any], memory: Any) -> Any:
        """The next memory, and how much of it is shown."""
        use = self.recurrent_activation(x[0] + self._of_state(h[0], 0))
        keep = self.recurrent_activation(x[1] + self._of_state(h[1], 1))
        kept = keep * memory
        memory = kept + use * self.activation(x[2] + self._of_state(h[2], 2))
        return memory, self.recurrent_activation(x[3] + self._of_state(h[3], 3))

    def _at_once(self, z: list[Any], memory: Any) -> Any:
        """As `_gate_by_gate`, of sums that were made at once."""
        use = self.recurrent_activation(z[0])
        keep = self.recurrent_activation(z[1])
        memory = keep * memory + use * self.activation(z[2])
        return memory, self.recurrent_activation(z[3])

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Zeros for the first states, for a batch of inputs or of a size."""
        return list(super().get_initial_state(inputs, batch_size, dtype))


class PeepholeLSTMCell(LSTMCell):
    """An LSTM whose gates see the memory, too."""

    input_gate_peephole_weights: Any
    forget_gate_peephole_weights: Any
    output_gate_peephole_weights: Any

    def build(self, input_shape: Any) -> None:
        """Makes the weights of an LSTM, and three vectors for the memory."""
        super().build(input_shape)
        for gate in ("input", "forget", "output"):
            name = f"{gate}_gate_peephole_weights"
            initializer = self._initializer_of("kernel")
            made = self.add_weight(
                shape=(self.units,), name=name, initializer=initializer
            )
            setattr(self, name, made)

    def _gate_by_gate(self, x: list[Any], h: list[Any], memory: Any) -> Any:
        use = self.recurrent_activation(
            x[0] + self._of_state(h[0], 0) + self.input_gate_peephole_weights * memory
        )
        keep = self.recurrent_activation(
            x[1] + self._of_state(h[1], 1) + self.forget_gate_peephole_weights * memory
        )
        kept = keep * memory
        memory = kept + use * self.activation(x[2] + self._of_state(h[2], 2))
        gate = self.recurrent_activation(
            x[3] + self._of_state(h[3], 3) + self.output_gate_peephole_weights * memory
        )
        return memory, gate

    def _at_once(self, z: list[Any], memory: Any) -> Any:
        use = self.recurrent_activation(
            z[0] + self.input_gate_peephole_weights * memory
        )
        keep = self.recurrent_activation(
            z[1] + self.forget_gate_peephole_weights * memory
        )
        memory = keep * memory + use * self.activation(z[2])
        gate = self.recurrent_activation(
            z[3] + self.output_gate_peephole_weights * memory
        )
        return memory, gate
