"""`tf.contrib.metrics`: `streaming_accuracy` and others, predictions before labels.

From ``engine/contrib/metrics.py``, which hands them on to `tf.metrics`; slim's
evaluations import them as `slim.metrics`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.confusion": "confusion_matrix",
        "engine.contrib.joint_metrics": (
            "cohen_kappa count streaming_covariance streaming_false_negative_rate "
            "streaming_false_positive_rate streaming_pearson_correlation"
        ),
        "engine.contrib.metrics": (
            "accuracy aggregate_metric_map aggregate_metrics streaming_accuracy "
            "streaming_auc streaming_false_negatives streaming_false_positives "
            "streaming_mean streaming_mean_absolute_error "
            "streaming_mean_cosine_distance streaming_mean_iou "
            "streaming_mean_relative_error streaming_mean_squared_error "
            "streaming_mean_tensor streaming_percentage_less streaming_precision "
            "streaming_precision_at_thresholds streaming_recall streaming_recall_at_k "
            "streaming_recall_at_thresholds streaming_root_mean_squared_error "
            "streaming_sensitivity_at_specificity "
            "streaming_specificity_at_sensitivity "
            "streaming_sparse_average_precision_at_k streaming_sparse_precision_at_k "
            "streaming_sparse_recall_at_k streaming_true_negatives "
            "streaming_true_positives"
        ),
    },
)
