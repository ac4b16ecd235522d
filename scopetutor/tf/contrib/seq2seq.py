"""`tf.contrib.seq2seq`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.seq2seq.loss": "sequence_loss",
    },
)
