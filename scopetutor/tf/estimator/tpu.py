"""`tf.estimator.tpu`: what programs for TPUs need where there are none.

The same as `tf.contrib.tpu` has for estimators, without its optimizer.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.estimator.tpu": "TPUEstimator TPUEstimatorSpec",
        "engine.estimator.tpu_config": "InputPipelineConfig RunConfig TPUConfig",
    },
)
