"""`tf.sets`: rows as sets, their sizes, and what two have in common.

From ``engine/ops/sets.py``. TF 1.15 has each twice: `tf.sets.size` and
`tf.sets.set_size`.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.sets": (
            "difference=set_difference intersection=set_intersection "
            "set_difference set_intersection set_size set_union size=set_size "
            "union=set_union"
        ),
    },
)
