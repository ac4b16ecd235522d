"""`tf.contrib.rnn.IndRNNCell`, `SRUCell` and their kin: units that see no other units.

Each unit's state goes into that unit only, times a number of its own, and not through a
matrix. After engine/rnn/cell.py.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.initializers import Constant, RandomUniform, Zeros
from scopetutor.engine.keras.input_spec import InputSpec
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.rnn.cell import LayerRNNCell
from scopetutor.engine.rnn.cells import LSTMStateTuple


class _Independent(LayerRNNCell):
    """What these cells share: units, an activation, and how weights begin."""

    def __init__(
        self,
        num_units: Any,
        activation: Any,
        reuse: Any,
        name: Any,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation or math.tanh
        self._kernel_initializer: Any = None
        self._bias_initializer: Any = None

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        return self._num_units

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_units

    def _depth(self, inputs_shape: Any) -> int:
        depth: int | None = inputs_shape[1].value
        if depth is None:
            raise ValueError(
                f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}"
            )
        return depth

    def _matrix(self, name: str, depth: int, gates: int) -> Any:
        return self.add_variable(
            name,
            shape=[depth, gates * self._num_units],
            initializer=self._kernel_initializer,
        )

    def _factors(self, name: str, gates: int) -> Any:
        """The numbers that the state is multiplied with."""
        return self.add_variable(
            name,
            shape=[1, gates * self._num_units],
            initializer=RandomUniform(minval=-1, maxval=1, dtype=self.dtype),
        )

    def _offsets(self, name: str, gates: int, usual: Any) -> Any:
        given = self._bias_initializer
        return self.add_variable(
            name,
            shape=[gates * self._num_units],
            initializer=usual if given is None else given,
        )


class IndRNNCell(_Independent):
    """The plainest cell of independent units: the outputs are the state.

    Args:
        num_units: the size of state and outputs.
        activation: a function; None: tanh.
        reuse: whether the scope's variables are reused.
        name: of the scope.
        dtype: of the variables; None: that of the inputs.
    """

    def __init__(
        self,
        num_units: Any,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel_w` [inputs, units], `kernel_u` [1, units] and `bias`."""
        self._kernel_w = self._matrix("kernel_w", self._depth(inputs_shape), 1)
        self._kernel_u = self._factors("kernel_u", 1)
        self._bias = self._offsets("bias", 1, Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The outputs, twice."""
        total = math.matmul(inputs, self._kernel_w) + state * self._kernel_u
        output = self._activation(nn.bias_add(total, self._bias))
        return output, output


class IndyGRUCell(_Independent):
    """A cell with two gates, of independent units.

    Args:
        num_units: the size of state and outputs.
        activation: a function; None: tanh.
        reuse: whether the scope's variables are reused.
        kernel_initializer: how the matrices begin.
        bias_initializer: how the biases begin; None: 1 for gates, 0 for candidates.
        name: of the scope.
        dtype: of the variables; None: that of the inputs.
    """

    def __init__(
        self,
        num_units: Any,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    def build(self, inputs_shape: Any) -> None:
        """Makes a matrix, factors and a bias below `gates` and below `candidate`."""
        depth = self._depth(inputs_shape)
        self._gate_kernel_w = self._matrix("gates/kernel_w", depth, 2)
        self._gate_kernel_u = self._factors("gates/kernel_u", 2)
        ones = Constant(1.0, dtype=self.dtype)
        self._gate_bias = self._offsets("gates/bias", 2, ones)
        self._candidate_kernel_w = self._matrix("candidate/kernel", depth, 1)
        self._candidate_kernel_u = self._factors("candidate/kernel_u", 1)
        zeros = Zeros(dtype=self.dtype)
        self._candidate_bias = self._offsets("candidate/bias", 1, zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The outputs, twice."""
        product = math.matmul(inputs, self._gate_kernel_w)
        total = product + apply("Tile", state, [1, 2]) * self._gate_kernel_u
        gates = math.sigmoid(nn.bias_add(total, self._gate_bias))
        reset, keep = split(gates, 2, axis=1)
        shown = reset * state
        product = math.matmul(inputs, self._candidate_kernel_w)
        total = product + shown * self._candidate_kernel_u
        candidate = self._activation(nn.bias_add(total, self._candidate_bias))
        output = keep * state + (1 - keep) * candidate
        return output, output


class IndyLSTMCell(_Independent):
    """A cell with a memory and three gates, of independent units.

    Args:
        num_units: the size of state and outputs.
        forget_bias: added to the gate that keeps.
        activation: a function; None: tanh.
        reuse: whether the scope's variables are reused.
        kernel_initializer: how the matrix begins.
        bias_initializer: how the bias begins; None: zeros.
        name: of the scope.
        dtype: of the variables; None: that of the inputs.
    """

    def __init__(
        self,
        num_units: Any,
        forget_bias: float = 1.0,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype)
        self._forget_bias = forget_bias
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel_w` [inputs, 4 * units], `kernel_u` [1, 4 * units], `bias`."""
        self._kernel_w = self._matrix("kernel_w", self._depth(inputs_shape), 4)
        self._kernel_u = self._factors("kernel_u", 4)
        self._bias = self._offsets("bias", 4, Zeros(dtype=self.dtype))
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The outputs, and the next memory and outputs."""
        axis = constants.constant(1, dtype=dtypes.int32)
        memory, hidden = state
        total = math.matmul(inputs, self._kernel_w)
        total += apply("Tile", hidden, [1, 4]) * self._kernel_u
        total = nn.bias_add(total, self._bias)
        use, new, keep, show = split(total, 4, axis=axis)
        more = constants.constant(self._forget_bias, dtype=keep.dtype)
        kept = math.multiply(memory, math.sigmoid(math.add(keep, more)))
        added = math.multiply(math.sigmoid(use), self._activation(new))
        memory = math.add(kept, added)
        output = math.multiply(self._activation(memory), math.sigmoid(show))
        return output, LSTMStateTuple(memory, output)


class SRUCell(_Independent):
    """The simple recurrent unit: only the gates of the memory look at the inputs.

    Args:
        num_units: the size of state and outputs.
        activation: a function; None: tanh.
        reuse: whether the scope's variables are reused.
        name: of the scope.
        kwargs: as for every layer.
    """

    def __init__(
        self,
        num_units: Any,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, **kwargs)

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel` [inputs, 4 * units] and `bias` [2 * units]."""
        self._kernel = self._matrix("kernel", self._depth(inputs_shape), 4)
        self._bias = self._offsets("bias", 2, Zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The outputs, and the next state."""
        products = math.matmul(inputs, self._kernel)
        new, keep, show, through = split(products, 4, axis=1)
        gates = nn.bias_add(concat([keep, show], 1), self._bias)
        keep, show = split(math.sigmoid(gates), 2, axis=1)
        state = keep * state + (1.0 - keep) * new
        output = show * self._activation(state) + (1.0 - show) * through
        return output, state
