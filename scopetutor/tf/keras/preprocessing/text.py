"""`tf.keras.preprocessing.text`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.keras.texts": "Tokenizer hashing_trick one_hot text_to_word_sequence"},
)
