"""`tf.keras.layers`."""

from __future__ import annotations

from scopetutor.engine.keras.deserializing import LAYERS
from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {f"engine.keras.{module}": names for module, names in LAYERS.items()}
    | {
        "engine.feature_columns.input_layer": "DenseFeatures",
        "engine.keras.deserializing": "deserialize serialize",
    },
)
