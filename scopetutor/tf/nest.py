"""`tf.nest`."""

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
