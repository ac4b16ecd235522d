"""`tf.nest`: lists, tuples and dictionaries of tensors, flattened and put together.

From ``engine/nest.py``, which has more: programs reach that as
`tensorflow.python.util.nest`.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.nest": (
            "assert_same_structure flatten is_nested=is_sequence map_structure "
            "pack_sequence_as"
        )
    },
)
