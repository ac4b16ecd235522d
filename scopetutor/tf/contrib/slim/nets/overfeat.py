"""`tf.contrib.slim.nets.overfeat`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    overfeat,
    overfeat_arg_scope,
)
