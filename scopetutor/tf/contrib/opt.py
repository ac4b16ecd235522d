"""`tf.contrib.opt`: optimizers that TF 1.15 has besides those of `tf.train`.

One file of ``engine/contrib/opt`` for each family; the others of TF 1.15 are not here.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.opt.adam": "LazyAdamOptimizer NadamOptimizer",
        "engine.contrib.opt.adamax": "AdaMaxOptimizer",
        "engine.contrib.opt.moving_average": "MovingAverageOptimizer",
        "engine.contrib.opt.weight_decay": (
            "AdamWOptimizer DecoupledWeightDecayExtension MomentumWOptimizer "
            "extend_with_decoupled_weight_decay"
        ),
    },
)
