"""`tf.contrib.training`: `HParams`, training operations, waiting for checkpoints.

From ``engine/contrib/training``, and ``engine/training/checkpoint_utils.py`` for
evaluations that run beside a training.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.training.hparam": "HParams parse_values",
        "engine.contrib.training.train_op": (
            "add_gradients_summaries clip_gradient_norms clip_gradient_norms_fn "
            "create_train_op multiply_gradients"
        ),
        "engine.training.checkpoint_utils": (
            "checkpoints_iterator wait_for_new_checkpoint"
        ),
    },
)
