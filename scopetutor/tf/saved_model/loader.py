"""`tf.saved_model.loader`: `load`, and whether a folder is worth trying.

From ``engine/saved_model/loader.py``. Programs for predictions begin with
`tf.saved_model.loader.load(sess, ["serve"], folder)`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.saved_model.loader": "load maybe_saved_model_directory"},
)
