"""`tf.keras.layers`: all layers, and `deserialize`, which makes one of its config.

Where each is says the table `LAYERS` of ``engine/keras/deserializing.py``: what can be
asked for by name is what is listed here.
"""

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
