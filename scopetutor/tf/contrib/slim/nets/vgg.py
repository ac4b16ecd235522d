"""`tf.contrib.slim.nets.vgg`: VGG in its three sizes, and the arg scope of all.

From ``engine/contrib/slim/nets/plain.py``; `vgg_d` is `vgg_16`, `vgg_e` is `vgg_19`.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.plain import (
    vgg_16,
    vgg_19,
    vgg_a,
    vgg_arg_scope,
    vgg_d,
    vgg_e,
)
