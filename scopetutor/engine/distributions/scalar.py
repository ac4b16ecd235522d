"""Distributions of numbers, and statistics that exist for some parameters only.

After ``distribution.py``; before those whose samples are single numbers.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.ops import array
from scopetutor.engine.ops.broadcasting import broadcast_dynamic_shape
from scopetutor.engine.ops.checks import assert_less
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.shapes import TensorShape

from .distribution import Distribution


class Scalar(Distribution):
    """A distribution whose samples are numbers."""

    def _event_shape_tensor(self) -> Any:
        return constants.constant([], dtype=dtypes.int32)

    def _event_shape(self) -> Any:
        return TensorShape([])


class Located(Scalar):
    """A distribution of numbers with a middle and a width."""

    _loc: Any
    _scale: Any

    @property
    def loc(self) -> Any:
        """Its middle: the mean, where there is one."""
        return self._loc

    @property
    def scale(self) -> Any:
        """How wide it is; of a normal distribution, the standard deviation."""
        return self._scale

    def _batch_shape_tensor(self) -> Any:
        return broadcast_dynamic_shape(array.shape(self.loc), array.shape(self.scale))

    def _batch_shape(self) -> Any:
        return array.broadcast_static_shape(
            self.loc.get_shape(), self.scale.get_shape()
        )


def filled(distribution: Distribution, shape: Any, value: float, name: str) -> Any:
    """A tensor of NaN or infinity, of the distribution's type."""
    one = np.array(value, dtype=distribution.dtype.as_numpy_dtype())
    return array.fill(shape, one, name=name)


def where_above(
    distribution: Distribution, least: Any, refused: dict[str, Any], value: Any
) -> Any:
    """A statistic that exists where some parameters are above 1.

    Args:
        distribution: says whether NaN may be given.
        least: whether it exists, as a tensor; a function, for it makes operations.
        refused: by what is said, the parameter that must be above 1.
        value: the statistic.
    """
    if distribution.allow_nan_stats:
        nan, exists = least()
        return where_v2(exists, value, nan)
    checks = [
        assert_less(
            array.ones([], dtype=distribution.dtype), parameter, message=message
        )
        for message, parameter in refused.items()
    ]
    return with_dependencies(checks, value)


def other_seed(seed: int | None, salt: str) -> int | None:
    """Another seed, made from one; TF 1.15: by MD5."""
    if seed is None:
        return None
    made = hashlib.md5(f"{seed}{salt}".encode(), usedforsecurity=False).hexdigest()
    return int(made[:8], 16) & 0x7FFFFFFF
