"""`tf.keras.preprocessing.sequence`: `pad_sequences`, and pairs of words.

From ``engine/keras/sequences.py``; after `text`, whose lists have all lengths.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {"engine.keras.sequences": "make_sampling_table pad_sequences skipgrams"}
)
