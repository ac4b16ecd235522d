"""`tf.gfile`: files in TensorFlow's way, with names that begin with capitals.

From ``engine/gfile.py``; `tf.io.gfile` has the same in small letters.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.gfile": (
            "Copy DeleteRecursively Exists FastGFile GFile Glob IsDirectory "
            "ListDirectory MakeDirs MkDir Open Remove Rename Stat Walk"
        )
    },
)
