"""`tf.keras.preprocessing.sequence`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {"engine.keras.sequences": "make_sampling_table pad_sequences skipgrams"}
)
