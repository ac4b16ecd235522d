"""`tf.estimator.inputs`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {"engine.estimator.numpy_input": "numpy_input_fn"}
)
