"""`tf.keras.utils`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.categories": "normalize to_categorical",
        "engine.keras.lookup": (
            "CustomObjectScope custom_object_scope get_custom_objects"
        ),
    },
)
