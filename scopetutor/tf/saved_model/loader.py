"""`tf.saved_model.loader`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.saved_model.loader": "load maybe_saved_model_directory"},
)
