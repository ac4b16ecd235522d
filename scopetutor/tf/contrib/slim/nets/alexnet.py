"""`tf.contrib.slim.nets.alexnet`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    alexnet_v2,
    alexnet_v2_arg_scope,
)
