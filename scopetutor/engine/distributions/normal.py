"""`tf.distributions.Normal`: numbers around a mean, with a standard deviation.

After ``distribution.py``. What is drawn is `loc + scale * noise`, so gradients go
through it, as variational models need.
"""

from __future__ import annotations

import math as numbers
from typing import Any

from scopetutor.engine import constants
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import assert_positive, assert_same_float_dtype
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import random_normal
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .distribution import FULLY_REPARAMETERIZED
from .divergence import formula
from .moved import moved
from .scalar import Located


class Normal(Located):
    """The normal distribution.

    Args:
        loc: the mean.
        scale: the standard deviation.
        validate_args: whether the scale is checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Normal.__init__", "normal")
    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Normal",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[loc, scale]) as scope:
            checks = [assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                assert_same_float_dtype([self._loc, self._scale])
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=scope,
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        shape = concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_normal(
            shape=shape, mean=0.0, stddev=1.0, dtype=self.loc.dtype, seed=seed
        )
        return drawn * self.scale + self.loc

    def _log_prob(self, value: Any) -> Any:
        unnormalized = -0.5 * math.square(self._z(value))
        return unnormalized - self._log_normalization()

    def _log_normalization(self) -> Any:
        return 0.5 * numbers.log(2.0 * numbers.pi) + math.log(self.scale)

    def _entropy(self) -> Any:
        scale = self.scale * array.ones_like(self.loc)
        return 0.5 * numbers.log(2.0 * numbers.pi * numbers.e) + math.log(scale)

    def _mean(self) -> Any:
        return self.loc * array.ones_like(self.scale)

    def _stddev(self) -> Any:
        return self.scale * array.ones_like(self.loc)

    def _mode(self) -> Any:
        return self._mean()

    def _z(self, value: Any) -> Any:
        """How many standard deviations a value is above the mean."""
        with name_scope("standardize", values=[value]):
            return (value - self.loc) / self.scale


@formula(Normal)
def _divergence(a: Normal, b: Normal, name: str | None = None) -> Any:
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one = constants.constant(1, dtype=a.dtype)
        two = constants.constant(2, dtype=a.dtype)
        half = constants.constant(0.5, dtype=a.dtype)
        a_squared = math.square(a.scale)
        b_squared = math.square(b.scale)
        ratio = a_squared / b_squared
        shift = math.squared_difference(a.loc, b.loc) / (two * b_squared)
        return shift + half * (ratio - one - math.log(ratio))
