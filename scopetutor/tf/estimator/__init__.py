"""`tf.estimator`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.estimator.estimator": "Estimator RunConfig",
        "engine.estimator.spec": "EstimatorSpec ModeKeys",
    },
    submodules="inputs",
)
