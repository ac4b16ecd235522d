"""`tf.bitwise`: and, or, xor and shifts of whole numbers, bit by bit.

From ``engine/ops/bitwise.py``. These names are nowhere else: `tf.invert` is not one.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.bitwise": (
            "bitwise_and bitwise_or bitwise_xor invert left_shift right_shift"
        ),
    },
)
