"""`tf.layers.experimental`."""

# ruff: noqa: F401

from scopetutor.engine.layers.base import keras_style_scope, set_keras_style
