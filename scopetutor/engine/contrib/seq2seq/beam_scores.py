"""One step of a beam search: which of all continuations are the best.

Before ``beam_search.py``, the decoder that makes these steps with a cell.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import gather, one_hot, where
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.ops.softmax import log_softmax
from scopetutor.engine.ops.sorting import top_k
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from .wrapper import AttentionWrapperState

if TYPE_CHECKING:
    from collections.abc import Iterable

BeamSearchDecoderState = namedtuple(
    "BeamSearchDecoderState",
    ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"),
)
BeamSearchDecoderOutput = namedtuple(
    "BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids")
)


@dataclass(frozen=True)
class Beams:
    """What is the same in every step of a search."""

    batch_size: Any
    width: int
    end_token: Any
    length_penalty_weight: Any
    coverage_penalty_weight: Any

    def gathered(
        self, indices: Any, source: Any, size: Any, shape: Any, name: Any = None
    ) -> Any:
        """What stands at the indices of each batch, of `size` places in a row."""
        with name_scope(name, "tensor_gather_helper"):
            starts = expand_dims(math.range_(self.batch_size) * size, 1)
            indices = reshape(indices + starts, [-1])
            output = gather(reshape(source, shape), indices)
            final = array.shape(source)[: 1 + len(shape)]
            batch = static_value(self.batch_size)
            known = TensorShape([batch]).concatenate(source.shape[1 : 1 + len(shape)])
            output = reshape(output, final, name="output")
            output.set_shape(known)
            return output

    def of_beams(self, beams: Any, source: Any) -> Any:
        """What belongs to the chosen beams, of one value for each."""
        return self.gathered(beams, source, self.width, [-1])

    def of_states(self, beams: Any, states: Any) -> Any:
        """The states of the chosen beams; TensorArrays and vectors stay."""

        def chosen(one: Any) -> Any:
            rows = self._rows()  # TF 1.15: made even where nothing is chosen
            if isinstance(one, TensorArray):
                return one
            check_known_rank(one)
            if one.shape.ndims < 2:
                return one
            return self.gathered(beams, one, self.width, rows)

        return nest.map_structure(chosen, states)

    def of_attention(self, beams: Any, source: Any) -> Any:
        """What the chosen beams have attended to."""
        name = "next_accumulated_attention_probs"
        return self.gathered(beams, source, self.width, self._rows(), name)

    def _rows(self) -> list[Any]:
        return [self.batch_size * self.width, -1]


def check_known_rank(tensor: Any) -> None:
    """ValueError unless a tensor's rank is known."""
    if tensor.shape.ndims is None:
        raise ValueError(
            f"Expected tensor ({tensor}) to have known rank, but ndims == None."
        )


def beam_search_step(
    beams: Beams, time: Any, logits: Any, next_cell_state: Any, state: Any
) -> tuple[Any, Any]:
    """The best continuations of all beams.

    Args:
        beams: what is the same in every step.
        time: which step it is.
        logits: [batch, beam, vocabulary].
        next_cell_state: of all beams.
        state: a BeamSearchDecoderState.

    Returns:
        A BeamSearchDecoderOutput and the next BeamSearchDecoderState.
    """
    running = math.logical_not(state.finished)
    log_probs = _masked(log_softmax(logits), beams.end_token, state.finished)
    total = expand_dims(state.log_probs, 2) + log_probs
    vocabulary = logits.shape[-1].value or array.shape(logits)[-1]
    lengths = _continued_lengths(beams, vocabulary, running, state.lengths)
    attended = _accumulated_attention(beams, next_cell_state, state, running)
    scores = _scores(beams, total, lengths, state.finished, attended)
    time = convert_to_tensor(time, name="time")
    best, words = _best(beams, scores)
    probs = beams.gathered(
        words, total, beams.width * vocabulary, [-1], "next_beam_probs"
    )
    ids = math.mod(words, vocabulary, name="next_beam_word_ids")
    ids = math.cast(ids, dtypes.int32)
    parents = math.cast(words / vocabulary, dtypes.int32, name="next_beam_parent_ids")
    were_finished = beams.of_beams(parents, state.finished)
    finished = math.logical_or(
        were_finished, math.equal(ids, beams.end_token), name="next_beam_finished"
    )
    longer = math.cast(math.logical_not(were_finished), dtypes.int64)
    next_lengths = beams.of_beams(parents, state.lengths)
    next_lengths += longer
    next_attended: Any = ()
    if attended is not None:
        next_attended = beams.of_attention(parents, attended)
    next_state = BeamSearchDecoderState(
        cell_state=beams.of_states(parents, next_cell_state),
        log_probs=probs,
        lengths=next_lengths,
        finished=finished,
        accumulated_attention_probs=next_attended,
    )
    return BeamSearchDecoderOutput(best, ids, parents), next_state


def _masked(probs: Any, end_token: Any, finished: Any) -> Any:
    """Finished beams go on with the end, and with nothing else."""
    vocabulary = array.shape(probs)[2]
    row = one_hot(
        end_token,
        vocabulary,
        dtype=probs.dtype,
        on_value=convert_to_tensor(0.0, dtype=probs.dtype),
        off_value=probs.dtype.min,
    )
    rows = tile(reshape(row, [1, 1, -1]), concat([array.shape(finished), [1]], 0))
    mask = tile(expand_dims(finished, 2), [1, 1, vocabulary])
    return where(mask, rows, probs)


def _continued_lengths(
    beams: Beams, vocabulary: Any, running: Any, lengths: Any
) -> Any:
    """How long all continuations would be: the end itself does not count."""
    added = one_hot(
        indices=array.fill([beams.batch_size, beams.width], beams.end_token),
        depth=vocabulary,
        on_value=math.to_int64(0),
        off_value=math.to_int64(1),
        dtype=dtypes.int64,
    )
    counts = math.cast(running, dtypes.int64)
    added *= expand_dims(counts, 2)
    return added + expand_dims(lengths, 2)


def _best(beams: Beams, scores: Any) -> tuple[Any, Any]:
    flat = reshape(scores, [beams.batch_size, -1])
    width = convert_to_tensor(beams.width, dtype=dtypes.int32, name="beam_width")
    best, words = top_k(flat, k=width)
    known = [static_value(beams.batch_size), beams.width]
    best.set_shape(known)
    words.set_shape(known)
    return best, words


# -- penalties -----------------------------------------------------------------------


def _mean_over_last(probs: Iterable[Any]) -> Any:
    joined = concat([expand_dims(one, -1) for one in probs], -1)
    return math.reduce_mean(joined, -1)


def attention_of(cell_state: Any, coverage_penalty_weight: Any) -> Any:
    """With which weights the cells attend; None if nobody asks.

    Raises:
        ValueError: no cell attends to anything.
    """
    if coverage_penalty_weight == 0.0:
        return None
    states = cell_state if isinstance(cell_state, tuple) else ()
    if isinstance(cell_state, AttentionWrapperState):
        states = (cell_state,)
    found = [
        _mean_over_last(state.alignments)
        if isinstance(state.alignments, tuple)
        else state.alignments
        for state in states
        if isinstance(state, AttentionWrapperState)
    ]
    if not found:
        raise ValueError(
            "coverage_penalty_weight must be 0.0 if no cell is attentional."
        )
    return found[0] if len(found) == 1 else _mean_over_last(found)


def _accumulated_attention(
    beams: Beams, next_cell_state: Any, state: Any, running: Any
) -> Any:
    probs = attention_of(next_cell_state, beams.coverage_penalty_weight)
    if probs is None:
        return None
    probs *= expand_dims(math.cast(running, dtypes.float32), 2)
    return state.accumulated_attention_probs + probs


def _scores(
    beams: Beams, log_probs: Any, lengths: Any, finished: Any, attended: Any
) -> Any:
    penalty = _length_penalty(lengths, beams.length_penalty_weight)
    scores = log_probs / math.cast(penalty, dtype=log_probs.dtype)
    weight = convert_to_tensor(
        beams.coverage_penalty_weight, name="coverage_penalty_weight"
    )
    if weight.shape.ndims != 0:
        raise ValueError(
            f"coverage_penalty_weight should be a scalar, but saw shape: {weight.shape}"
        )
    if static_value(weight) == 0.0:
        return scores
    attended = where(math.equal(attended, 0.0), array.ones_like(attended), attended)
    coverage = math.reduce_sum(math.log(math.minimum(attended, 1.0)), 2)
    coverage *= math.cast(finished, dtypes.float32)
    return scores + expand_dims(coverage * weight, 2)


def _length_penalty(lengths: Any, weight: Any) -> Any:
    """((5 + length) / 6) to the power of the weight."""
    weight = convert_to_tensor(weight, name="penalty_factor")
    weight.set_shape(())
    if static_value(weight) == 0:
        return 1.0
    return math.div(
        (5.0 + math.cast(lengths, dtypes.float32)) ** weight, (5.0 + 1.0) ** weight
    )
