"""`tf.contrib.slim.nets.resnet_utils`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.resnet_utils import (
    Block,
    conv2d_same,
    resnet_arg_scope,
    stack_blocks_dense,
    subsample,
)
