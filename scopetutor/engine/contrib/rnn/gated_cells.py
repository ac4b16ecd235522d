"""`UGRNNCell`, `IntersectionRNNCell` and `NASCell` of `tf.contrib.rnn`.

After ``linear.py`` and ``rnn/cell.py``. In TF 1.15 the first two get their variables
when they are called, `NASCell` in its `build`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.rnn.cell import LayerRNNCell, RNNCell
from scopetutor.engine.rnn.cells import LSTMStateTuple
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.shapes import TensorShape

from .linear import Linear
from .lstm_cells import depth_of


class _GatedCell(RNNCell):
    """What the first two share: units, an initializer, a gate that begins open."""

    def __init__(
        self, num_units: int, initializer: Any, forget_bias: float, reuse: Any
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._linear: Any = None

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        return self._num_units

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_units


class UGRNNCell(_GatedCell):
    """A cell with one gate: how much of the state is kept.

    Args:
        num_units: the size of state and outputs.
        initializer: how the variables begin.
        forget_bias: added to the gate, so that it begins open.
        activation: of new values.
        reuse: whether the scope's variables are reused.
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        forget_bias: float = 1.0,
        activation: Any = math.tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, initializer, forget_bias, reuse)
        self._activation = activation

    def call(self, inputs: Any, state: Any) -> Any:
        """The next state, twice."""
        depth_of(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            seen = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(seen, 2 * self._num_units, True)
            gate, new = split(axis=1, num_or_size_splits=2, value=self._linear(seen))
            c = self._activation(new)
            g = math.sigmoid(gate + self._forget_bias)
            new_state = g * state + (1.0 - g) * c
        return new_state, new_state


class IntersectionRNNCell(_GatedCell):
    """A cell with two gates: one along time, one along the depth of the network.

    Args:
        num_units: the size of state and outputs.
        num_in_proj: whether inputs of another size are projected, if it is not 0.
        initializer: how the variables begin.
        forget_bias: added to the gates, so that they begin open.
        y_activation: of new outputs.
        reuse: whether the scope's variables are reused.
    """

    def __init__(
        self,
        num_units: int,
        num_in_proj: int | None = None,
        initializer: Any = None,
        forget_bias: float = 1.0,
        y_activation: Any = nn.relu,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, initializer, forget_bias, reuse)
        self._num_input_proj = num_in_proj
        self._y_activation = y_activation
        self._projection: Any = None

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        depth, units = depth_of(inputs), self._num_units
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            if depth != units:
                inputs = self._projected(inputs)
            seen = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(seen, 4 * units, True)
            joined = self._linear(seen)
            ends = [None, units, 2 * units, 3 * units, 4 * units]
            gh, h, gy, y = (joined[:, a:b] for a, b in pairwise(ends))
            h = math.tanh(h)
            y = self._y_activation(y)
            gh = math.sigmoid(gh + self._forget_bias)
            gy = math.sigmoid(gy + self._forget_bias)
            new_state = gh * state + (1.0 - gh) * h
            new_y = gy * inputs + (1.0 - gy) * y
        return new_y, new_state

    def _projected(self, inputs: Any) -> Any:
        if not self._num_input_proj:
            raise ValueError(
                "Must have input size == output size for Intersection RNN. To fix, "
                "num_in_proj should be set to num_units at cell init."
            )
        with variable_scope("in_projection"):
            if self._projection is None:
                self._projection = Linear(inputs, self._num_units, True)
            return self._projection(inputs)


_NAS_GATES = 8


class NASCell(LayerRNNCell):
    """The cell that an architecture search found.

    Args:
        num_units: the size of the memory.
        num_proj: the size of the outputs, if they are projected.
        use_bias: whether there is a bias.
        reuse: whether the scope's variables are reused.
        kwargs: as for every layer.
    """

    def __init__(
        self,
        num_units: int,
        num_proj: int | None = None,
        use_bias: bool = False,
        reuse: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj
        self._use_bias = use_bias

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, inputs_shape: Any) -> None:
        """Makes a matrix for the state, one for the inputs, and what was asked for."""
        depth = TensorShape(inputs_shape).with_rank(2)[1].value
        if depth is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        columns = _NAS_GATES * self._num_units
        self.recurrent_kernel = self.add_variable(
            "recurrent_kernel", [self.output_size, columns]
        )
        self.kernel = self.add_variable("kernel", [depth, columns])
        if self._use_bias:
            self.bias = self.add_variable("bias", shape=[columns], initializer=Zeros)
        if self._num_proj is not None:
            self.projection_weights = self.add_variable(
                "projection_weights", [self._num_units, self._num_proj]
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        sigmoid, tanh, relu = math.sigmoid, math.tanh, nn.relu
        c_prev, m_prev = state
        m = math.matmul(m_prev, self.recurrent_kernel)
        x = math.matmul(inputs, self.kernel)
        if self._use_bias:
            m = nn.bias_add(m, self.bias)
        m = split(axis=1, num_or_size_splits=_NAS_GATES, value=m)
        x = split(axis=1, num_or_size_splits=_NAS_GATES, value=x)
        wanted = (sigmoid, relu, sigmoid, relu, tanh, sigmoid, tanh, sigmoid)
        first = [
            activation(x[i] * m[i] if i == 3 else x[i] + m[i])
            for i, activation in enumerate(wanted)
        ]
        memory = tanh(first[0] * first[1])
        change = tanh(first[2] + first[3])
        left = tanh(first[4] * first[5])
        right = sigmoid(first[6] + first[7])
        new_c = tanh(memory + c_prev) * change
        new_m = tanh(new_c * tanh(left + right))
        if self._num_proj is not None:
            new_m = math.matmul(new_m, self.projection_weights)
        return new_m, LSTMStateTuple(new_c, new_m)
