"""`tf.nn.rnn_cell`: the cells that `tf.nn.dynamic_rnn` takes.

From ``engine/rnn``; those of `tf.contrib.rnn` are built on them.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.rnn.cell": "RNNCell",
        "engine.rnn.cells": (
            "BasicLSTMCell BasicRNNCell GRUCell LSTMCell LSTMStateTuple"
        ),
        "engine.rnn.wrappers": (
            "DeviceWrapper DropoutWrapper MultiRNNCell ResidualWrapper"
        ),
    },
)
