"""`tf.contrib.legacy_seq2seq`: sequences as lists, what was `tf.nn.seq2seq` before 1.0.

From ``engine/contrib/legacy_seq2seq``; translators of 2016 and char-rnn are made of it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.legacy_seq2seq.buckets": (
            "model_with_buckets sequence_loss sequence_loss_by_example"
        ),
        "engine.contrib.legacy_seq2seq.decoding": (
            "attention_decoder embedding_attention_decoder embedding_rnn_decoder "
            "rnn_decoder"
        ),
        "engine.contrib.legacy_seq2seq.models": (
            "basic_rnn_seq2seq embedding_attention_seq2seq embedding_rnn_seq2seq "
            "embedding_tied_rnn_seq2seq one2many_rnn_seq2seq tied_rnn_seq2seq"
        ),
    },
)
