"""`tf.keras.metrics`: what `fit` shows beside the loss.

Classes keep numbers over an epoch (``engine/keras/metrics.py``); functions that are
also losses are those of `tf.keras.losses`, as in TF 1.15.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.lookup": "serialize",
        "engine.keras.metrics": (
            "Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy "
            "CategoricalCrossentropy Mean MeanAbsoluteError MeanSquaredError Metric "
            "SparseCategoricalAccuracy SparseTopKCategoricalAccuracy Sum "
            "TopKCategoricalAccuracy binary_accuracy categorical_accuracy get "
            "sparse_categorical_accuracy sparse_top_k_categorical_accuracy "
            "top_k_categorical_accuracy"
        ),
        "tf.keras.losses": (
            "KLD MAE MAPE MSE MSLE binary_crossentropy categorical_crossentropy cosine "
            "cosine_proximity hinge kld kullback_leibler_divergence mae mape "
            "mean_absolute_error mean_absolute_percentage_error mean_squared_error "
            "mean_squared_logarithmic_error mse msle poisson "
            "sparse_categorical_crossentropy squared_hinge"
        ),
    },
)
