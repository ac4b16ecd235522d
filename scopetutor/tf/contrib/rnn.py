"""`tf.contrib.rnn`: the cells of `tf.nn.rnn_cell`, many more, and what unrolls lists.

After 1.0 the plain cells were here only for a while, so `tf.contrib.rnn.BasicLSTMCell`
is in most programs of 2017. What is particular to contrib is in ``engine/contrib/rnn``.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.rnn.around": "AttentionCellWrapper HighwayWrapper",
        "engine.contrib.rnn.block_cells": "GRUBlockCell GRUBlockCellV2 LSTMBlockCell",
        "engine.contrib.rnn.convolutional": (
            "Conv1DLSTMCell Conv2DLSTMCell Conv3DLSTMCell ConvLSTMCell"
        ),
        "engine.contrib.rnn.fused": (
            "FusedRNNCell FusedRNNCellAdaptor LSTMBlockFusedCell LSTMBlockWrapper "
            "TimeReversedFusedRNN"
        ),
        "engine.contrib.rnn.gated_cells": "IntersectionRNNCell NASCell UGRNNCell",
        "engine.contrib.rnn.independent_cells": (
            "IndRNNCell IndyGRUCell IndyLSTMCell SRUCell"
        ),
        "engine.contrib.rnn.lstm_cells": (
            "CoupledInputForgetGateLSTMCell GLSTMCell LayerNormBasicLSTMCell "
            "PhasedLSTMCell"
        ),
        "engine.contrib.rnn.projections": (
            "EmbeddingWrapper InputProjectionWrapper OutputProjectionWrapper"
        ),
        "engine.contrib.rnn.stacking": (
            "stack_bidirectional_dynamic_rnn stack_bidirectional_rnn"
        ),
        "engine.rnn.cell": "LayerRNNCell RNNCell",
        "engine.rnn.cells": (
            "BasicLSTMCell BasicRNNCell GRUCell LSTMCell LSTMStateTuple"
        ),
        "engine.rnn.dynamic": "transpose_batch_time",
        "engine.rnn.static": (
            "static_bidirectional_rnn static_rnn static_state_saving_rnn"
        ),
        "engine.rnn.stepping": "best_effort_input_batch_size=best_effort_batch_size",
        "engine.rnn.wrappers": (
            "DeviceWrapper DropoutWrapper MultiRNNCell ResidualWrapper"
        ),
    },
)
