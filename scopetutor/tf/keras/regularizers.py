"""`tf.keras.regularizers`: what makes large weights cost something.

From ``engine/keras/regularizers.py``. `kernel_regularizer=l2(1e-4)` puts its loss into
`model.losses`.
"""

# ruff: noqa: F401

from scopetutor.engine.keras.regularizers import (
    L1L2,
    Regularizer,
    deserialize,
    get,
    l1,
    l1_l2,
    l2,
    serialize,
)
