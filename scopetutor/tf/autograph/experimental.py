"""`tf.autograph.experimental`: how functions are rewritten, and which ones not.

From ``engine/autograph``, whose parts look at these settings.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.autograph.calls": "do_not_convert",
        "engine.autograph.directives": "set_loop_options",
        "engine.autograph.options": "Feature",
    },
)
