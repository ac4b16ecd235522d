"""`tf.io`: names that `tf` has as well."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf": ("matching_files read_file write_file"),
        "tf.train": ("write_graph"),
    },
)
