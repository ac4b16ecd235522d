"""`tf.manip`: names that `tf` has as well.

TF 1.15 had begun to sort them by what they do; `tf.manip.roll` is the one that programs
ask for here.
"""

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
