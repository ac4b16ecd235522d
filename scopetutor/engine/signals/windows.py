"""Windows: the weights that a frame of a signal is multiplied with.

Before spectra, whose default is `hann_window`. TF 1.15: a `periodic` window of even
length is cut from one that is longer by 1; of odd length nothing is cut.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.surroundings import name_scope


def hann_window(
    window_length: Any,
    periodic: Any = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """A window that begins at 0 and rises like a cosine.

    Args:
        window_length: how many weights.
        periodic: whether the next window begins where this one would end.
        dtype: floating.
        name: of the name scope.

    Raises:
        ValueError: the type is not floating.
    """
    share = 0.5, 0.5
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, share)


def hamming_window(
    window_length: Any,
    periodic: Any = True,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """As `hann_window`, but it begins above 0."""
    share = 0.54, 0.46
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, share)


def _raised_cosine(
    name: str | None,
    default_name: str,
    window_length: Any,
    periodic: Any,
    dtype: Any,
    share: tuple[float, float],
) -> Any:
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    with name_scope(name, default_name, [window_length, periodic]):
        length = convert_to_tensor(window_length, dtypes.int32, name="window_length")
        length.shape.assert_has_rank(0)
        known = static_value(length)
        if known == 1:
            return array.ones([1], dtype=dtype)
        periodic = convert_to_tensor(periodic, dtypes.bool_, name="periodic")
        periodic = math.cast(periodic, dtypes.int32)
        periodic.shape.assert_has_rank(0)
        even = 1 - math.mod(length, 2)
        last = math.cast(length + periodic * even - 1, dtype=dtype)
        places = math.cast(math.range_(length), dtype)
        turn = constant(2 * np.pi, dtype=dtype) * places / last

        def weights() -> Any:
            return math.cast(share[0] - share[1] * math.cos(turn), dtype=dtype)

        if known is not None:
            return weights()
        one = math.equal(length, 1)
        return cond(one, lambda: array.ones([1], dtype=dtype), weights)
