"""`tf.contrib.slim.losses`, which is `tf.contrib.losses`.

From ``engine/contrib/losses.py``. slim's own models write
`slim.losses.softmax_cross_entropy(predictions, labels)`.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.losses import (
    absolute_difference,
    add_loss,
    compute_weighted_loss,
    get_losses,
    get_regularization_losses,
    get_total_loss,
    hinge_loss,
    log_loss,
    mean_squared_error,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    sparse_softmax_cross_entropy,
)
