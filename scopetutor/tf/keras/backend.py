"""`tf.keras.backend`: what programs ask of keras itself."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.backend": (
            "clear_session epsilon eval=evaluated floatx get_value image_data_format "
            "set_value"
        ),
        "engine.keras.assignments": "get_session=session set_session=use",
        "engine.keras.learning_phase": "learning_phase set_learning_phase",
        "engine.keras.names": "reset_uids",
    },
)
