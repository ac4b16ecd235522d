"""`tf.contrib.slim.nets.resnet_v2`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.resnet_v2 import (
    bottleneck,
    resnet_arg_scope,
    resnet_v2,
    resnet_v2_50,
    resnet_v2_101,
    resnet_v2_152,
    resnet_v2_200,
    resnet_v2_block,
)
