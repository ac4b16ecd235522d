"""`tf.saved_model.builder`: `SavedModelBuilder`, the older way to the class.

From ``engine/saved_model/builder.py``; `tf.saved_model.Builder` is the same.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.saved_model.builder": "SavedModelBuilder"},
)
