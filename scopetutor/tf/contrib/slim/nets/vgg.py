"""`tf.contrib.slim.nets.vgg`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    vgg_16,
    vgg_19,
    vgg_a,
    vgg_arg_scope,
    vgg_d,
    vgg_e,
)
