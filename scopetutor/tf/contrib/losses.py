"""`tf.contrib.losses`: predictions before labels, unlike `tf.losses`.

From ``engine/contrib/losses.py``; `tf.contrib.slim.losses` has the same. Losses between
embeddings are below it, as `metric_learning`.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib import metric_learning
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
