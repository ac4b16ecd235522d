"""`tf.contrib.slim.nets.inception`: Inception V1 to V3, and what each was trained in.

From ``engine/contrib/slim/nets/inception.py``; the `…_base` functions end before the
logits.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.nets.inception import (
    inception_v1,
    inception_v1_arg_scope,
    inception_v1_base,
    inception_v2,
    inception_v2_arg_scope,
    inception_v2_base,
    inception_v3,
    inception_v3_arg_scope,
    inception_v3_base,
)
