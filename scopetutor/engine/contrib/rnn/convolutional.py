"""`ConvLSTMCell` of `tf.contrib.rnn`: an LSTM whose matrices are convolutions.

After ``rnn/cell.py``; for films, whose states keep height and width. TF 1.15: the shape
of inputs is given without batch, and cannot be found out later.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.initializers import Constant
from scopetutor.engine.ops import math
from scopetutor.engine.ops.conv import conv1d, conv2d, conv3d
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.rnn.cell import RNNCell
from scopetutor.engine.rnn.cells import LSTMStateTuple
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.shapes import TensorShape

# By the rank of the inputs: the convolution, and its strides.
_CONVOLUTIONS: dict[int, tuple[Any, Any]] = {
    3: (conv1d, 1),
    4: (conv2d, [1] * 4),
    5: (conv3d, [1] * 5),
}


class ConvLSTMCell(RNNCell):
    """A cell over pictures, rows or spaces.

    Args:
        conv_ndims: how many dimensions the convolution has, 1 to 3.
        input_shape: of one input, its channels last.
        output_channels: of memory and outputs.
        kernel_shape: of the window.
        use_bias: whether there is a bias.
        skip_connection: whether the inputs are appended to the outputs.
        forget_bias: added to the forget gate, so that it begins open.
        initializers: does nothing in TF 1.15.
        name: of the scope.

    Raises:
        ValueError: `input_shape` is of another number of dimensions.
    """

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Any,
        output_channels: int,
        kernel_shape: Any,
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: float = 1.0,
        initializers: Any = None,
        name: Any = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(
                f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}."
            )
        self._conv_ndims = conv_ndims
        self._output_channels = output_channels
        self._kernel_shape = list(kernel_shape)
        self._use_bias = use_bias
        self._forget_bias = forget_bias
        self._skip_connection = skip_connection
        space, channels = input_shape[:-1], output_channels
        state_size = TensorShape(_extended(space, channels))
        self._state_size = LSTMStateTuple(state_size, state_size)
        if skip_connection:
            channels += input_shape[-1]
        self._output_size = TensorShape(_extended(space, channels))

    @property
    def output_size(self) -> Any:
        """The shape of the outputs."""
        return self._output_size

    @property
    def state_size(self) -> Any:
        """The shapes of memory and outputs."""
        return self._state_size

    def call(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Outputs and next state; the gates are input, new, forget, out."""
        cell, hidden = state
        gates = self._convolved([inputs, hidden], 4 * self._output_channels)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=self._conv_ndims + 1)
        new_cell = math.sigmoid(f + self._forget_bias) * cell
        new_cell += math.sigmoid(i) * math.tanh(j)
        output = math.tanh(new_cell) * math.sigmoid(o)
        if self._skip_connection:
            output = concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(new_cell, output)

    def _convolved(self, args: Any, features: int) -> Any:
        """Tensors side by side, convolved with `kernel`, plus `biases`."""
        shapes = [tensor.get_shape().as_list() for tensor in args]
        _check_ranks(shapes)
        rank, dtype = len(shapes[0]), args[0].dtype
        convolution, strides = _CONVOLUTIONS[rank]
        channels = sum(shape[-1] for shape in shapes)
        kernel = get_variable(
            "kernel", [*self._kernel_shape, channels, features], dtype=dtype
        )
        joined = concat(args, rank - 1)
        result = convolution(joined, kernel, strides, padding="SAME")
        if not self._use_bias:
            return result
        return result + get_variable(
            "biases", [features], dtype=dtype, initializer=Constant(0.0, dtype=dtype)
        )


def _extended(space: Any, channels: int) -> Any:
    """A shape with its channels; TF 1.15: it is a list, and no tuple."""
    return space + [channels]  # noqa: RUF005 - a tuple is refused by Python


def _check_ranks(shapes: list[Any]) -> None:
    for shape in shapes:
        if len(shape) not in _CONVOLUTIONS:
            raise ValueError(f"Conv Linear expects 3D, 4D or 5D arguments: {shapes}")
        if len(shape) != len(shapes[0]):
            raise ValueError(
                f"Conv Linear expects all args to be of same Dimension: {shapes}"
            )


class Conv1DLSTMCell(ConvLSTMCell):
    """A ConvLSTMCell over rows."""

    def __init__(self, name: Any = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """A ConvLSTMCell over pictures."""

    def __init__(self, name: Any = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """A ConvLSTMCell over spaces."""

    def __init__(self, name: Any = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=3, name=name, **kwargs)
