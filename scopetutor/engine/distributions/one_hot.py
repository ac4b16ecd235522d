"""`tf.contrib.distributions.OneHotCategorical`: one of several classes, as a vector.

After ``logits.py``; what `Categorical` draws by number, it draws as a 1 among zeros.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import assert_near, assert_non_positive
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.gathering import one_hot
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.matrices import matrix_set_diag
from scopetutor.engine.ops.random import multinomial
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.ops.softmax import (
    log_softmax,
    softmax,
    softmax_cross_entropy_with_logits,
)
from scopetutor.engine.surroundings import name_scope

from .distribution import NOT_REPARAMETERIZED
from .divergence import formula
from .logits import OfLogits, batch_rank, get_logits_and_probs
from .moved import moved_from_contrib


class OneHotCategorical(OfLogits):
    """One of several classes, as a vector of zeros and a 1.

    Args:
        logits: [..., classes], log-odds; None: `probs` are given.
        probs: [..., classes], probabilities; None: `logits` are given.
        dtype: of samples.
        validate_args: whether arguments are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.

    Raises:
        ValueError: none or both of logits and probs are given.
    """

    @moved_from_contrib("OneHotCategorical.__init__", "onehot_categorical")
    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "OneHotCategorical",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[logits, probs]) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, several=True, validate_args=validate_args, name=scope
            )
            self._batch_rank = batch_rank(self._logits)
            with name_scope(name="event_size"):
                self._event_size = array.shape(self._logits)[-1]
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=scope,
        )

    @property
    def event_size(self) -> Any:
        """How many classes there are, as a tensor."""
        return self._event_size

    def _batch_shape_tensor(self) -> Any:
        return array.shape(self.logits)[:-1]

    def _batch_shape(self) -> Any:
        return self.logits.get_shape()[:-1]

    def _event_shape_tensor(self) -> Any:
        return array.shape(self.logits)[-1:]

    def _event_shape(self) -> Any:
        return self.logits.get_shape().with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        shape = concat([[n], array.shape(self.logits)], 0)
        flat = self.logits
        if flat.get_shape().ndims != 2:
            flat = reshape(flat, [-1, self.event_size])
        drawn = transpose(multinomial(flat, n, seed=seed))
        return reshape(one_hot(drawn, self.event_size, dtype=self.dtype), shape)

    def _log_prob(self, value: Any) -> Any:
        value, logits = self._valid(value), self.logits
        shapes = value.get_shape(), logits.get_shape()
        known = shapes[0].is_fully_defined() and shapes[1].is_fully_defined()
        if not known or shapes[0] != shapes[1]:
            logits = array.ones_like(value, dtype=logits.dtype) * logits
            value = array.ones_like(logits, dtype=value.dtype) * value
        shape = array.shape(math.reduce_sum(logits, -1))
        rows = reshape(logits, [-1, self.event_size])
        labels = reshape(value, [-1, self.event_size])
        cost = softmax_cross_entropy_with_logits(labels=labels, logits=rows)
        return reshape(-cost, shape)

    def _entropy(self) -> Any:
        return -math.reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Any:
        found = math.argmax(self.logits, axis=self._batch_rank)
        found = one_hot(found, self.event_size, dtype=self.dtype)
        found.set_shape(self.logits.get_shape())
        return found

    def _covariance(self) -> Any:
        products = -math.matmul(self.probs[..., None], self.probs[..., None, :])
        return matrix_set_diag(products, self._variance())

    def _variance(self) -> Any:
        return self.probs * (1.0 - self.probs)

    def _valid(self, value: Any) -> Any:
        if not self.validate_args:
            return value
        checks = [
            assert_non_positive(value),
            assert_near(
                array.zeros([], dtype=self.dtype),
                math.reduce_logsumexp(value, axis=[-1]),
            ),
        ]
        return with_dependencies(checks, value)


@formula(OneHotCategorical)
def _divergence(
    a: OneHotCategorical, b: OneHotCategorical, name: str | None = None
) -> Any:
    values = [a.logits, b.logits]
    with name_scope(name, "kl_categorical_categorical", values=values):
        shares = softmax(a.logits)
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return math.reduce_sum(shares * difference, axis=-1)
