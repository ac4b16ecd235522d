"""`tf.distributions.Uniform`: any number between two, all equally likely.

After ``distribution.py``. TF 1.15: `low` belongs to it and `high` does not; gradients
go through what is drawn.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.broadcasting import broadcast_dynamic_shape
from scopetutor.engine.ops.checks import assert_less, assert_same_float_dtype
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .distribution import FULLY_REPARAMETERIZED
from .moved import moved
from .scalar import Scalar


class Uniform(Scalar):
    """Any number between two, all equally likely.

    Args:
        low: the least.
        high: samples are below it.
        validate_args: whether they are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Uniform.__init__", "uniform")
    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[low, high]) as scope:
            checks = []
            if validate_args:
                message = "uniform not defined when low >= high."
                checks.append(assert_less(low, high, message=message))
            with control_dependencies(checks):
                self._low = array.identity(low, name="low")
                self._high = array.identity(high, name="high")
                assert_same_float_dtype([self._low, self._high])
        super().__init__(
            dtype=self._low.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._low, self._high],
            name=scope,
        )

    @property
    def low(self) -> Any:
        """The least."""
        return self._low

    @property
    def high(self) -> Any:
        """Samples are below it."""
        return self._high

    def range(self, name: str = "range") -> Any:
        """How far the two are from each other."""
        with self._name_scope(name):
            return self.high - self.low

    def _batch_shape_tensor(self) -> Any:
        return broadcast_dynamic_shape(array.shape(self.low), array.shape(self.high))

    def _batch_shape(self) -> Any:
        return array.broadcast_static_shape(self.low.get_shape(), self.high.get_shape())

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        shape = concat([[n], self.batch_shape_tensor()], 0)
        samples = random_uniform(shape=shape, dtype=self.dtype, seed=seed)
        return self.low + self.range() * samples

    def _prob(self, value: Any) -> Any:
        x = value * array.ones(self.batch_shape_tensor(), dtype=value.dtype)
        unknown = math.is_nan(x)
        outside = math.logical_or(x < self.low, x >= self.high)
        none, density = array.zeros_like(x), array.ones_like(x) / self.range()
        return where_v2(unknown, x, where_v2(outside, none, density))

    def _cdf(self, value: Any) -> Any:
        shape = broadcast_dynamic_shape(array.shape(value), self.batch_shape_tensor())
        zeros = array.zeros(shape, dtype=self.dtype)
        ones = array.ones(shape, dtype=self.dtype)
        x = value * ones
        below, share = value < self.low, (x - self.low) / self.range()
        share = where_v2(below, zeros, share)
        return where_v2(value >= self.high, ones, share)

    def _entropy(self) -> Any:
        return math.log(self.range())

    def _mean(self) -> Any:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Any:
        return math.square(self.range()) / 12.0

    def _stddev(self) -> Any:
        return self.range() / numbers.sqrt(12.0)
