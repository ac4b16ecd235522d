"""`tf.distributions.StudentT`: numbers around a middle, with tails as heavy as wanted.

After ``scalar.py``.
"""

from __future__ import annotations

import math as numbers
from typing import Any

import numpy as np

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.broadcasting import broadcast_dynamic_shape
from scopetutor.engine.ops.checks import assert_positive, assert_same_float_dtype
from scopetutor.engine.ops.einsum import lbeta
from scopetutor.engine.ops.gamma import random_gamma
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.random import random_normal
from scopetutor.engine.ops.special import betainc
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .distribution import FULLY_REPARAMETERIZED
from .moved import moved
from .scalar import Located, filled, other_seed, where_above


class StudentT(Located):
    """Student's t distribution.

    Args:
        df: the degrees of freedom.
        loc: its middle.
        scale: how wide it is.
        validate_args: whether `df` is checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        name: of its operations.
    """

    @moved("StudentT.__init__", "student_t")
    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        parameters = {k: v for k, v in locals().items() if k[0] != "_" and k != "self"}
        with name_scope(name, values=[df, loc, scale]) as scope:
            checks = [assert_positive(df)] if validate_args else []
            with control_dependencies(checks):
                self._df = array.identity(df, name="df")
                self._loc = array.identity(loc, name="loc")
                self._scale = array.identity(scale, name="scale")
                assert_same_float_dtype((self._df, self._loc, self._scale))
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._df, self._loc, self._scale],
            name=scope,
        )

    @property
    def df(self) -> Any:
        """The degrees of freedom."""
        return self._df

    def _batch_shape_tensor(self) -> Any:
        # The outer shape is asked for first: so are the operations ordered.
        freedom = array.shape(self.df)
        rest = broadcast_dynamic_shape(array.shape(self.loc), array.shape(self.scale))
        return broadcast_dynamic_shape(freedom, rest)

    def _batch_shape(self) -> Any:
        shape = array.broadcast_static_shape(self.df.get_shape(), self.loc.get_shape())
        return array.broadcast_static_shape(shape, self.scale.get_shape())

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        shape = concat([[n], self.batch_shape_tensor()], 0)
        normal = random_normal(shape, dtype=self.dtype, seed=seed)
        df = self.df * self._ones()
        drawn = random_gamma(
            [n],
            0.5 * df,
            beta=0.5,
            dtype=self.dtype,
            seed=other_seed(seed, "student_t"),
        )
        return normal * math.rsqrt(drawn / df) * self.scale + self.loc

    def _ones(self) -> Any:
        return array.ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _log_prob(self, value: Any) -> Any:
        y = (value - self.loc) / self.scale
        half = -0.5 * (self.df + 1.0)
        return half * math.log1p(y**2.0 / self.df) - self._log_normalization()

    def _log_normalization(self) -> Any:
        value = math.log(math.abs(self.scale)) + 0.5 * math.log(self.df)
        value += 0.5 * np.log(np.pi)
        value += math.lgamma(0.5 * self.df)
        return value - math.lgamma(0.5 * (self.df + 1.0))

    def _cdf(self, value: Any) -> Any:
        y = (value - self.loc) / math.abs(self.scale)
        share = self.df / (y**2.0 + self.df)
        below = 0.5 * betainc(0.5 * self.df, 0.5, share)
        return where_v2(math.less(y, 0.0), below, 1.0 - below)

    def _entropy(self) -> Any:
        v = self._ones()[..., None]
        u = v * self.df[..., None]
        both = concat([u, v], -1) / 2.0
        value = math.log(math.abs(self.scale)) + 0.5 * math.log(self.df)
        value += lbeta(both)
        half = 0.5 * (self.df + 1.0)
        slope = math.digamma(0.5 * (self.df + 1.0)) - math.digamma(0.5 * self.df)
        return value + half * slope

    def _mean(self) -> Any:
        return self._if_above_one("mean", self.loc * self._ones())

    def _variance(self) -> Any:
        above = math.greater(self.df, 2.0)
        denominator = where_v2(above, self.df - 2.0, array.ones_like(self.df))
        value = self._ones() * math.square(self.scale) * self.df / denominator
        exists = self.df > array.fill(self.batch_shape_tensor(), 2.0)
        infinite = filled(self, self.batch_shape_tensor(), numbers.inf, "inf")
        return self._if_above_one("variance", where_v2(exists, value, infinite))

    def _if_above_one(self, what: str, value: Any) -> Any:
        def exists() -> tuple[Any, Any]:
            above = math.greater(self.df, self._ones())
            return filled(self, self.batch_shape_tensor(), numbers.nan, "nan"), above

        refused = {f"{what} not defined for components of df <= 1": self.df}
        return where_above(self, exists, refused, value)

    def _mode(self) -> Any:
        return array.identity(self.loc)
