"""`BasicRNNCell`, `GRUCell`, `BasicLSTMCell` and `LSTMCell`.

After ``cell.py``; before wrappers and the cells of contrib. Their weights are called
`kernel` and `bias`, the gates of an LSTM lie in one matrix in the order i, j, f, o:
what old checkpoints hold.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, deprecation, dtypes, tf_logging
from scopetutor.engine.initializers import Constant, Zeros
from scopetutor.engine.keras import activations, initializers
from scopetutor.engine.keras.input_spec import InputSpec
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.clip import clip_by_value
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.partitions import fixed_size_partitioner

from .cell import LayerRNNCell, check_dtype, check_dtypes, input_depth

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULE = "tensorflow.python.ops.rnn_cell_impl"


def _like_keras(cell: str, keras: str) -> Callable[..., Callable[..., Any]]:
    """The decorator of a cell's constructor, which TF 1.15 calls deprecated."""
    return deprecation.deprecated(
        f"{cell}.__init__",
        _MODULE,
        f"This class is equivalent as tf.keras.layers.{keras}, and will be replaced by "
        "that in Tensorflow 2.0.",
    )


class _Cell(LayerRNNCell):
    """What the cells below share: units, an activation, two tensors joined."""

    def __init__(
        self,
        num_units: Any,
        activation: Any,
        reuse: Any,
        name: Any,
        dtype: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_dtype(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activations.get(activation) if activation else math.tanh

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        return self._num_units

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_units

    def _zeros(self) -> Any:
        return Zeros(dtype=self.dtype)

    def _product(self, inputs: Any, state: Any, kernel: Any, bias: Any) -> Any:
        """Inputs and state side by side, times a matrix, plus a bias."""
        return nn.bias_add(math.matmul(concat([inputs, state], 1), kernel), bias)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "num_units": self._num_units,
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }


class BasicRNNCell(_Cell):
    """The plainest cell: the outputs are the state.

    Args:
        num_units: the size of state and outputs.
        activation: a function or its name; None: tanh.
        reuse: whether the scope's variables are reused.
        name: of the scope; None: `basic_rnn_cell`.
        dtype: of the variables; None: that of the inputs.
        kwargs: as for every layer.
    """

    @_like_keras("BasicRNNCell", "SimpleRNNCell")
    def __init__(
        self,
        num_units: Any,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel` [inputs + units, units] and `bias` [units]."""
        depth = input_depth(inputs_shape)
        check_dtype(self.dtype)
        units = self._num_units
        self._kernel = self.add_variable("kernel", shape=[depth + units, units])
        self._bias = self.add_variable("bias", shape=[units], initializer=self._zeros())
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The outputs, twice."""
        check_dtypes([inputs, state])
        output = self._activation(
            self._product(inputs, state, self._kernel, self._bias)
        )
        return output, output


class GRUCell(_Cell):
    """A cell with two gates: how much of the state to see, and how much to keep.

    Args:
        num_units: the size of state and outputs.
        activation: a function or its name; None: tanh.
        reuse: whether the scope's variables are reused.
        kernel_initializer: how the matrices begin.
        bias_initializer: how the biases begin; None: 1 for gates, 0 for candidates.
        name: of the scope; None: `gru_cell`.
        dtype: of the variables; None: that of the inputs.
        kwargs: as for every layer.
    """

    @_like_keras("GRUCell", "GRUCell")
    def __init__(
        self,
        num_units: Any,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = initializers.get(kernel_initializer)
        self._bias_initializer = initializers.get(bias_initializer)

    def build(self, inputs_shape: Any) -> None:
        """Makes a matrix and a bias under `gates/` and under `candidate/`."""
        depth = input_depth(inputs_shape)
        check_dtype(self.dtype)
        units, bias = self._num_units, self._bias_initializer
        self._gate_kernel = self.add_variable(
            "gates/kernel",
            shape=[depth + units, 2 * units],
            initializer=self._kernel_initializer,
        )
        ones = Constant(1.0, dtype=self.dtype) if bias is None else bias
        self._gate_bias = self.add_variable(
            "gates/bias", shape=[2 * units], initializer=ones
        )
        self._candidate_kernel = self.add_variable(
            "candidate/kernel",
            shape=[depth + units, units],
            initializer=self._kernel_initializer,
        )
        self._candidate_bias = self.add_variable(
            "candidate/bias",
            shape=[units],
            initializer=self._zeros() if bias is None else bias,
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """The next state, twice."""
        check_dtypes([inputs, state])
        gates = math.sigmoid(
            self._product(inputs, state, self._gate_kernel, self._gate_bias)
        )
        r, u = split(value=gates, num_or_size_splits=2, axis=1)
        candidate = self._product(
            inputs, r * state, self._candidate_kernel, self._candidate_bias
        )
        c = self._activation(candidate)
        new_h = u * state + (1 - u) * c
        return new_h, new_h

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "kernel_initializer": initializers.serialize(self._kernel_initializer),
            "bias_initializer": initializers.serialize(self._bias_initializer),
        }


class LSTMStateTuple(namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: the memory c and the outputs h."""

    __slots__ = ()

    @property
    def dtype(self) -> dtypes.DType:
        """The type of both.

        Raises:
            TypeError: they differ.
        """
        c, h = self
        if c.dtype != h.dtype:
            raise TypeError(f"Inconsistent internal state: {c.dtype} vs {h.dtype}")
        found: dtypes.DType = c.dtype
        return found


def _warn_of_concatenated_state(cell: Any, state_is_tuple: bool) -> None:
    if not state_is_tuple:
        tf_logging.warn(
            "%s: Using a concatenated state is slower and will soon be deprecated.  "
            "Use state_is_tuple=True.",
            cell,
        )


class BasicLSTMCell(_Cell):
    """A cell with a memory, and gates for input, forgetting and output.

    Args:
        num_units: the size of memory and outputs.
        forget_bias: added to the forget gate, so that it begins open.
        state_is_tuple: whether the state is an LSTMStateTuple, or one tensor.
        activation: a function or its name; None: tanh.
        reuse: whether the scope's variables are reused.
        name: of the scope; None: `basic_lstm_cell`.
        dtype: of the variables; None: that of the inputs.
        kwargs: as for every layer.
    """

    @_like_keras("BasicLSTMCell", "LSTMCell")
    def __init__(
        self,
        num_units: Any,
        forget_bias: Any = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        _warn_of_concatenated_state(self, state_is_tuple)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        if self._state_is_tuple:
            return LSTMStateTuple(self._num_units, self._num_units)
        return 2 * self._num_units

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel` [inputs + units, 4 * units] and `bias` [4 * units]."""
        depth = input_depth(inputs_shape)
        check_dtype(self.dtype)
        units = self._num_units
        self._kernel = self.add_variable("kernel", shape=[depth + units, 4 * units])
        self._bias = self.add_variable(
            "bias", shape=[4 * units], initializer=self._zeros()
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state; the gates are input, new, forget, out."""
        check_dtypes([inputs, state])
        one = constants.constant(1, dtype=dtypes.int32)
        if self._state_is_tuple:
            c, h = state
        else:
            c, h = split(value=state, num_or_size_splits=2, axis=one)
        gates = self._product(inputs, h, self._kernel, self._bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=one)
        forget_bias = constants.constant(self._forget_bias, dtype=f.dtype)
        kept = math.multiply(c, math.sigmoid(math.add(f, forget_bias)))
        new_c = math.add(kept, math.multiply(math.sigmoid(i), self._activation(j)))
        new_h = math.multiply(self._activation(new_c), math.sigmoid(o))
        if self._state_is_tuple:
            return new_h, LSTMStateTuple(new_c, new_h)
        return new_h, concat([new_c, new_h], 1)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
        }


class LSTMCell(_Cell):
    """An LSTM with peepholes, clipping and a projection, where they are wanted.

    Args:
        num_units: the size of the memory.
        use_peepholes: whether the gates see the memory.
        cell_clip: the largest size of a memory's element; None: any.
        initializer: how the matrices begin.
        num_proj: the size the outputs are projected to; None: they are not.
        proj_clip: the largest size of a projected element; None: any.
        num_unit_shards: into how many parts the matrix is divided.
        num_proj_shards: into how many parts the projection is divided.
        forget_bias: added to the forget gate, so that it begins open.
        state_is_tuple: whether the state is an LSTMStateTuple, or one tensor.
        activation: a function or its name; None: tanh.
        reuse: whether the scope's variables are reused.
        name: of the scope; None: `lstm_cell`.
        dtype: of the variables; None: that of the inputs.
        kwargs: as for every layer.
    """

    @_like_keras("LSTMCell", "LSTMCell")
    def __init__(
        self,
        num_units: Any,
        use_peepholes: bool = False,
        cell_clip: Any = None,
        initializer: Any = None,
        num_proj: Any = None,
        proj_clip: Any = None,
        num_unit_shards: Any = None,
        num_proj_shards: Any = None,
        forget_bias: Any = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        _warn_of_concatenated_state(self, state_is_tuple)
        if num_unit_shards is not None or num_proj_shards is not None:
            tf_logging.warn(
                "%s: The num_unit_shards and proj_unit_shards parameters are "
                "deprecated and will be removed in Jan 2017.  Use a variable scope "
                "with a partitioner instead.",
                self,
            )
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializers.get(initializer)
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._output_size = num_proj or num_units

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        if self._state_is_tuple:
            return LSTMStateTuple(self._num_units, self._output_size)
        return self._num_units + self._output_size

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._output_size

    def build(self, inputs_shape: Any) -> None:
        """Makes `kernel`, `bias`, and the peepholes and projection if wanted."""
        depth = input_depth(inputs_shape)
        check_dtype(self.dtype)
        units, proj = self._num_units, self._num_proj
        self._kernel = self.add_variable(
            "kernel",
            shape=[depth + (units if proj is None else proj), 4 * units],
            initializer=self._initializer,
            partitioner=_parts(self._num_unit_shards),
        )
        self._bias = self.add_variable(
            "bias",
            shape=[4 * units],
            initializer=Zeros if self.dtype is None else self._zeros(),
        )
        if self._use_peepholes:
            self._w_f_diag, self._w_i_diag, self._w_o_diag = (
                self.add_variable(name, shape=[units], initializer=self._initializer)
                for name in ("w_f_diag", "w_i_diag", "w_o_diag")
            )
        if proj is not None:
            self._proj_kernel = self.add_variable(
                "projection/kernel",
                shape=[units, proj],
                initializer=self._initializer,
                partitioner=_parts(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state; the gates are input, new, forget, out."""
        check_dtypes([inputs, state])
        c_prev, m_prev = self._divided(state)
        if inputs.get_shape().with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        gates = self._product(inputs, m_prev, self._kernel, self._bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=1)
        c = self._memory(i, j, f, c_prev)
        if self._use_peepholes:
            m = math.sigmoid(o + self._w_o_diag * c) * self._activation(c)
        else:
            m = math.sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            m = math.matmul(m, self._proj_kernel)
            if self._proj_clip is not None:
                m = clip_by_value(m, -self._proj_clip, self._proj_clip)
        if self._state_is_tuple:
            return m, LSTMStateTuple(c, m)
        return m, concat([c, m], 1)

    def _divided(self, state: Any) -> Any:
        """Memory and outputs of the last step."""
        if self._state_is_tuple:
            return state
        units = self._num_units
        proj = units if self._num_proj is None else self._num_proj
        return (
            slice_of(state, [0, 0], [-1, units]),
            slice_of(state, [0, units], [-1, proj]),
        )

    def _memory(self, i: Any, j: Any, f: Any, c_prev: Any) -> Any:
        sigmoid = math.sigmoid
        if self._use_peepholes:
            c = sigmoid(f + self._forget_bias + self._w_f_diag * c_prev) * c_prev + (
                sigmoid(i + self._w_i_diag * c_prev) * self._activation(j)
            )
        else:
            c = sigmoid(f + self._forget_bias) * c_prev + (
                sigmoid(i) * self._activation(j)
            )
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        return c

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "use_peepholes": self._use_peepholes,
            "cell_clip": self._cell_clip,
            "initializer": initializers.serialize(self._initializer),
            "num_proj": self._num_proj,
            "proj_clip": self._proj_clip,
            "num_unit_shards": self._num_unit_shards,
            "num_proj_shards": self._num_proj_shards,
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
        }


def _parts(count: int | None) -> Any:
    return None if count is None else fixed_size_partitioner(count)
