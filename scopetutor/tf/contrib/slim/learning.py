"""`tf.contrib.slim.learning`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.slim.learning": "add_gradients_summaries create_train_op",
        "engine.contrib.slim.training": "train train_step",
        "engine.contrib.training.train_op": "clip_gradient_norms multiply_gradients",
    },
)
