"""`tf.contrib.slim.nets.resnet_utils`: blocks, for residual nets of one's own.

From the file of that name in ``engine/contrib/slim/nets``; `resnet_v1` and `resnet_v2`
are made of the same.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.resnet_utils import (
    Block,
    conv2d_same,
    resnet_arg_scope,
    stack_blocks_dense,
    subsample,
)
