"""`tf.losses`."""

# ruff: noqa: F401

from scopetutor.engine.losses import (
    get_regularization_loss,
    get_regularization_losses,
)
