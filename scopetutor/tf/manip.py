"""`tf.manip`: names that `tf` has as well."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf": (
            "batch_to_space_nd gather_nd reshape reverse roll scatter_nd "
            "space_to_batch_nd tile"
        ),
    },
)
