"""`tf.keras.callbacks`: what `fit` calls between batches and epochs.

From ``engine/keras/callbacks.py``; those that write files are in
``saving_callbacks.py`` beside it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.callbacks": (
            "BaseLogger Callback EarlyStopping History LambdaCallback "
            "LearningRateScheduler ReduceLROnPlateau TerminateOnNaN"
        ),
        "engine.keras.saving_callbacks": "CSVLogger ModelCheckpoint",
    },
)
