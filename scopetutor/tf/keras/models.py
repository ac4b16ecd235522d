"""`tf.keras.models`: `Model` and `Sequential`, and models of their configs.

`tf.keras` has the two classes at its top as well. From ``engine/keras``; `load_model`
needs HDF5 and is not here.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.configuring": "clone_model model_from_config model_from_json",
        "engine.keras.model": "Model",
        "engine.keras.sequential": "Sequential",
    },
)
