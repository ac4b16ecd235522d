"""`tf.distributions.Beta`: numbers from 0 to 1, such as probabilities.

After ``scalar.py``.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import (
    assert_less,
    assert_positive,
    assert_same_float_dtype,
)
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.gamma import random_gamma
from scopetutor.engine.ops.special import betainc
from scopetutor.engine.surroundings import name_scope

from .distribution import FULLY_REPARAMETERIZED
from .divergence import formula
from .moved import moved
from .scalar import Scalar, filled, other_seed, where_above


class Beta(Scalar):
    """The beta distribution.

    Args:
        concentration1: how much speaks for 1.
        concentration0: how much speaks for 0.
        validate_args: whether both are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Beta.__init__", "beta")
    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[concentration1, concentration0]) as scope:
            self._concentration1 = _positive(
                convert_to_tensor(concentration1, name="concentration1"), validate_args
            )
            self._concentration0 = _positive(
                convert_to_tensor(concentration0, name="concentration0"), validate_args
            )
            assert_same_float_dtype([self._concentration1, self._concentration0])
            self._total_concentration = self._concentration1 + self._concentration0
        super().__init__(
            dtype=self._total_concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[
                self._concentration1,
                self._concentration0,
                self._total_concentration,
            ],
            name=scope,
        )

    @property
    def concentration1(self) -> Any:
        """How much speaks for 1."""
        return self._concentration1

    @property
    def concentration0(self) -> Any:
        """How much speaks for 0."""
        return self._concentration0

    @property
    def total_concentration(self) -> Any:
        """The sum of both."""
        return self._total_concentration

    def _batch_shape_tensor(self) -> Any:
        return array.shape(self.total_concentration)

    def _batch_shape(self) -> Any:
        return self.total_concentration.get_shape()

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        wide = [
            array.ones_like(self.total_concentration, dtype=self.dtype) * one
            for one in (self.concentration1, self.concentration0)
        ]
        one = random_gamma(shape=[n], alpha=wide[0], dtype=self.dtype, seed=seed)
        other = other_seed(seed, "beta")
        zero = random_gamma(shape=[n], alpha=wide[1], dtype=self.dtype, seed=other)
        return one / (one + zero)

    def _log_prob(self, value: Any) -> Any:
        value = self._valid(value)
        unnormalized = math.xlogy(self.concentration1 - 1.0, value)
        unnormalized += (self.concentration0 - 1.0) * math.log1p(-value)
        return unnormalized - self._log_normalization()

    def _prob(self, value: Any) -> Any:
        return math.exp(self._log_prob(value))

    def _log_cdf(self, value: Any) -> Any:
        return math.log(self._cdf(value))

    def _cdf(self, value: Any) -> Any:
        return betainc(self.concentration1, self.concentration0, value)

    def _log_normalization(self) -> Any:
        parts = math.lgamma(self.concentration1) + math.lgamma(self.concentration0)
        return parts - math.lgamma(self.total_concentration)

    def _entropy(self) -> Any:
        one, zero, total = (
            self.concentration1,
            self.concentration0,
            self.total_concentration,
        )
        value = self._log_normalization() - (one - 1.0) * math.digamma(one)
        value -= (zero - 1.0) * math.digamma(zero)
        return value + (total - 2.0) * math.digamma(total)

    def _mean(self) -> Any:
        return self._concentration1 / self._total_concentration

    def _variance(self) -> Any:
        spread = self._mean() * (1.0 - self._mean())
        return spread / (1.0 + self.total_concentration)

    def _mode(self) -> Any:
        one, zero = self.concentration1, self.concentration0
        return where_above(
            self,
            lambda: (
                filled(self, self.batch_shape_tensor(), numbers.nan, "nan"),
                math.logical_and(one > 1.0, zero > 1.0),
            ),
            {
                "Mode undefined for concentration1 <= 1.": one,
                "Mode undefined for concentration0 <= 1.": zero,
            },
            (one - 1.0) / (self.total_concentration - 2.0),
        )

    def _valid(self, value: Any) -> Any:
        if not self.validate_args:
            return value
        checks = [
            assert_positive(value, message="sample must be positive"),
            assert_less(
                value,
                array.ones([], self.dtype),
                message="sample must be less than `1`.",
            ),
        ]
        return with_dependencies(checks, value)


def _positive(concentration: Any, validate_args: bool) -> Any:
    if not validate_args:
        return concentration
    message = "Concentration parameter must be positive."
    check = assert_positive(concentration, message=message)
    return with_dependencies([check], concentration)


@formula(Beta)
def _divergence(a: Beta, b: Beta, name: str | None = None) -> Any:
    names = ("concentration1", "concentration0", "total_concentration")
    given = [getattr(one, parameter) for one in (a, b) for parameter in names]
    with name_scope(name, "kl_beta_beta", values=given):
        value = b._log_normalization() - a._log_normalization()
        value -= math.digamma(a.concentration1) * (b.concentration1 - a.concentration1)
        value -= math.digamma(a.concentration0) * (b.concentration0 - a.concentration0)
        total = math.digamma(a.total_concentration)
        return value + total * (b.total_concentration - a.total_concentration)
