"""The logarithm and the circular functions as the C library rounds them for float32.

Random numbers of a normal distribution need TensorFlow's very bits, and TensorFlow
takes logf, sinf and cosf from glibc. From version 2.28 on glibc computes them with the
algorithms of Arm's optimized-routines, in double precision; so does this module. The
tables are from there: Copyright (c) 2017-2018 Arm Limited, MIT licence. Compared with
glibc 2.36 on every float32 that a random number can be: no bit differs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def _table(*numbers: str) -> Array:
    return np.array([float.fromhex(number) for number in numbers])


# 1/c and log(c) for 16 points c near the middle of each sixteenth of [0.7, 1.4).
_INVERSE = _table(
    "0x1.661ec79f8f3bep+0", "0x1.571ed4aaf883dp+0", "0x1.49539f0f010bp+0",
    "0x1.3c995b0b80385p+0", "0x1.30d190c8864a5p+0", "0x1.25e227b0b8eap+0",
    "0x1.1bb4a4a1a343fp+0", "0x1.12358f08ae5bap+0", "0x1.0953f419900a7p+0",
    "0x1p+0", "0x1.e608cfd9a47acp-1", "0x1.ca4b31f026aap-1",
    "0x1.b2036576afce6p-1", "0x1.9c2d163a1aa2dp-1", "0x1.886e6037841edp-1",
    "0x1.767dcf5534862p-1",
)  # fmt: skip
_LOG = _table(
    "-0x1.57bf7808caadep-2", "-0x1.2bef0a7c06ddbp-2", "-0x1.01eae7f513a67p-2",
    "-0x1.b31d8a68224e9p-3", "-0x1.6574f0ac07758p-3", "-0x1.1aa2bc79c81p-3",
    "-0x1.a4e76ce8c0e5ep-4", "-0x1.1973c5a611cccp-4", "-0x1.252f438e10c1ep-5",
    "0x0p+0", "0x1.aa5aa5df25984p-5", "0x1.c5e53aa362eb4p-4",
    "0x1.526e57720db08p-3", "0x1.bc2860d22477p-3", "0x1.1058bc8a07ee1p-2",
    "0x1.4043057b6ee09p-2",
)  # fmt: skip
_LN2 = float.fromhex("0x1.62e42fefa39efp-1")
_LOG_CUBIC = _table(
    "-0x1.00ea348b88334p-2", "0x1.5575b0be00b6ap-2", "-0x1.ffffef20a4123p-2"
)
_FIRST_POINT = np.int32(0x3F330000)  # 0.7 as the bits of a float32

_SINE = _table(
    "-0x1.555545995a603p-3", "0x1.1107605230bc4p-7", "-0x1.994eb3774cf24p-13"
)
_COSINE = _table(
    "0x1p0", "-0x1.ffffffd0c621cp-2", "0x1.55553e1068f19p-5", "-0x1.6c087e89a359dp-10",
    "0x1.99343027bf8c3p-16",
)  # fmt: skip
_QUADRANTS = float.fromhex("0x1.45F306DC9C883p+23")  # 2 / pi * 2**24
_QUADRANT = float.fromhex("0x1.921FB54442D18p0")  # pi / 2


def logf(x: Array) -> Array:
    """The natural logarithm of positive normal float32 numbers."""
    bits = x.view(np.int32)
    above = bits - _FIRST_POINT
    point, exponent = (above >> 19) & 15, above >> 23
    mantissa = (bits - (exponent << 23)).view(np.float32).astype(np.float64)
    r = mantissa * _INVERSE[point] - 1
    square = r * r
    a, b, c = _LOG_CUBIC
    cubic = a * square + (b * r + c)
    log: Array = cubic * square + (_LOG[point] + exponent * _LN2 + r)
    return log.astype(np.float32)


def sincosf(angle: Array) -> tuple[Array, Array]:
    """Sine and cosine of float32 numbers between 0 and 120."""
    x = angle.astype(np.float64)
    quadrant = ((x * _QUADRANTS).astype(np.int32) + 0x800000) >> 24
    x = x - quadrant * _QUADRANT
    x = np.where((quadrant & 3) % 3 != 0, -x, x)
    square = x * x
    fourth, cube = square * square, square * x
    s0, s1, s2 = _SINE
    sine = x + cube * s0 + (cube * square) * (s1 + square * s2)
    c0, c1, c2, c3, c4 = _COSINE
    cosine = (c0 + square * c1) + fourth * c2 + (fourth * square) * (c3 + square * c4)
    cosine = np.where((quadrant & 2) != 0, -cosine, cosine)
    sine, cosine = sine.astype(np.float32), cosine.astype(np.float32)
    odd = (quadrant & 1) != 0
    small = np.abs(angle) < np.float32(2.0**-12)
    return (
        np.where(small, angle, np.where(odd, cosine, sine)),
        np.where(small, np.float32(1), np.where(odd, sine, cosine)),
    )
