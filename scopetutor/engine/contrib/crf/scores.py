"""How likely a sequence of tags is, given a score for each tag and each transition.

After cells. `inputs` is float [batch, length, tags], `tag_indices` integer
[batch, length], `sequence_lengths` integer [batch], `transition_params` [tags, tags].
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import (
    array,
    gathering,
    joining,
    math,
    padding,
    reshaping,
    slicing,
)
from scopetutor.engine.rnn.dynamic import dynamic_rnn
from scopetutor.engine.scopes import get_variable

from .branches import by_length, first_of, less_one, rest_of, zero_if_empty
from .cells import CrfForwardRnnCell


def crf_log_likelihood(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any = None
) -> tuple[Any, Any]:
    """The logarithm of the probability of tags, [batch], and the transitions.

    Without `transition_params` they are the variable `transitions` of the scope.
    """
    num_tags = inputs.shape[2].value
    if transition_params is None:
        transition_params = get_variable("transitions", [num_tags, num_tags])
    scores = crf_sequence_score(
        inputs, tag_indices, sequence_lengths, transition_params
    )
    log_norm = crf_log_norm(inputs, sequence_lengths, transition_params)
    return scores - log_norm, transition_params


def crf_sequence_score(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """The score of each sequence of tags, [batch]."""

    def one() -> Any:
        kind = tag_indices.dtype
        batch_size = array.shape(inputs, out_type=kind)[0]
        rows = reshaping.reshape(math.range_(batch_size, dtype=kind), [-1, 1])
        scores = gathering.gather_nd(
            reshaping.squeeze(inputs, [1]), joining.concat([rows, tag_indices], axis=1)
        )
        return zero_if_empty(sequence_lengths, scores)

    def more() -> Any:
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        binary = crf_binary_score(tag_indices, sequence_lengths, transition_params)
        return unary + binary

    return by_length(inputs, one, more)


def crf_multitag_sequence_score(
    inputs: Any, tag_bitmap: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """The sum over all sequences of allowed tags, in logarithms; [batch].

    Args:
        inputs: scores.
        tag_bitmap: bool [batch, length, tags]: which tags are allowed.
        sequence_lengths: of the sequences.
        transition_params: scores.
    """

    def allowed() -> Any:
        never = array.fill(array.shape(inputs), float("-inf"))
        return gathering.where(tag_bitmap, inputs, never)

    return by_length(
        inputs,
        lambda: math.reduce_logsumexp(allowed(), axis=[1, 2], keepdims=False),
        lambda: crf_log_norm(allowed(), sequence_lengths, transition_params),
    )


def crf_log_norm(inputs: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """The sum over all sequences of tags, in logarithms; [batch]."""
    first = first_of(inputs)

    def one() -> Any:
        return zero_if_empty(sequence_lengths, math.reduce_logsumexp(first, [1]))

    def more() -> Any:
        rest = rest_of(inputs)
        cell = CrfForwardRnnCell(transition_params)
        _, alphas = dynamic_rnn(
            cell=cell,
            inputs=rest,
            sequence_length=less_one(sequence_lengths),
            initial_state=first,
            dtype=dtypes.float32,
        )
        return zero_if_empty(sequence_lengths, math.reduce_logsumexp(alphas, [1]))

    return by_length(inputs, one, more)


def crf_unary_score(tag_indices: Any, sequence_lengths: Any, inputs: Any) -> Any:
    """The sum of the scores of each sequence's tags; [batch]."""
    batch_size = array.shape(inputs)[0]
    length = array.shape(inputs)[1]
    num_tags = array.shape(inputs)[2]
    flat = reshaping.reshape(inputs, [-1])
    offsets = reshaping.expand_dims(math.range_(batch_size) * length * num_tags, 1)
    offsets += reshaping.expand_dims(math.range_(length) * num_tags, 0)
    if tag_indices.dtype == dtypes.int64:
        offsets = math.cast(offsets, dtypes.int64)
    places = reshaping.reshape(offsets + tag_indices, [-1])
    scores = reshaping.reshape(gathering.gather(flat, places), [batch_size, length])
    return math.reduce_sum(scores * _mask(sequence_lengths, tag_indices), 1)


def crf_binary_score(
    tag_indices: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """The sum of the scores of each sequence's transitions; [batch]."""
    num_tags = transition_params.get_shape()[0]
    count = array.shape(tag_indices)[1] - 1
    starts = slicing.slice(tag_indices, [0, 0], [-1, count])
    ends = slicing.slice(tag_indices, [0, 1], [-1, count])
    places = starts * num_tags + ends
    scores = gathering.gather(reshaping.reshape(transition_params, [-1]), places)
    mask = _mask(sequence_lengths, tag_indices)
    return math.reduce_sum(scores * slicing.slice(mask, [0, 1], [-1, -1]), 1)


def _mask(lengths: Any, tag_indices: Any) -> Any:
    """1 where a sequence has an element, 0 beyond its end; [batch, length]."""
    longest = array.shape(tag_indices)[1]
    return padding.sequence_mask(lengths, maxlen=longest, dtype=dtypes.float32)
