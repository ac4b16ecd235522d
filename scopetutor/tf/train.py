"""`tf.train`."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.training.global_step": (
            "assert_global_step create_global_step get_global_step "
            "get_or_create_global_step global_step"
        ),
    },
)
