"""Networks that take a whole sequence at once: `LSTMBlockFusedCell` and adaptors.

After block_cells, whose variables they have. Sequences are [time, batch, size], or
lists of [batch, size].
"""

from __future__ import annotations

import abc
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keras.input_spec import InputSpec
from scopetutor.engine.layers.base import Layer
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.casting import cast
from scopetutor.engine.ops.gathering import gather_nd
from scopetutor.engine.ops.joining import concat, stack, tile, unstack
from scopetutor.engine.ops.padding import reverse, sequence_mask
from scopetutor.engine.ops.ranges import range_
from scopetutor.engine.ops.reshaping import expand_dims, transpose
from scopetutor.engine.ops.reverse_sequence import reverse_sequence
from scopetutor.engine.rnn.cells import LSTMStateTuple
from scopetutor.engine.rnn.dynamic import dynamic_rnn
from scopetutor.engine.rnn.static import static_rnn

from .block_cells import lstm_variables, lstm_weights


class FusedRNNCell(abc.ABC):
    """Something that is called on a sequence, and gives outputs and the last state."""

    @abc.abstractmethod
    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Runs the network over a sequence.

        Args:
            inputs: [time, batch, size], or a list of [batch, size].
            initial_state: None: zeros.
            dtype: of the state, if there is no initial one.
            sequence_length: [batch]; beyond it, outputs are 0.
            scope: of the variables.
        """


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell, used as a network over a sequence.

    Args:
        cell: what makes one step.
        use_dynamic_rnn: whether `dynamic_rnn` makes the steps, or `static_rnn`.
    """

    def __init__(self, cell: Any, use_dynamic_rnn: bool = False) -> None:
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Runs the cell over a sequence."""
        is_list = isinstance(inputs, list)
        state: dict[str, Any] = {
            "sequence_length": sequence_length,
            "initial_state": initial_state,
            "dtype": dtype,
            "scope": scope,
        }
        if self._use_dynamic_rnn:
            given = stack(inputs) if is_list else inputs
            outputs, last = dynamic_rnn(self._cell, given, time_major=True, **state)
            return unstack(outputs) if is_list else outputs, last
        given = inputs if is_list else unstack(inputs)
        outputs, last = static_rnn(self._cell, given, **state)
        return outputs if is_list else stack(outputs), last


class TimeReversedFusedRNN(FusedRNNCell):
    """A network that sees sequences from their end.

    Args:
        cell: a network over a sequence.
    """

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def _reverse(self, t: Any, lengths: Any) -> Any:
        if isinstance(t, list):
            return t[::-1]
        if lengths is None:
            return reverse(t, [0])
        return reverse_sequence(t, lengths, 0, 1)

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Runs the network over the sequence in reverse."""
        outputs, state = self._cell(
            self._reverse(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return self._reverse(outputs, sequence_length), state


class LSTMBlockWrapper(Layer):
    """What a network of LSTM steps in one operation does before and after it."""

    @property
    @abc.abstractmethod
    def num_units(self) -> int:
        """The size of memory and outputs."""

    @abc.abstractmethod
    def _call_cell(
        self,
        inputs: Any,
        initial_cell_state: Any,
        initial_output: Any,
        dtype: Any,
        sequence_length: Any,
    ) -> Any:
        """The memories and the outputs of all steps."""

    def call(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> Any:
        """The outputs of all steps, and the last state."""
        is_list = isinstance(inputs, list)
        if is_list:
            inputs = stack(inputs)
        shape = inputs.get_shape().with_rank(3)
        if not shape[2]:
            raise ValueError(f"Expecting inputs_shape[2] to be set: {shape}")
        batch = _size(inputs, 1)
        steps = _size(inputs, 0)
        memory, output, dtype = self._first_state(initial_state, dtype, batch)
        if sequence_length is not None:
            sequence_length = convert_to_tensor(sequence_length)
        memories, outputs = self._call_cell(
            inputs, memory, output, dtype, sequence_length
        )
        if sequence_length is None:
            last = LSTMStateTuple(memories[-1], outputs[-1])
        else:
            outputs = self._masked(outputs, sequence_length, steps, dtype)
            all_memories = concat([expand_dims(memory, [0]), memories], 0)
            all_outputs = concat([expand_dims(output, [0]), outputs], 0)
            last = LSTMStateTuple(
                _at(all_memories, sequence_length, batch),
                _at(all_outputs, sequence_length, batch),
            )
        return unstack(outputs) if is_list else outputs, last

    def _first_state(self, state: Any, dtype: Any, batch: Any) -> tuple[Any, Any, Any]:
        if state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            zeros = array.zeros(stack([batch, self.num_units]), dtype=dtype)
            return zeros, zeros, dtype
        if len(state) != 2:
            raise ValueError(
                "Expecting initial_state to be a tuple with length 2 or None"
            )
        memory, output = state
        return memory, output, memory.dtype if dtype is None else dtype

    def _masked(self, outputs: Any, lengths: Any, steps: Any, dtype: Any) -> Any:
        mask = transpose(sequence_mask(lengths, steps, dtype=dtype), [1, 0])
        return outputs * tile(expand_dims(mask, [-1]), [1, 1, self.num_units])


def _size(inputs: Any, axis: int) -> Any:
    """The size along an axis: a number if it is known, else a tensor."""
    known = inputs.get_shape().dims[axis].value
    return array.shape(inputs)[axis] if known is None else known


def _at(data: Any, steps: Any, batch: Any) -> Any:
    """What each example has at its own step."""
    return gather_nd(data, stack([steps, range_(batch)], axis=1))


class LSTMBlockFusedCell(LSTMBlockWrapper):
    """An LSTM all of whose steps are one operation.

    Args:
        num_units: the size of memory and outputs.
        forget_bias: added to the forget gate, so that it begins open.
        cell_clip: how large the memory may become; None: as it likes.
        use_peephole: whether gates see the memory.
        reuse: whether the scope's variables are reused.
        dtype: of the variables; None: that of the inputs.
        name: of the scope.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: Any = None,
        dtype: Any = None,
        name: str = "lstm_fused_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole
        self.input_spec = InputSpec(ndim=3)

    @property
    def num_units(self) -> int:
        """The size of memory and outputs."""
        return self._num_units

    def build(self, input_shape: Any) -> None:
        """Makes `kernel`, `bias` and, if wanted, three peepholes."""
        depth = input_shape.dims[2].value
        self._made = lstm_variables(self, depth, self._num_units, self._use_peephole)
        self.built = True

    def _call_cell(
        self,
        inputs: Any,
        initial_cell_state: Any = None,
        initial_output: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> Any:
        steps = _size(inputs, 0)
        weights = lstm_weights(self._made, self._num_units, dtype)
        longest = steps if sequence_length is None else math.reduce_max(sequence_length)
        found = apply(
            "BlockLSTM",
            *(cast(longest, dtypes.int64), inputs, initial_cell_state, initial_output),
            *weights,
            forget_bias=self._forget_bias,
            cell_clip=self._cell_clip,
            use_peephole=self._use_peephole,
        )
        return found.cs, found.h
