"""`tf.contrib.seq2seq.dynamic_decode`: a decoder run in a loop until it has finished.

A decoder makes steps; `BasicDecoder` makes them with a cell, and leaves it to a helper
which output is chosen and what the next input is. See helpers and attention.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import namedtuple
from contextlib import suppress
from typing import Any

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.layers.base import Layer
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import while_loop
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.rnn.cell import assert_like_rnncell, zero_state_tensors
from scopetutor.engine.rnn.dynamic import transpose_batch_time
from scopetutor.engine.rnn.stepping import cache_variables
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from .helpers import Helper

BasicDecoderOutput = namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))


class Decoder(ABC):
    """Makes one step after the other.

    Attributes:
        batch_size: how many sequences there are.
        output_size: of the outputs, in their structure.
        output_dtype: of the outputs, in their structure.
        tracks_own_finished: whether a sequence that finished may go on.
    """

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        raise NotImplementedError

    @property
    def output_size(self) -> Any:
        """Of the outputs, in their structure."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> Any:
        """Of the outputs, in their structure."""
        raise NotImplementedError

    @abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """Which sequences have finished, the first inputs, the first state."""

    @abstractmethod
    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Outputs, next state, next inputs, and which sequences have finished."""

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """What becomes of all outputs and the last state; without it, nothing."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether a sequence that finished may go on."""
        return False


def rnn_output_size(cell: Any, output_layer: Any) -> Any:
    """The size of a cell's outputs, or of what a layer makes of them."""
    if output_layer is None:
        return cell.output_size
    batches = nest.map_structure(
        lambda size: TensorShape([None]).concatenate(size), cell.output_size
    )
    shape = output_layer.compute_output_shape(batches)
    return nest.map_structure(lambda size: size[1:], shape)


class BasicDecoder(Decoder):
    """Makes steps with a cell.

    Args:
        cell: one step.
        helper: chooses outputs and next inputs.
        initial_state: the first state.
        output_layer: applied to the cell's outputs; None: nothing is.

    Raises:
        TypeError: an argument is not what it should be.
    """

    def __init__(
        self, cell: Any, helper: Any, initial_state: Any, output_layer: Any = None
    ) -> None:
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(
                f"output_layer must be a Layer, received: {type(output_layer)}"
            )
        self._cell = cell
        self._helper = helper
        self._initial_state = initial_state
        self._output_layer = output_layer

    @property
    def batch_size(self) -> Any:
        """The helper's."""
        return self._helper.batch_size

    @property
    def output_size(self) -> Any:
        """Of the cell's outputs, and of the chosen."""
        size = rnn_output_size(self._cell, self._output_layer)
        return BasicDecoderOutput(size, self._helper.sample_ids_shape)

    @property
    def output_dtype(self) -> Any:
        """That of the state, and of the chosen."""
        dtype = nest.flatten(self._initial_state)[0].dtype
        size = rnn_output_size(self._cell, self._output_layer)
        return BasicDecoderOutput(
            nest.map_structure(lambda _: dtype, size), self._helper.sample_ids_dtype
        )

    def initialize(self, name: str | None = None) -> Any:
        """The helper's first inputs, and the first state."""
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """One step of the cell."""
        with name_scope(name, "BasicDecoderStep", (time, inputs, state)):
            outputs, cell_state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            chosen = self._helper.sample(time=time, outputs=outputs, state=cell_state)
            finished, next_inputs, next_state = self._helper.next_inputs(
                time=time, outputs=outputs, state=cell_state, sample_ids=chosen
            )
        made = BasicDecoderOutput(outputs, chosen)
        return made, next_state, next_inputs, finished


def dynamic_decode(
    decoder: Any,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
    **kwargs: Any,
) -> tuple[Any, Any, Any]:
    """Runs a decoder until all sequences have finished.

    Args:
        decoder: makes the steps.
        output_time_major: whether outputs are [time, batch, …], not [batch, time, …].
        impute_finished: whether outputs are 0 and states stay once a sequence finished.
        maximum_iterations: the most steps; None: as many as it takes.
        parallel_iterations: how many steps may run at once.
        swap_memory: whether tensors for gradients may be kept in the host's memory.
        scope: of the variables; None: `decoder`.
        kwargs: for decoders of TF 2; not used here.

    Returns:
        The outputs, the last state, and how long the sequences are.

    Raises:
        TypeError: it is no decoder.
        ValueError: maximum_iterations is no scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(
            f"Expected decoder to be type Decoder, but saw: {type(decoder)}"
        )
    with variable_scope(scope, "decoder") as opened:
        cache_variables(opened)
        if maximum_iterations is not None:
            maximum_iterations = convert_to_tensor(
                maximum_iterations, dtype=dtypes.int32, name="maximum_iterations"
            )
            if maximum_iterations.get_shape().ndims != 0:
                raise ValueError("maximum_iterations must be a scalar")
        loop = _Loop(decoder, impute_finished, maximum_iterations)
        _, arrays, state, _, _, lengths = while_loop(
            loop.condition,
            loop.body,
            loop_vars=loop.start(),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = nest.map_structure(lambda one: one.stack(), arrays)
        with suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
    return outputs, state, lengths


class _Loop:
    """The body of the loop around a decoder, and what it starts with."""

    def __init__(
        self, decoder: Decoder, impute_finished: bool, maximum_iterations: Any
    ) -> None:
        self._decoder = decoder
        self._impute = impute_finished
        finished, self._inputs, self._state = decoder.initialize()
        self._zeros = nest.map_structure(
            lambda size, dtype: zero_state_tensors(size, decoder.batch_size, dtype),
            decoder.output_size,
            decoder.output_dtype,
        )
        if maximum_iterations is not None:
            none_allowed = maximum_iterations <= 0
            finished = math.logical_or(finished, none_allowed)
        self._finished = finished

    def start(self) -> tuple[Any, ...]:
        """Time, outputs, state, inputs, who has finished, lengths."""
        lengths = array.zeros_like(self._finished, dtype=dtypes.int32)
        time = constants.constant(0, dtype=dtypes.int32)
        arrays = nest.map_structure(
            self._array, self._decoder.output_size, self._decoder.output_dtype
        )
        return time, arrays, self._state, self._inputs, self._finished, lengths

    def _array(self, size: Any, dtype: Any) -> TensorArray:
        shape = None
        if isinstance(size, TensorShape) and size.ndims != 0:
            batch_size = convert_to_tensor(self._decoder.batch_size, name="batch_size")
            shape = TensorShape([static_value(batch_size)]).concatenate(size)
        return TensorArray(dtype=dtype, size=0, dynamic_size=True, element_shape=shape)

    @staticmethod
    def condition(
        _time: Any, _arrays: Any, _state: Any, _inputs: Any, finished: Any, _len: Any
    ) -> Any:
        """Whether a sequence has not finished."""
        return math.logical_not(math.reduce_all(finished))

    def body(
        self,
        time: Any,
        arrays: Any,
        state: Any,
        inputs: Any,
        finished: Any,
        lengths: Any,
    ) -> tuple[Any, ...]:
        """One step."""
        outputs, new_state, new_inputs, done = self._decoder.step(time, inputs, state)
        if not self._decoder.tracks_own_finished:
            done = math.logical_or(done, finished)
        new_lengths = where(
            math.logical_not(finished),
            array.fill(array.shape(lengths), time + 1),
            lengths,
        )
        nest.assert_same_structure(state, new_state)
        nest.assert_same_structure(arrays, outputs)
        nest.assert_same_structure(inputs, new_inputs)
        if self._impute:
            outputs = nest.map_structure(
                lambda out, zero: where(finished, zero, out), outputs, self._zeros
            )
            new_state = nest.map_structure(
                lambda new, old: _kept(new, old, finished), new_state, state
            )
        arrays = nest.map_structure(
            lambda one, out: one.write(time, out), arrays, outputs
        )
        return time + 1, arrays, new_state, new_inputs, done, new_lengths


def _kept(new: Any, old: Any, finished: Any) -> Any:
    """The new state, or the old one of sequences that have finished."""
    if isinstance(old, TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.ndims == 0 else where(finished, old, new)
