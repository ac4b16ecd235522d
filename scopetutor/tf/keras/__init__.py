"""`tf.keras`: layers, what they are made of, and models of them.

From ``engine/keras``, one list below it for each module of keras. `tensorflow.keras` is
the same; a package called `keras` is another.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.input_layer": "Input",
        "engine.keras.model": "Model",
        "engine.keras.sequential": "Sequential",
    },
    submodules=(
        "activations backend callbacks constraints experimental initializers layers "
        "losses metrics models optimizers preprocessing regularizers utils"
    ),
)
