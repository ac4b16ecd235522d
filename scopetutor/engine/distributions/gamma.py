"""`tf.distributions.Gamma` and `Exponential`: times until so many events happen.

After ``scalar.py``.
"""

from __future__ import annotations

import math as numbers
from typing import Any

import numpy as np

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.broadcasting import broadcast_dynamic_shape
from scopetutor.engine.ops.checks import assert_positive, assert_same_float_dtype
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.gamma import random_gamma
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.ops.special import igamma
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .distribution import FULLY_REPARAMETERIZED
from .divergence import formula
from .moved import moved
from .scalar import Scalar, filled, where_above


class Gamma(Scalar):
    """The gamma distribution.

    Args:
        concentration: its shape.
        rate: the inverse of its scale.
        validate_args: whether both are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Gamma.__init__", "gamma")
    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[concentration, rate]) as scope:
            checked = [concentration, rate] if validate_args else []
            with control_dependencies([assert_positive(value) for value in checked]):
                self._concentration = array.identity(
                    concentration, name="concentration"
                )
                self._rate = array.identity(rate, name="rate")
                assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(
            dtype=self._concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[self._concentration, self._rate],
            name=scope,
        )

    @property
    def concentration(self) -> Any:
        """Its shape."""
        return self._concentration

    @property
    def rate(self) -> Any:
        """The inverse of its scale."""
        return self._rate

    def _batch_shape_tensor(self) -> Any:
        return broadcast_dynamic_shape(
            array.shape(self.concentration), array.shape(self.rate)
        )

    def _batch_shape(self) -> Any:
        return array.broadcast_static_shape(
            self.concentration.get_shape(), self.rate.get_shape()
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        return random_gamma(
            shape=[n],
            alpha=self.concentration,
            beta=self.rate,
            dtype=self.dtype,
            seed=seed,
        )

    def _log_prob(self, value: Any) -> Any:
        value = self._valid(value)
        unnormalized = math.xlogy(self.concentration - 1.0, value) - self.rate * value
        return unnormalized - self._log_normalization()

    def _cdf(self, value: Any) -> Any:
        return igamma(self.concentration, self.rate * self._valid(value))

    def _log_normalization(self) -> Any:
        power = math.lgamma(self.concentration)
        return power - self.concentration * math.log(self.rate)

    def _entropy(self) -> Any:
        size = self.concentration - math.log(self.rate)
        size += math.lgamma(self.concentration)
        return size + (1.0 - self.concentration) * math.digamma(self.concentration)

    def _mean(self) -> Any:
        return self.concentration / self.rate

    def _variance(self) -> Any:
        return self.concentration / math.square(self.rate)

    def _stddev(self) -> Any:
        return math.sqrt(self.concentration) / self.rate

    def _mode(self) -> Any:
        return where_above(
            self,
            lambda: (
                filled(self, self.batch_shape_tensor(), numbers.nan, "nan"),
                self.concentration > 1.0,
            ),
            {"mode not defined when any concentration <= 1": self.concentration},
            (self.concentration - 1.0) / self.rate,
        )

    def _valid(self, value: Any) -> Any:
        assert_same_float_dtype(tensors=[value], dtype=self.dtype)
        if not self.validate_args:
            return value
        return with_dependencies([assert_positive(value)], value)


class Exponential(Gamma):
    """The exponential distribution: the time until one event happens.

    Args:
        rate: how many events there are in a unit of time.
        validate_args: whether it is checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Exponential.__init__", "exponential")
    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Exponential",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[rate]) as scope:
            self._rate = convert_to_tensor(rate, name="rate")
        super().__init__(
            concentration=array.ones([], dtype=self._rate.dtype),
            rate=self._rate,
            allow_nan_stats=allow_nan_stats,
            validate_args=validate_args,
            name=scope,
        )
        self._parameters = parameters
        self._graph_parents += [self._rate]

    def _log_survival_function(self, value: Any) -> Any:
        return self._log_prob(value) - math.log(self._rate)

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        drawn = random_uniform(
            concat([[n], array.shape(self._rate)], 0),
            minval=np.finfo(self.dtype.as_numpy_dtype).tiny,
            maxval=1.0,
            seed=seed,
            dtype=self.dtype,
        )
        return -math.log(drawn) / self._rate


@formula(Gamma)
def _divergence(a: Gamma, b: Gamma, name: str | None = None) -> Any:
    given = [a.concentration, a.rate, b.concentration, b.rate]
    with name_scope(name, "kl_gamma_gamma", values=given):
        value = (a.concentration - b.concentration) * math.digamma(a.concentration)
        value += math.lgamma(b.concentration)
        value -= math.lgamma(a.concentration)
        value += b.concentration * math.log(a.rate)
        value -= b.concentration * math.log(b.rate)
        return value + a.concentration * (b.rate / a.rate - 1.0)
