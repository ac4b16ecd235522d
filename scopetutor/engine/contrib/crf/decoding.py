"""The best sequence of tags, given scores: in the graph, or of NumPy arrays.

After cells, which go forward and back through a sequence; after a training with scores.
`viterbi_decode` needs no graph.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.ops import joining, math, reshaping
from scopetutor.engine.rnn.dynamic import dynamic_rnn

from .branches import by_length, first_of, less_one, rest_of
from .cells import CrfDecodeBackwardRnnCell, CrfDecodeForwardRnnCell


def viterbi_decode(score: Any, transition_params: Any) -> tuple[list[Any], Any]:
    """The best tags of one sequence, and their score.

    Args:
        score: array [length, tags].
        transition_params: array [tags, tags].
    """
    best = np.zeros_like(score)
    origins = np.zeros_like(score, dtype=np.int32)
    best[0] = score[0]
    for place in range(1, score.shape[0]):
        ways = np.expand_dims(best[place - 1], 1) + transition_params
        best[place] = score[place] + np.max(ways, 0)
        origins[place] = np.argmax(ways, 0)
    tags: list[Any] = [np.argmax(best[-1])]
    for origin in reversed(origins[1:]):
        tags.append(origin[tags[-1]])
    tags.reverse()
    return tags, np.max(best[-1])


def crf_decode(
    potentials: Any, transition_params: Any, sequence_length: Any
) -> tuple[Any, Any]:
    """The best tags, int32 [batch, length], and their scores, [batch].

    Args:
        potentials: float [batch, length, tags].
        transition_params: [tags, tags].
        sequence_length: integer [batch].
    """

    def one() -> Any:
        scores = reshaping.squeeze(potentials, [1])
        tags = reshaping.expand_dims(math.argmax(scores, axis=1), 1)
        best_score = math.reduce_max(scores, axis=1)
        return math.cast(tags, dtype=dtypes.int32), best_score

    def more() -> Any:
        return _decode(potentials, transition_params, sequence_length)

    tags, scores = by_length(potentials, one, more)
    return tags, scores


def _decode(potentials: Any, transition_params: Any, lengths: Any) -> Any:
    """Forward to the scores of the last tags, and back along the best way."""
    forward = CrfDecodeForwardRnnCell(transition_params)
    first, rest = first_of(potentials), rest_of(potentials)
    steps = less_one(lengths)
    origins, last_scores = dynamic_rnn(
        forward,
        inputs=rest,
        sequence_length=steps,
        initial_state=first,
        time_major=False,
        dtype=dtypes.int32,
    )
    origins = apply("ReverseSequence", origins, steps, seq_dim=1)
    last_tags = math.cast(math.argmax(last_scores, axis=1), dtype=dtypes.int32)
    last_tags = reshaping.expand_dims(last_tags, axis=-1)
    tags, _ = dynamic_rnn(
        CrfDecodeBackwardRnnCell(potentials.shape[2].value),
        inputs=origins,
        sequence_length=steps,
        initial_state=last_tags,
        time_major=False,
        dtype=dtypes.int32,
    )
    tags = joining.concat([last_tags, reshaping.squeeze(tags, axis=[2])], axis=1)
    tags = apply("ReverseSequence", tags, lengths, seq_dim=1)
    return tags, math.reduce_max(last_scores, axis=1)
