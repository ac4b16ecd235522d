"""`tf.train.queue_runner`: names that `tf.train` has as well.

TF 1.15 has them as a module as well; from ``engine/training/queue_runner.py``.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.training.queue_runner": (
            "QueueRunner add_queue_runner start_queue_runners"
        )
    },
)
