"""`tf.losses`: one number that training makes small, labels before predictions.

From ``engine/losses.py``. TF 1.15: each enters what it gives in the collection LOSSES.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.losses": (
            "Reduction absolute_difference add_loss compute_weighted_loss "
            "cosine_distance get_losses get_regularization_loss "
            "get_regularization_losses get_total_loss hinge_loss huber_loss log_loss "
            "mean_pairwise_squared_error mean_squared_error sigmoid_cross_entropy "
            "softmax_cross_entropy sparse_softmax_cross_entropy"
        ),
    },
)
