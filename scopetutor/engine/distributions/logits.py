"""Logits from probabilities, and the other way round.

Before ``categorical.py``. TF 1.15: exactly one of the two may be given.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import (
    assert_less_equal,
    assert_near,
    assert_non_negative,
)
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.surroundings import name_scope

from .distribution import Distribution


class OfLogits(Distribution):
    """A distribution that has logits and probabilities."""

    _logits: Any
    _probs: Any

    @property
    def logits(self) -> Any:
        """The log-odds."""
        return self._logits

    @property
    def probs(self) -> Any:
        """The probabilities."""
        return self._probs


def batch_rank(logits: Any) -> Any:
    """How many dimensions logits have besides that of the classes, as a tensor."""
    known = logits.get_shape().with_rank_at_least(1)
    if known.ndims is not None:
        return convert_to_tensor(known.ndims - 1, dtype=dtypes.int32, name="batch_rank")
    with name_scope(name="batch_rank"):
        return array.rank(logits) - 1


def get_logits_and_probs(
    logits: Any, probs: Any, *, several: bool, validate_args: bool, name: Any
) -> tuple[Any, Any]:
    """Both, when one of them is given.

    Args:
        logits: log-odds; None: `probs` are given.
        probs: probabilities; None: `logits` are given.
        several: whether the last axis is one distribution over several values.
        validate_args: whether probabilities are checked when the graph runs.
        name: of the operations.

    Raises:
        ValueError: none or both are given.
        TypeError: they are not floating.
    """
    with name_scope(name, values=[probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        if probs is None:
            logits = convert_to_tensor(logits, name="logits")
            if not logits.dtype.is_floating:
                raise TypeError("logits must having floating type.")
            make = softmax if several else math.sigmoid
            return logits, make(logits, name="probs")
        probs = convert_to_tensor(probs, name="probs")
        if not probs.dtype.is_floating:
            raise TypeError("probs must having floating type.")
        if validate_args:
            probs = _checked(probs, several)
        with name_scope("logits"):
            if several:
                return math.log(probs), probs
            return math.log(probs) - math.log1p(-1.0 * probs), probs


def _checked(probs: Any, several: bool) -> Any:
    with name_scope("validate_probs"):
        one = constants.constant(1.0, probs.dtype)
        checks = [assert_non_negative(probs)]
        if several:
            total = math.reduce_sum(probs, -1)
            checks.append(assert_near(total, one, message="probs does not sum to 1."))
        else:
            message = "probs has components greater than 1."
            checks.append(assert_less_equal(probs, one, message=message))
        return with_dependencies(checks, probs)
