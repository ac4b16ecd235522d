"""`tf.distributions.Laplace`: numbers around a middle, with heavier tails than normal.

After ``scalar.py``.
"""

from __future__ import annotations

import math as numbers
from typing import Any

import numpy as np

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import assert_positive, assert_same_float_dtype
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .distribution import FULLY_REPARAMETERIZED
from .moved import moved
from .scalar import Located


class Laplace(Located):
    """The Laplace distribution.

    Args:
        loc: the mean.
        scale: how far the mean of the distances is.
        validate_args: whether the scale is checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("Laplace.__init__", "laplace")
    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Laplace",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[loc, scale]) as scope:
            checks = [assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                assert_same_float_dtype([self._loc, self._scale])
            super().__init__(
                dtype=self._loc.dtype,
                reparameterization_type=FULLY_REPARAMETERIZED,
                validate_args=validate_args,
                allow_nan_stats=allow_nan_stats,
                parameters=parameters,
                graph_parents=[self._loc, self._scale],
                name=scope,
            )

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        kind = self.dtype.as_numpy_dtype
        drawn = random_uniform(
            shape=concat([[n], self.batch_shape_tensor()], 0),
            minval=np.nextafter(kind(-1.0), kind(0.0)),
            maxval=1.0,
            dtype=self.dtype,
            seed=seed,
        )
        side = self.scale * math.sign(drawn)
        return self.loc - side * math.log1p(-math.abs(drawn))

    def _log_prob(self, value: Any) -> Any:
        return -math.abs(self._z(value)) - self._log_normalization()

    def _prob(self, value: Any) -> Any:
        return math.exp(self._log_prob(value))

    def _log_cdf(self, value: Any) -> Any:
        return _log_cdf(self._z(value))

    def _log_survival_function(self, value: Any) -> Any:
        return _log_cdf(-self._z(value))

    def _cdf(self, value: Any) -> Any:
        z = self._z(value)
        return 0.5 + 0.5 * math.sign(z) * (1.0 - math.exp(-math.abs(z)))

    def _log_normalization(self) -> Any:
        return numbers.log(2.0) + math.log(self.scale)

    def _entropy(self) -> Any:
        scale = self.scale + array.zeros_like(self.loc)
        return numbers.log(2.0) + 1.0 + math.log(scale)

    def _mean(self) -> Any:
        return self.loc + array.zeros_like(self.scale)

    def _stddev(self) -> Any:
        return numbers.sqrt(2.0) * self.scale + array.zeros_like(self.loc)

    def _mode(self) -> Any:
        return self._mean()

    def _z(self, value: Any) -> Any:
        """How many scales a value is above the mean."""
        return (value - self.loc) / self.scale


def _log_cdf(z: Any) -> Any:
    """The logarithm of how likely a standard sample is not above `z`."""
    with name_scope("log_cdf_laplace", values=[z]):
        z = convert_to_tensor(z, name="x")
        below = -np.log(2.0) + z
        above = math.log1p(-0.5 * math.exp(-math.abs(z)))
        return where_v2(z < 0.0, below, above)
