"""The histogram of an array, as ``tf.summary.histogram`` stores it.

``summaries.py`` comes next.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

from . import protos
from .arrays import Array


@cache
def bucket_limits() -> Array:
    """The upper ends of all buckets, rising, both signs and zero.

    TF 1.15: 1e-12 times powers of 1.1 below 1e20, then the largest double.
    """
    positive, limit = [], 1e-12
    while limit < 1e20:
        positive.append(limit)
        limit *= 1.1
    positive.append(sys.float_info.max)
    return np.array([*(-limit for limit in reversed(positive)), 0.0, *positive])


def histogram(values: Array) -> Any:
    """The ``HistogramProto`` of all elements, taken as doubles.

    TF 1.15: of buckets that are empty one after the other only the last is kept.

    Raises:
        ValueError: a value is not finite; TensorFlow refuses them, too.
    """
    doubles = np.asarray(values).reshape(-1).astype(np.float64)
    if not np.isfinite(doubles).all():
        raise ValueError("a histogram cannot hold NaN or infinity")
    limits = bucket_limits()
    places = np.searchsorted(limits, doubles, side="right")
    # the largest double itself belongs to the last bucket
    counts = np.bincount(places.clip(max=len(limits) - 1), minlength=len(limits))
    last_of_run = np.append((counts[:-1] > 0) | (counts[1:] > 0), True)
    with np.errstate(over="ignore"):
        squares = doubles * doubles
    return protos.HistogramProto(
        min=doubles.min(initial=sys.float_info.max),
        max=doubles.max(initial=-sys.float_info.max),
        num=len(doubles),
        sum=_sum(doubles),
        sum_squares=_sum(squares),
        bucket_limit=limits[last_of_run].tolist(),
        bucket=counts[last_of_run].astype(np.float64).tolist(),
    )


def _sum(doubles: Array) -> float:
    """Added one after the other, as TensorFlow does; NumPy's sum adds in pairs."""
    with np.errstate(over="ignore"):
        return float(np.add.accumulate(doubles)[-1]) if len(doubles) else 0.0
