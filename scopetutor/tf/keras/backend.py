"""`tf.keras.backend`: the phase, and the numbering of layers."""

# ruff: noqa: F401

from scopetutor.engine.keras.learning_phase import learning_phase, set_learning_phase
from scopetutor.engine.keras.names import reset_uids
