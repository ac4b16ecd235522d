"""`tf.saved_model.tag_constants`: which of its graphs a SavedModel is asked for.

From ``engine/saved_model/names.py``. Nearly every program means `SERVING`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.saved_model.names": "GPU SERVING TPU TRAINING"},
)
