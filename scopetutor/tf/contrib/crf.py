"""`tf.contrib.crf`: conditional random fields, the last layer of taggers of words.

From ``engine/contrib/crf``. `viterbi_decode` is for NumPy arrays, `crf_decode` for
tensors.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.crf.cells": (
            "CrfDecodeBackwardRnnCell CrfDecodeForwardRnnCell CrfForwardRnnCell"
        ),
        "engine.contrib.crf.decoding": "crf_decode viterbi_decode",
        "engine.contrib.crf.scores": (
            "crf_binary_score crf_log_likelihood crf_log_norm "
            "crf_multitag_sequence_score crf_sequence_score crf_unary_score"
        ),
    },
)
