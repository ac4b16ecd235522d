"""`tf.nn`."""

# ruff: noqa: F401

from scopetutor.engine.ops.math import sigmoid, tanh
from scopetutor.engine.ops.nn import bias_add, conv2d, relu
