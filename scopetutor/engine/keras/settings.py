"""What `tf.keras.backend` lets a program set for all layers.

Before everything else of keras. Settings are of the process, as in TF 1.15, and
`clear_session` leaves them as they are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_FLOATS = ("float16", "float32", "float64")
_FORMATS = ("channels_last", "channels_first")


class _Settings:
    """The values that hold now."""

    epsilon = 1e-7
    floatx = "float32"
    image_data_format = "channels_last"


_now = _Settings()


def epsilon() -> float:
    """The small number that keeps logarithms and divisions finite."""
    return _now.epsilon


def set_epsilon(value: float) -> None:
    """Sets the small number."""
    _now.epsilon = value


def floatx() -> str:
    """The type of numbers that nobody gives a type."""
    return _now.floatx


def set_floatx(value: str) -> None:
    """Sets the type of numbers that nobody gives a type.

    Raises:
        ValueError: it is none of float16, float32 and float64.
    """
    if value not in _FLOATS:
        raise ValueError(f"Unknown floatx type: {value}")
    _now.floatx = str(value)


def cast_to_floatx(x: Any) -> Any:
    """An array of the type `floatx`."""
    return np.asarray(x, dtype=_now.floatx)


def image_data_format() -> str:
    """Where the channels of pictures are."""
    return _now.image_data_format


def set_image_data_format(data_format: str) -> None:
    """Sets where the channels of pictures are.

    Raises:
        ValueError: it is neither "channels_last" nor "channels_first".
    """
    if data_format not in _FORMATS:
        raise ValueError(f"Unknown data_format: {data_format}")
    _now.image_data_format = str(data_format)
