"""`tf.gfile`."""

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
