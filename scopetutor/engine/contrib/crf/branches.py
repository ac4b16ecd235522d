"""Sequences of one element need no transitions; which they are may be known only later.

Before `scores` and `decoding`. Where the length is known while the graph is built, only
one of the two ways is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants
from scopetutor.engine.ops import array, gathering, math, reshaping, slicing
from scopetutor.engine.smart_cond import smart_cond

if TYPE_CHECKING:
    from collections.abc import Callable


def by_length(inputs: Any, one: Callable[[], Any], more: Callable[[], Any]) -> Any:
    """What `one` gives if sequences, inputs' second axis, are one long, else `more`."""
    length = inputs.shape[1].value or array.shape(inputs)[1]
    return smart_cond(math.equal(length, 1), true_fn=one, false_fn=more)


def first_of(inputs: Any) -> Any:
    """The first element of each sequence: [batch, tags]."""
    return reshaping.squeeze(slicing.slice(inputs, [0, 0, 0], [-1, 1, -1]), [1])


def rest_of(inputs: Any) -> Any:
    """All elements but the first: [batch, length - 1, tags]."""
    return slicing.slice(inputs, [0, 1, 0], [-1, -1, -1])


def less_one(lengths: Any) -> Any:
    """How many transitions sequences of some lengths have; none of an empty one."""
    nothing = constants.constant(0, dtype=lengths.dtype)
    return math.maximum(nothing, lengths - 1)


def zero_if_empty(lengths: Any, values: Any) -> Any:
    """Values of sequences; 0 for those of no element."""
    empty = math.less_equal(lengths, 0)
    return gathering.where(empty, array.zeros_like(values), values)
