"""`tf.contrib`."""

from __future__ import annotations

from importlib import import_module as _import

from scopetutor.tf.later import later

if __name__ == "tensorflow.contrib":  # the language was made `tensorflow`: see python
    _import("scopetutor").as_tensorflow()
    _import("scopetutor.evaluator.imports").hand_over(__name__)

__getattr__, __dir__ = later(
    __name__,
    {},
    submodules="crf cudnn_rnn data distributions eager framework image layers learn "
    "legacy_seq2seq lookup losses metrics opt predictor rnn seq2seq signal "
    "slim staging tensorboard tpu training util",
)
