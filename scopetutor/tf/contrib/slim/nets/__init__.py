"""`tf.contrib.slim.nets`: nets of the literature, one module for each family.

From ``engine/contrib/slim/nets``. Their scopes are those of the checkpoints that were
published with them.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {},
    submodules="alexnet inception overfeat resnet_utils resnet_v1 resnet_v2 vgg",
)
