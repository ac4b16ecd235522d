"""`tf.distributions.Categorical` and `Bernoulli`: one of several classes, 0 or 1.

After ``distribution.py``, which has the public methods, and ``logits.py``. TF 1.15:
what is drawn is int32, and no gradient goes through it.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import multinomial, random_uniform
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.ops.softmax import (
    log_softmax,
    sigmoid_cross_entropy_with_logits,
    softmax,
    sparse_softmax_cross_entropy_with_logits,
)
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope

from .distribution import NOT_REPARAMETERIZED
from .divergence import formula
from .logits import OfLogits, batch_rank, get_logits_and_probs
from .moved import moved
from .scalar import Scalar


class _Discrete(OfLogits, Scalar):
    """What the two share."""


class Categorical(_Discrete):
    """One of several classes, by number.

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

    @moved("Categorical.__init__", "categorical")
    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Categorical",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[logits, probs]) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, several=True, validate_args=validate_args, name=scope
            )
            self._set_sizes()
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=scope,
        )

    def _set_sizes(self) -> None:
        known = self._logits.get_shape().with_rank_at_least(1)
        self._batch_rank = batch_rank(self._logits)
        sizes = array.shape(self._logits, name="logits_shape")
        if known.ndims is not None and known[-1].value is not None:
            self._event_size = convert_to_tensor(
                known[-1].value, dtype=dtypes.int32, name="event_size"
            )
        else:
            with name_scope(name="event_size"):
                self._event_size = sizes[self._batch_rank]
        if known[:-1].is_fully_defined():
            self._batch_sizes = constants.constant(
                known[:-1].as_list(), dtype=dtypes.int32, name="batch_shape"
            )
        else:
            with name_scope(name="batch_shape"):
                self._batch_sizes = sizes[:-1]

    @property
    def event_size(self) -> Any:
        """How many classes there are."""
        return self._event_size

    def _batch_shape_tensor(self) -> Any:
        return array.identity(self._batch_sizes)

    def _batch_shape(self) -> Any:
        return self.logits.get_shape()[:-1]

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        flat = self.logits
        if flat.get_shape().ndims != 2:
            flat = reshape(self.logits, [-1, self.event_size])
        kind = dtypes.int64 if self.dtype.size > 4 else dtypes.int32
        draws = multinomial(flat, n, seed=seed, output_dtype=kind)
        turned = transpose(draws)
        draws = reshape(turned, concat([[n], self.batch_shape_tensor()], 0))
        return math.cast(draws, self.dtype)

    def _log_prob(self, value: Any) -> Any:
        value = convert_to_tensor(value, name="k")
        value, logits = self._broadcast(value, self.logits)
        return -sparse_softmax_cross_entropy_with_logits(labels=value, logits=logits)

    def _broadcast(self, value: Any, params: Any) -> tuple[Any, Any]:
        """Values and parameters of one batch shape."""
        if value.dtype.is_floating:
            value = math.cast(value, dtype=dtypes.int32)
        elif not value.dtype.is_integer:
            raise TypeError(
                "`value` should have integer `dtype` or `self.dtype` "
                f"({self.dtype.base_dtype})"
            )
        known = (
            params.shape.ndims is not None
            and params.shape[:-1].is_fully_defined()
            and value.shape.is_fully_defined()
        )
        if known and params.shape[:-1] == value.shape:
            return value, params
        params *= array.ones_like(value[..., None], dtype=params.dtype)
        value *= array.ones(array.shape(params)[:-1], dtype=value.dtype)
        if params.shape.ndims is not None:
            value.set_shape(TensorShape(params.shape[:-1]))
        return value, params

    def _entropy(self) -> Any:
        return -math.reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Any:
        found = math.argmax(self.logits, axis=self._batch_rank)
        found = math.cast(found, self.dtype)
        found.set_shape(self.batch_shape)
        return found


@formula(Categorical)
def _categorical(a: Categorical, b: Categorical, name: str | None = None) -> Any:
    values = [a.logits, b.logits]
    with name_scope(name, "kl_categorical_categorical", values=values):
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return math.reduce_sum(softmax(a.logits) * difference, axis=-1)


class Bernoulli(_Discrete):
    """0 or 1.

    Args:
        logits: log-odds of 1; None: `probs` are given.
        probs: probabilities of 1; None: `logits` are given.
        dtype: of samples.
        validate_args: whether arguments are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.

    Raises:
        ValueError: none or both of logits and probs are given.
    """

    @moved("Bernoulli.__init__", "bernoulli")
    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Bernoulli",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, several=False, validate_args=validate_args, name=scope
            )
        super().__init__(
            dtype=dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=scope,
        )

    def _batch_shape_tensor(self) -> Any:
        return array.shape(self._logits)

    def _batch_shape(self) -> Any:
        return self._logits.get_shape()

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        shape = concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(shape, seed=seed, dtype=self.probs.dtype)
        return math.cast(math.less(drawn, self.probs), self.dtype)

    def _log_prob(self, value: Any) -> Any:
        value = math.cast(value, self.logits.dtype)
        logits = self.logits
        shapes = (value.get_shape(), logits.get_shape())
        known = shapes[0].is_fully_defined() and shapes[1].is_fully_defined()
        if not (known and shapes[0] == shapes[1]):
            logits, value = (
                array.ones_like(value) * logits,
                array.ones_like(logits) * value,
            )
        return -sigmoid_cross_entropy_with_logits(labels=value, logits=logits)

    def _entropy(self) -> Any:
        weighted = -self.logits * (math.sigmoid(self.logits) - 1)
        return weighted + nn.softplus(-self.logits)

    def _mean(self) -> Any:
        return array.identity(self.probs)

    def _variance(self) -> Any:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Any:
        return math.cast(self.probs > 0.5, self.dtype)


@formula(Bernoulli)
def _bernoulli(a: Bernoulli, b: Bernoulli, name: str | None = None) -> Any:
    values = [a.logits, b.logits]
    with name_scope(name, "kl_bernoulli_bernoulli", values=values):
        of_zero = nn.softplus(-b.logits) - nn.softplus(-a.logits)
        of_one = nn.softplus(b.logits) - nn.softplus(a.logits)
        return math.sigmoid(a.logits) * of_zero + math.sigmoid(-a.logits) * of_one
