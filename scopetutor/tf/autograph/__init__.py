"""`tf.autograph`: Python's own control flow in graphs.

From ``engine/autograph``, which `Dataset.map` calls too, without being asked.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.autograph.api": "set_verbosity to_code to_graph trace"},
    submodules="experimental",
)
