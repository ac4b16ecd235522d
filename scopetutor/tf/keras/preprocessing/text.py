"""`tf.keras.preprocessing.text`: `Tokenizer`, words as numbers.

From ``engine/keras/texts.py``; before `sequence`, which makes the lists one array.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {"engine.keras.texts": "Tokenizer hashing_trick one_hot text_to_word_sequence"},
)
