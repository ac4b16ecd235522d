"""Cells whose step is one operation: `LSTMBlockCell`, `GRUBlockCell`.

After the operations in ``ops/block_lstm.py`` and ``ops/block_gru.py``. The cells that
fit CuDNN's variables are here too: they are made of the same parts.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.initializers import Constant, Zeros
from scopetutor.engine.keras.input_spec import InputSpec
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.rnn.cell import LayerRNNCell
from scopetutor.engine.rnn.cells import GRUCell, LSTMStateTuple

_DIAGONALS = ("w_i_diag", "w_f_diag", "w_o_diag")


def lstm_variables(layer: Any, depth: int, units: int, peepholes: bool) -> list[Any]:
    """Makes `kernel`, `bias` and, if wanted, three peepholes of an LSTM."""
    kernel = layer.add_variable("kernel", [depth + units, units * 4])
    bias = layer.add_variable("bias", [units * 4], initializer=Constant(0.0))
    names = _DIAGONALS if peepholes else ()
    return [kernel, bias, *(layer.add_variable(name, [units]) for name in names)]


def lstm_weights(made: list[Any], units: int, dtype: Any) -> list[Any]:
    """The variables as an operation takes them; one zero stands for all peepholes."""
    kernel, bias, *peepholes = made
    return [kernel, *(peepholes or [array.zeros([units], dtype=dtype)] * 3), bias]


class LSTMBlockCell(LayerRNNCell):
    """An LSTM whose step is one operation; its variables are those of `LSTMCell`.

    Args:
        num_units: the size of memory and outputs.
        forget_bias: added to the forget gate, so that it begins open.
        cell_clip: how large the memory may become; None: as it likes.
        use_peephole: whether gates see the memory.
        dtype: of the variables; None: that of the inputs.
        reuse: whether the scope's variables are reused.
        name: of the scope.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: Any = None,
        reuse: Any = None,
        name: str = "lstm_cell",
    ) -> None:
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._use_peephole = use_peephole
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel`, `bias` and, if wanted, three peepholes."""
        depth = inputs_shape.dims[1].value
        if not depth:
            raise ValueError(f"Expecting inputs_shape[1] to be set: {inputs_shape}")
        self._made = lstm_variables(self, depth, self._num_units, self._use_peephole)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        weights = lstm_weights(self._made, self._num_units, self.dtype)
        step = apply(
            "LSTMBlockCell",
            *(inputs, *state, *weights),
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return step.h, LSTMStateTuple(step.cs, step.h)


class GRUBlockCell(LayerRNNCell):
    """A GRU whose step is one operation.

    Args:
        num_units: the size of state and outputs.
        cell_size: the same, as it was called before.
        reuse: whether the scope's variables are reused.
        name: of the scope.
    """

    _names = ("w_ru", "b_ru", "w_c", "b_c")

    @deprecation.deprecated_argument(
        "GRUBlockCell.__init__",
        "tensorflow.contrib.rnn.python.ops.gru_ops",
        "cell_size",
        "cell_size is deprecated, use num_units instead",
    )
    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: Any = None,
        name: str = "gru_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._cell_size: Any = cell_size if num_units is None else num_units
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        return self._cell_size

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._cell_size

    def build(self, input_shape: Any) -> None:
        """Makes a matrix and a bias for the gates, and for the candidate."""
        depth, units = input_shape[1].value, self._cell_size
        if depth is None:
            raise ValueError("Expecting input_size to be set.")
        gate_kernel, gate_bias, kernel, bias = self._names
        add = self.add_variable
        self._gate_kernel = add(gate_kernel, [depth + units, units * 2])
        self._gate_bias = add(gate_bias, [units * 2], initializer=Constant(1.0))
        self._candidate_kernel = add(kernel, [depth + units, units])
        self._candidate_bias = add(bias, [units], initializer=Constant(0.0))
        self.built = True

    def call(self, inputs: Any, h_prev: Any) -> Any:
        """The next state, twice."""
        size = h_prev.get_shape().with_rank(2)[1]
        if size != self._cell_size:
            raise ValueError(
                f"Shape of h_prev[1] incorrect: cell_size {self._cell_size} vs {size}"
            )
        new_h = apply(
            "GRUBlockCell",
            *(inputs, h_prev, self._gate_kernel, self._candidate_kernel),
            *(self._gate_bias, self._candidate_bias),
        ).h
        return new_h, new_h


class GRUBlockCellV2(GRUBlockCell):
    """The same with the names of `GRUCell`'s variables."""

    _names = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """A cell for the variables that a `CudnnLSTM` was trained to.

    Args:
        num_units: the size of memory and outputs.
        reuse: whether the scope's variables are reused.
    """

    def __init__(self, num_units: int, reuse: Any = None) -> None:
        super().__init__(
            num_units, forget_bias=0, reuse=reuse, name="cudnn_compatible_lstm_cell"
        )


class CudnnCompatibleGRUCell(GRUCell):
    """A cell for the variables that a `CudnnGRU` was trained to.

    It has a matrix and a bias each for the candidate's inputs and state, and multiplies
    by the first gate after the matrix.

    Args:
        num_units: the size of state and outputs.
        reuse: whether the scope's variables are reused.
        kernel_initializer: how the matrices begin.
    """

    def __init__(
        self, num_units: int, reuse: Any = None, kernel_initializer: Any = None
    ) -> None:
        super().__init__(
            num_units,
            activation=None,
            reuse=reuse,
            kernel_initializer=kernel_initializer,
        )

    def build(self, inputs_shape: Any) -> None:
        """Makes matrices and biases under `gates/` and twice under `candidate/`."""
        depth, units = inputs_shape[1].value, self._num_units
        if depth is None:
            raise ValueError(
                f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}"
            )

        def kernel(name: str, shape: list[int]) -> Any:
            return self.add_variable(
                f"{name}/kernel", shape=shape, initializer=self._kernel_initializer
            )

        def bias(name: str, size: int, usual: Any) -> Any:
            given = self._bias_initializer
            begin = usual if given is None else given
            return self.add_variable(f"{name}/bias", shape=[size], initializer=begin)

        seen, held = "candidate/input_projection", "candidate/hidden_projection"
        self._gate_kernel = kernel("gates", [depth + units, 2 * units])
        self._gate_bias = bias("gates", 2 * units, Constant(1.0, dtype=self.dtype))
        self._candidate_input_kernel = kernel(seen, [depth, units])
        self._candidate_hidden_kernel = kernel(held, [units, units])
        self._candidate_input_bias = bias(seen, units, Zeros(dtype=self.dtype))
        self._candidate_hidden_bias = bias(held, units, Zeros(dtype=self.dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        """The next state, twice."""
        gates = math.matmul(concat([inputs, state], 1), self._gate_kernel)
        value = math.sigmoid(nn.bias_add(gates, self._gate_bias))
        r, u = split(value=value, num_or_size_splits=2, axis=1)
        candidate = nn.bias_add(
            math.matmul(inputs, self._candidate_input_kernel),
            self._candidate_input_bias,
        )
        candidate += r * nn.bias_add(
            math.matmul(state, self._candidate_hidden_kernel),
            self._candidate_hidden_bias,
        )
        candidate = self._activation(candidate)
        new_h = (1 - u) * candidate + u * state
        return new_h, new_h
