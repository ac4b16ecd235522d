"""`tf.contrib.learn`: names of modes, and what made texts numbers.

From ``engine/contrib/learn``. Its estimators became `tf.estimator`, and are there only.
"""

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
