"""How a decoder looks at an encoder's states.

Before decoding. The projection of the states does not depend on the step, and so is
made once, as a convolution with windows of one; each step asks with its own state.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes, nest
from scopetutor.engine.contrib.rnn.linear import Linear
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.conv import conv2d
from scopetutor.engine.ops.joining import concat, stack
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.scopes import get_variable


class Attention:
    """Heads that weigh states by a query: `AttnW_0`, `AttnV_0`, `Attention_0/kernel`.

    Args:
        states: [batch, steps, size].
        heads: how many.
        dtype: of the variables.
    """

    def __init__(self, states: Any, heads: int, dtype: Any) -> None:
        self._dtype = dtype
        shape = states.get_shape()
        self._length = shape[1].value
        if self._length is None:
            self._length = array.shape(states)[1]
        self._size: int = shape[2].value
        self._hidden = reshape(states, [-1, self._length, 1, self._size])
        self._features: list[Any] = []
        self._v: list[Any] = []
        for head in range(heads):
            kernel = get_variable(
                f"AttnW_{head}", [1, 1, self._size, self._size], dtype=dtype
            )
            features = conv2d(self._hidden, kernel, [1, 1, 1, 1], "SAME")
            self._features.append(features)
            self._v.append(get_variable(f"AttnV_{head}", [self._size], dtype=dtype))

    def nothing(self, batch_size: Any) -> list[Any]:
        """What is seen before the first step: zeros."""
        sizes = stack([batch_size, self._size])
        seen = [array.zeros(sizes, dtype=self._dtype) for _ in self._v]
        for one in seen:
            one.set_shape([None, self._size])
        return seen

    def __call__(self, query: Any) -> list[Any]:
        """What each head sees: the states, weighted.

        Args:
            query: a state, [batch, size] or several.
        """
        if nest.is_sequence(query):
            query = concat(nest.flatten(query), 1)
        return [self._look(head, query) for head in range(len(self._v))]

    def _look(self, head: int, query: Any) -> Any:
        with variable_scope(f"Attention_{head}"):
            asked = Linear(query, self._size, True)(query)
            asked = reshape(asked, [-1, 1, 1, self._size])
            asked = math.cast(asked, self._dtype)
            fit = math.tanh(self._features[head] + asked)
            score = math.reduce_sum(self._v[head] * fit, [2, 3])
            weights = softmax(math.cast(score, dtype=dtypes.float32))
            weights = math.cast(weights, self._dtype)
            weights = reshape(weights, [-1, self._length, 1, 1])
            seen = math.reduce_sum(weights * self._hidden, [1, 2])
            return reshape(seen, [-1, self._size])

    def with_input(self, given: Any, seen: list[Any]) -> Any:
        """A step's input and what was seen before it, made one.

        Raises:
            ValueError: the input's size is not known.
        """
        size = given.get_shape().with_rank(2)[1]
        if size.value is None:
            raise ValueError(f"Could not infer input size from input: {given.name}")
        return self._joined([given, *seen], size)

    def output(self, cell_output: Any, seen: list[Any], size: int) -> Any:
        """A step's output and what it saw, made one: `AttnOutputProjection`."""
        with variable_scope("AttnOutputProjection"):
            cell_output = math.cast(cell_output, self._dtype)
            return Linear([cell_output, *seen], size, True)([cell_output, *seen])

    def _joined(self, parts: list[Any], size: Any) -> Any:
        parts = [math.cast(part, self._dtype) for part in parts]
        return Linear(parts, size, True)(parts)
