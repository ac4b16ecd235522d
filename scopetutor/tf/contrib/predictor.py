"""`tf.contrib.predictor`: `from_saved_model` and `from_estimator`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {"engine.contrib.predictor": "from_estimator from_saved_model"}
)
