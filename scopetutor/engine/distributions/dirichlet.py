"""`tf.distributions.Dirichlet`: vectors of probabilities.

After ``scalar.py``, whose rule for statistics that may not exist it shares.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import (
    assert_less,
    assert_near,
    assert_positive,
)
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.einsum import lbeta
from scopetutor.engine.ops.gamma import random_gamma
from scopetutor.engine.ops.matrices import matrix_set_diag
from scopetutor.engine.ops.rank_checks import assert_rank_at_least
from scopetutor.engine.surroundings import name_scope

from .distribution import FULLY_REPARAMETERIZED, Distribution
from .divergence import formula
from .moved import moved
from .scalar import filled, where_above


class Dirichlet(Distribution):
    """The Dirichlet distribution.

    Args:
        concentration: how much speaks for each of the values, along the last axis.
        validate_args: whether it is checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Dirichlet.__init__", "dirichlet")
    def __init__(
        self,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Dirichlet",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[concentration]) as scope:
            self._concentration = _checked(
                convert_to_tensor(concentration, name="concentration"), validate_args
            )
            self._total_concentration = math.reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            reparameterization_type=FULLY_REPARAMETERIZED,
            parameters=parameters,
            graph_parents=[self._concentration, self._total_concentration],
            name=scope,
        )

    @property
    def concentration(self) -> Any:
        """How much speaks for each of the values, along the last axis."""
        return self._concentration

    @property
    def total_concentration(self) -> Any:
        """The sum over the last axis."""
        return self._total_concentration

    def _batch_shape_tensor(self) -> Any:
        return array.shape(self.total_concentration)

    def _batch_shape(self) -> Any:
        return self.total_concentration.get_shape()

    def _event_shape_tensor(self) -> Any:
        return array.shape(self.concentration)[-1:]

    def _event_shape(self) -> Any:
        return self.concentration.get_shape().with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        drawn = random_gamma(
            shape=[n], alpha=self.concentration, dtype=self.dtype, seed=seed
        )
        return drawn / math.reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, value: Any) -> Any:
        value = self._valid(value)
        parts = math.xlogy(self.concentration - 1.0, value)
        return math.reduce_sum(parts, -1) - lbeta(self.concentration)

    def _prob(self, value: Any) -> Any:
        return math.exp(self._log_prob(value))

    def _entropy(self) -> Any:
        total = self.total_concentration
        k = math.cast(self.event_shape_tensor()[0], self.dtype)
        value = lbeta(self.concentration) + (total - k) * math.digamma(total)
        parts = (self.concentration - 1.0) * math.digamma(self.concentration)
        return value - math.reduce_sum(parts, axis=-1)

    def _mean(self) -> Any:
        return self.concentration / self.total_concentration[..., None]

    def _covariance(self) -> Any:
        x = self._scale() * self._mean()
        products = -math.matmul(x[..., None], x[..., None, :])
        return matrix_set_diag(products, self._variance())

    def _variance(self) -> Any:
        scale = self._scale()
        x = scale * self._mean()
        return x * (scale - x)

    def _scale(self) -> Any:
        return math.rsqrt(1.0 + self.total_concentration[..., None])

    def _mode(self) -> Any:
        k = math.cast(self.event_shape_tensor()[0], self.dtype)
        mode = (self.concentration - 1.0) / (self.total_concentration[..., None] - k)
        return where_above(
            self,
            lambda: (
                filled(self, array.shape(mode), numbers.nan, "nan"),
                math.reduce_all(self.concentration > 1.0, axis=-1),
            ),
            {"Mode undefined when any concentration <= 1": self.concentration},
            mode,
        )

    def _valid(self, value: Any) -> Any:
        if not self.validate_args:
            return value
        checks = [
            assert_positive(value, message="samples must be positive"),
            assert_near(
                array.ones([], dtype=self.dtype),
                math.reduce_sum(value, -1),
                message="sample last-dimension must sum to `1`",
            ),
        ]
        return with_dependencies(checks, value)


def _checked(concentration: Any, validate_args: bool) -> Any:
    if not validate_args:
        return concentration
    says = "Concentration parameter must "
    checks = [
        assert_positive(concentration, message=f"{says}be positive."),
        assert_rank_at_least(concentration, 1, message=f"{says}have >=1 dimensions."),
        assert_less(
            1,
            array.shape(concentration)[-1],
            message=f"{says}have event_size >= 2.",
        ),
    ]
    return with_dependencies(checks, concentration)


@formula(Dirichlet)
def _divergence(a: Dirichlet, b: Dirichlet, name: str | None = None) -> Any:
    given = [a.concentration, b.concentration]
    with name_scope(name, "kl_dirichlet_dirichlet", values=given):
        total = math.digamma(math.reduce_sum(a.concentration, axis=-1, keepdims=True))
        slopes = math.digamma(a.concentration) - total
        shift = a.concentration - b.concentration
        value = math.reduce_sum(shift * slopes, axis=-1) - lbeta(a.concentration)
        return value + lbeta(b.concentration)
