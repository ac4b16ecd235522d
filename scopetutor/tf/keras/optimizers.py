"""`tf.keras.optimizers`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.lookup": "serialize",
        "engine.keras.optimizers": "Adadelta Adagrad Adam Adamax RMSprop SGD get",
        "engine.keras.optimizer": "Optimizer",
    },
)
