"""`tf.config.optimizer`: settings of the optimizer of graphs.

From ``engine/machine.py``, which keeps what is set and gives it back.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.machine": (
            "get_experimental_options get_jit set_experimental_options set_jit"
        ),
    },
)
