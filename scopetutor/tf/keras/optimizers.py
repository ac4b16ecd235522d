"""`tf.keras.optimizers`: the optimizers for `compile`.

From ``engine/keras/optimizers.py``. TF 1.15: those of `tf.train` may be given to
`compile` as well, and are others.
"""

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
