"""`tf.contrib.slim.nets.alexnet`: AlexNet in its second version.

From ``engine/contrib/slim/nets/plain.py``, like `overfeat` and `vgg`.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    alexnet_v2,
    alexnet_v2_arg_scope,
)
