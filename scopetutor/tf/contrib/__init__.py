"""`tf.contrib`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {},
    submodules="data distributions framework layers legacy_seq2seq losses rnn seq2seq "
    "slim training",
)
