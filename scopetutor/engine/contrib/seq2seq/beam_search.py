"""`tf.contrib.seq2seq.BeamSearchDecoder`: keeps the best of many sequences.

A Decoder for `dynamic_decode`. Its steps are those of ``beam_scores.py``; what they
found is put in order at the end, TensorArrays of the state too.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from scopetutor.engine import defaults, dtypes, nest, tf_logging
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keras.layer import Layer
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.beams import gather_tree
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.ops.gathering import gather_nd, one_hot, where
from scopetutor.engine.ops.joining import concat, stack, tile
from scopetutor.engine.ops.padding import sequence_mask
from scopetutor.engine.ops.reshaping import expand_dims, reshape, transpose
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.rnn.cell import assert_like_rnncell
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from .beam_scores import (
    Beams,
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    attention_of,
    beam_search_step,
    check_known_rank,
)
from .decoding import Decoder, rnn_output_size

FinalBeamSearchDecoderOutput = namedtuple(  # type: ignore[name-match]  # TF 1.15
    "FinalBeamDecoderOutput", ("predicted_ids", "beam_search_decoder_output")
)


class BeamSearchDecoder(Decoder):
    """Makes steps with a cell, for several sequences of each entry of the batch.

    Args:
        cell: one step; its state is for batch * beam_width sequences.
        embedding: a variable whose rows are the inputs, or a function of ids.
        start_tokens: [batch], int32: the first ids.
        end_token: the id that ends a sequence.
        initial_state: the first state, as `tile_batch` gives it.
        beam_width: how many sequences are kept.
        output_layer: applied to the cell's outputs; None: nothing is.
        length_penalty_weight: how much long sequences are preferred.
        coverage_penalty_weight: how much is lost by what was not attended to.
        reorder_tensor_arrays: whether TensorArrays in the state are put in order.

    Raises:
        TypeError: an argument is not what it should be.
        ValueError: start_tokens is no vector, or end_token no scalar.
    """

    def __init__(
        self,
        cell: Any,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        initial_state: Any,
        beam_width: int,
        output_layer: Any = None,
        length_penalty_weight: Any = 0.0,
        coverage_penalty_weight: Any = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        assert_like_rnncell("cell", cell)
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(
                f"output_layer must be a Layer, received: {type(output_layer)}"
            )
        self._cell = cell
        self._output_layer = output_layer
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._beam_width = beam_width
        self._embedding_fn = (
            embedding
            if callable(embedding)
            else lambda ids: embedding_lookup(embedding, ids)
        )
        tokens, end = _tokens(start_tokens, end_token)
        self._batch_size = array.size(start_tokens)
        self._beams = Beams(
            self._batch_size,
            beam_width,
            end,
            length_penalty_weight,
            coverage_penalty_weight,
        )
        self._initial_cell_state = nest.map_structure(
            self._split_if_batched, initial_state, cell.state_size
        )
        self._start_tokens = tile(expand_dims(tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        self._finished = one_hot(
            self._zeros(),
            beam_width,
            on_value=False,
            off_value=True,
            dtype=dtypes.bool_,
        )

    def _zeros(self) -> Any:
        """Of the first beam of each entry of the batch."""
        return array.zeros([self._batch_size], dtype=dtypes.int32)

    @property
    def batch_size(self) -> Any:
        """How many entries the batch has."""
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """Yes: a beam that finished may be followed by one that has not."""
        return True

    @property
    def output_size(self) -> Any:
        """Scores, ids and parents: one each for every beam."""
        return BeamSearchDecoderOutput(
            *(TensorShape([self._beam_width]) for _ in range(3))
        )

    @property
    def output_dtype(self) -> Any:
        """That of the state for scores; ids and parents are int32."""
        sizes = rnn_output_size(self._cell, self._output_layer)
        return BeamSearchDecoderOutput(
            nest.map_structure(lambda _: self._state_dtype(), sizes),
            dtypes.int32,
            dtypes.int32,
        )

    def _state_dtype(self) -> Any:
        return nest.flatten(self._initial_cell_state)[0].dtype

    def initialize(self, name: str | None = None) -> Any:
        """Nobody but the first beam is possible at first."""
        dtype = self._state_dtype()
        log_probs = one_hot(
            self._zeros(),
            depth=self._beam_width,
            on_value=convert_to_tensor(0.0, dtype=dtype),
            off_value=convert_to_tensor(-np.inf, dtype=dtype),
            dtype=dtype,
        )
        attended = attention_of(
            self._initial_cell_state, self._beams.coverage_penalty_weight
        )
        sizes = [self._batch_size, self._beam_width]
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=log_probs,
            finished=self._finished,
            lengths=array.zeros(sizes, dtype=dtypes.int64),
            accumulated_attention_probs=() if attended is None else attended,
        )
        return self._finished, self._start_inputs, state

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """One step of the cell for all beams, and the best continuations."""
        sizes = self._cell.state_size
        with name_scope(name, "BeamSearchDecoderStep", (time, inputs, state)):
            inputs = nest.map_structure(
                lambda one: self._merge(one, one.shape[2:]), inputs
            )
            cell_state = nest.map_structure(
                self._merge_if_batched, state.cell_state, sizes
            )
            outputs, next_cell_state = self._cell(inputs, cell_state)
            outputs = nest.map_structure(
                lambda one: self._split(one, one.shape[1:]), outputs
            )
            next_cell_state = nest.map_structure(
                self._split_if_batched, next_cell_state, sizes
            )
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            made, next_state = beam_search_step(
                self._beams, time, outputs, next_cell_state, state
            )
            next_inputs = cond(
                math.reduce_all(next_state.finished),
                lambda: self._start_inputs,
                lambda: self._embedding_fn(made.predicted_ids),
            )
        return made, next_state, next_inputs, next_state.finished

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """The sequences, each from its end back to its beginning."""
        longest = math.cast(math.reduce_max(final_state.lengths, axis=1), dtypes.int32)
        predicted = gather_tree(
            outputs.predicted_ids,
            outputs.parent_ids,
            max_sequence_lengths=longest,
            end_token=self._beams.end_token,
        )
        if self._reorder_tensor_arrays:
            in_order = nest.map_structure(
                lambda one: self._sorted(one, outputs.parent_ids, final_state.lengths),
                final_state.cell_state,
            )
            final_state = final_state._replace(cell_state=in_order)
        return FinalBeamSearchDecoderOutput(predicted, outputs), final_state

    # -- [batch * beam, ...] and [batch, beam, ...] -----------------------------------

    def _merge(self, tensor: Any, size: Any) -> Any:
        rest = _known(size)
        sizes = array.shape(tensor)
        batch = static_value(self._batch_size)
        known = None if batch is None else batch * self._beam_width
        total = self._batch_size * self._beam_width
        merged = reshape(tensor, concat(([total], sizes[2:]), 0))
        merged.set_shape(TensorShape([known]).concatenate(rest))
        return merged

    def _split(self, tensor: Any, size: Any) -> Any:
        rest = _known(size)
        sizes = array.shape(tensor)
        beams = [self._batch_size, self._beam_width]
        made = reshape(tensor, concat((beams, sizes[1:]), 0))
        batch = static_value(self._batch_size)
        wanted = TensorShape([batch, self._beam_width]).concatenate(rest)
        if not made.shape.is_compatible_with(wanted):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size. "
                f" The reshaped tensor has shape: {made.shape}.  We expected it to "
                f"have shape (batch_size, beam_width, depth) == {wanted}.  Perhaps you "
                "forgot to create a zero_state with "
                "batch_size=encoder_batch_size * beam_width?"
            )
        made.set_shape(wanted)
        return made

    def _split_if_batched(self, tensor: Any, size: Any) -> Any:
        if isinstance(tensor, TensorArray):
            return tensor
        check_known_rank(tensor)
        return self._split(tensor, size) if tensor.shape.ndims >= 1 else tensor

    def _merge_if_batched(self, tensor: Any, size: Any) -> Any:
        if isinstance(tensor, TensorArray):
            return tensor
        check_known_rank(tensor)
        return self._merge(tensor, size) if tensor.shape.ndims >= 2 else tensor

    # -- TensorArrays ------------------------------------------------------------------

    def _sorted(self, tensors: Any, parent_ids: Any, lengths: Any) -> Any:
        """A TensorArray as one tensor, each beam with its own history."""
        if not isinstance(tensors, TensorArray):
            return tensors
        shape = tensors.element_shape
        if not shape.ndims:
            tf_logging.warn(
                f"The TensorArray {tensors.handle.name} in the cell state is not "
                "amenable to sorting based on the beam search result. For a "
                "TensorArray to be sorted, its elements shape must be defined and have "
                f"at least a rank of 1, but saw shape: {shape}"
            )
            return tensors
        if not self._may_fit(shape):
            return tensors
        stacked = tensors.stack()
        with control_dependencies([self._check_fits(stacked)]):
            return _from_tree(stacked, parent_ids, lengths)

    def _may_fit(self, shape: Any) -> bool:
        """Whether elements of a shape can be [batch, beam, ...]; warns if not."""
        batch, width = static_value(self._batch_size), self._beam_width
        first = shape[0].value
        second = shape[1].value if shape.ndims >= 2 else None
        if batch is None or first is None:
            return True
        fits = first == batch * width
        if fits and second is not None:
            fits = (first, second) == (batch, width)
        if not fits:
            tf_logging.warn(
                "TensorArray reordering expects elements to be reshapable to "
                f"{TensorShape([batch, width, None])} which is incompatible with the "
                f"current shape {shape}. Consider setting reorder_tensor_arrays to "
                "False to disable TensorArray reordering during the beam search."
            )
        return bool(fits)

    def _check_fits(self, stacked: Any) -> Any:
        what = stacked if defaults.state.eager else stacked.name
        message = (
            "TensorArray reordering expects elements to be reshapable to [batch_size, "
            "beam_size, -1] which is incompatible with the dynamic shape of "
            f"{what} elements. Consider setting reorder_tensor_arrays to False to "
            "disable TensorArray reordering during the beam search."
        )
        shape = array.shape(stacked)
        fits = math.equal(shape[1], self._batch_size * self._beam_width)
        if stacked.shape.ndims != 2:
            in_beams = math.logical_and(
                math.equal(shape[1], self._batch_size),
                math.equal(shape[2], self._beam_width),
            )
            fits = math.logical_or(fits, in_beams)
        return Assert(fits, [message])


def _tokens(start_tokens: Any, end_token: Any) -> tuple[Any, Any]:
    start = convert_to_tensor(start_tokens, dtype=dtypes.int32, name="start_tokens")
    if start.get_shape().ndims != 1:
        raise ValueError("start_tokens must be a vector")
    end = convert_to_tensor(end_token, dtype=dtypes.int32, name="end_token")
    if end.get_shape().ndims != 0:
        raise ValueError("end_token must be a scalar")
    return start, end


def _known(size: Any) -> TensorShape:
    return TensorShape(static_value(size) if isinstance(size, Tensor) else size)


def _from_tree(stacked: Any, parent_ids: Any, lengths: Any) -> Any:
    """[time, batch * beam, ...] in the order of the sequences that were found."""
    times, batch, width = (
        parent_ids.shape[i].value or array.shape(parent_ids)[i] for i in range(3)
    )
    beam_ids = expand_dims(expand_dims(math.range_(width), 0), 0)
    beam_ids = tile(beam_ids, [times, batch, 1])
    longest = math.cast(math.reduce_max(lengths, axis=1), dtypes.int32)
    in_order = gather_tree(
        step_ids=beam_ids,
        parent_ids=parent_ids,
        max_sequence_lengths=longest,
        end_token=width + 1,
    )
    inside = transpose(sequence_mask(lengths, maxlen=times), perm=[2, 0, 1])
    in_order = where(inside, x=in_order, y=beam_ids)
    at_time = tile(reshape(math.range_(times), [-1, 1, 1]), [1, batch, width])
    in_batch = tile(reshape(math.range_(batch), [-1, 1, 1]), [1, times, width])
    in_batch = transpose(in_batch, perm=[1, 0, 2])
    indices = stack([at_time, in_batch, in_order], -1)
    final = array.shape(stacked)
    ordered = gather_nd(reshape(stacked, [times, batch, width, -1]), indices)
    return reshape(ordered, final)
