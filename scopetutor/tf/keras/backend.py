"""`tf.keras.backend`: what programs ask of keras itself."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.backend": ("clear_session eval=evaluated get_value set_value"),
        "engine.keras.settings": (
            "cast_to_floatx epsilon floatx image_data_format set_epsilon set_floatx "
            "set_image_data_format"
        ),
        "engine.keras.assignments": "get_session=session set_session=use",
        "engine.keras.learning_phase": "learning_phase set_learning_phase",
        "engine.keras.names": "reset_uids",
    },
)
