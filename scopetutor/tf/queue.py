"""`tf.queue`."""

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
