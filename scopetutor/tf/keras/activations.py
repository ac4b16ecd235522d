"""`tf.keras.activations`: what `activation="relu"` means.

From ``engine/keras/activations.py``, where layers look the names up too.
"""

# ruff: noqa: F401

from scopetutor.engine.keras.activations import (
    deserialize,
    elu,
    exponential,
    get,
    hard_sigmoid,
    linear,
    relu,
    selu,
    serialize,
    sigmoid,
    softmax,
    softplus,
    softsign,
    tanh,
)
