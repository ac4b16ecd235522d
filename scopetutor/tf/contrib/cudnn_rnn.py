"""`tf.contrib.cudnn_rnn`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.rnn.block_cells": (
            "CudnnCompatibleGRUCell CudnnCompatibleLSTMCell"
        ),
    },
)
