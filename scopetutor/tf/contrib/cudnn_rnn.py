"""`tf.contrib.cudnn_rnn`: the cells that read what CuDNN's layers have trained.

From ``engine/contrib/rnn/block_cells.py``. The layers themselves need a GPU, and are
not here.
"""

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
