"""`tf.contrib.slim.learning`: `create_train_op`, and `train`, the loop.

The operation is made by ``engine/contrib/slim/learning.py``, the loop is
``training.py`` beside it.
"""

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
