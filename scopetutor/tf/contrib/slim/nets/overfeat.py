"""`tf.contrib.slim.nets.overfeat`: OverFeat, the fast model.

From ``engine/contrib/slim/nets/plain.py``, like AlexNet and the VGGs.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    overfeat,
    overfeat_arg_scope,
)
