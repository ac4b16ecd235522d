"""`tf.contrib.slim.nets.resnet_v2`: residual nets that activate before they add.

From ``engine/contrib/slim/nets``; names and arguments are as in `resnet_v1`.
"""

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
