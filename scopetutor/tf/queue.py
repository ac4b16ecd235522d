"""`tf.queue`: the queues that `tf` has at its top, too.

From ``engine/queues.py``; `tf.train.start_queue_runners` fills them.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.queues": (
            "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue"
        ),
    },
)
