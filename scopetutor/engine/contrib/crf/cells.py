"""What a conditional random field does from one element of a sequence to the next.

Cells for `dynamic_rnn`, without variables; before `scores` and `decoding`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import array, gathering, joining, math, reshaping
from scopetutor.engine.rnn.cell import RNNCell


class _OverTags(RNNCell):
    """A cell whose state has a number for each tag.

    Args:
        transition_params: [tags, tags], how well the second follows the first.
    """

    def __init__(self, transition_params: Any) -> None:
        # No layer: nothing is built, and nothing named.
        self._transition_params = reshaping.expand_dims(transition_params, 0)
        self._num_tags = transition_params.shape[0].value

    @property
    def state_size(self) -> Any:
        """How many tags there are."""
        return self._num_tags

    @property
    def output_size(self) -> Any:
        """How many tags there are."""
        return self._num_tags

    def _transition_scores(self, state: Any) -> Any:
        return reshaping.expand_dims(state, 2) + self._transition_params


class CrfForwardRnnCell(_OverTags):
    """The sums over all ways to each tag, in logarithms."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The sums after one more element, twice."""
        scores = self._transition_scores(state)
        new_alphas = inputs + math.reduce_logsumexp(scores, [1])
        return new_alphas, new_alphas


class CrfDecodeForwardRnnCell(_OverTags):
    """The best way to each tag, and where it came from."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """From which tag each is reached best, int32, and the scores of it."""
        scores = self._transition_scores(state)
        new_state = inputs + math.reduce_max(scores, [1])
        backpointers = math.cast(math.argmax(scores, 1), dtype=dtypes.int32)
        return backpointers, new_state


class CrfDecodeBackwardRnnCell(RNNCell):
    """From the last tag back along the best way.

    Args:
        num_tags: how many there are.
    """

    def __init__(self, num_tags: Any) -> None:
        self._num_tags = num_tags

    @property
    def state_size(self) -> int:
        """One tag."""
        return 1

    @property
    def output_size(self) -> int:
        """One tag."""
        return 1

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """The tag before, twice."""
        state = reshaping.squeeze(state, axis=[1])
        rows = math.range_(array.shape(inputs)[0])
        places = joining.stack([rows, state], axis=1)
        new_tags = reshaping.expand_dims(gathering.gather_nd(inputs, places), axis=-1)
        return new_tags, new_tags
