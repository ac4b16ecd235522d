"""`tf.contrib.crf`."""

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
