"""`tf.keras.utils`: `to_categorical`, and names for one's own classes.

From ``engine/keras/categories.py`` and ``lookup.py`` beside it, where those names are
kept for models that are made of a config.
"""

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
