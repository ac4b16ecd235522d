"""`tf.io.gfile`: files under the names that TensorFlow 2 kept.

From ``engine/gfile_v2.py``; `GFile` alone is that of `tf.gfile`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.gfile": "GFile",
        "engine.gfile_v2": (
            "copy exists glob isdir listdir makedirs mkdir remove rename rmtree stat "
            "walk"
        ),
    },
)
