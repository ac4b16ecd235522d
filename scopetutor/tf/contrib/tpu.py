"""`tf.contrib.tpu`: what programs for TPUs need where there are none.

The estimator is the plain one with a TPU's arguments (``engine/estimator/tpu.py``), as
TF 1.15 itself runs it with `use_tpu=False`; `tf.estimator.tpu` has the same.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.estimator.tpu": "TPUEstimator TPUEstimatorSpec",
        "engine.estimator.tpu_config": "InputPipelineConfig RunConfig TPUConfig",
        "engine.training.cross_shard": "CrossShardOptimizer",
    },
)
