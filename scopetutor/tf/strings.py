"""`tf.strings`: names that `tf` has as well."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.printing": "format=string_format",
        "tf": "join=string_join",
    },
)
