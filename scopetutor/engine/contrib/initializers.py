"""`xavier_initializer` and its kin: random numbers whose scale fits the layer.

`conv2d` and `fully_connected` of contrib begin with `xavier_initializer`. TF 1.15: of
normal numbers the variance is 1.3 times what was asked, for those that are cut off.
"""

from __future__ import annotations

import math
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import random


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = dtypes.float32
) -> Any:
    """For layers with as many inputs as outputs."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = dtypes.float32,
) -> Any:
    """Random numbers whose variance is a factor over the number of connections.

    Args:
        factor: of the variance.
        mode: which connections count: "FAN_IN", "FAN_OUT" or "FAN_AVG".
        uniform: uniform numbers; else normal ones, cut off at two deviations.
        seed: of the random numbers.
        dtype: of the numbers.

    Raises:
        TypeError: the type is not floating, or there is no such mode.
    """
    if not dtype.is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError("Unknown mode %s [FAN_IN, FAN_OUT, FAN_AVG]", mode)

    def _initializer(
        shape: Any,
        dtype: Any = dtype,
        partition_info: Any = None,
    ) -> Any:
        if not dtype.is_floating:
            raise TypeError("Cannot create initializer for non-floating point type.")
        n = _connections(shape, mode)
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return random.random_uniform(shape, -limit, limit, dtype, seed=seed)
        # Numbers cut off at two deviations vary less: 1.3 makes up for it.
        stddev = math.sqrt(1.3 * factor / n)
        return random.truncated_normal(shape, 0.0, stddev, dtype, seed=seed)

    return _initializer


def _connections(shape: Any, mode: str) -> float:
    field = math.prod(float(size) for size in shape[:-2])
    fan_in = fan_out = field
    if shape:
        fan_in *= float(shape[-2] if len(shape) > 1 else shape[-1])
        fan_out *= float(shape[-1])
    return {
        "FAN_IN": fan_in,
        "FAN_OUT": fan_out,
        "FAN_AVG": (fan_in + fan_out) / 2.0,
    }[mode]
