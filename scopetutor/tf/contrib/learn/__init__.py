"""`tf.contrib.learn`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.learn.keys": (
            "ModeKeys NotFittedError PredictionKey ProblemType TaskType"
        ),
        "engine.training.basic_session_run_hooks": "NanLossDuringTrainingError",
    },
    submodules="preprocessing",
)
