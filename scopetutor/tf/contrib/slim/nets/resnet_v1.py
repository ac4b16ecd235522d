"""`tf.contrib.slim.nets.resnet_v1`: residual nets with 50 to 200 layers.

From ``engine/contrib/slim/nets``. Images through `resnet_v1_50` are where many programs
of 2017 begin.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.resnet_v1 import (
    bottleneck,
    resnet_arg_scope,
    resnet_v1,
    resnet_v1_50,
    resnet_v1_101,
    resnet_v1_152,
    resnet_v1_200,
    resnet_v1_block,
)
