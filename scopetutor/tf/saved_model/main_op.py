"""`tf.saved_model.main_op`: what a loaded model runs to initialize itself.

From ``engine/saved_model/loader.py``, which also runs it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.saved_model.loader": "main_op main_op_with_restore"},
)
