"""`tf.keras.losses`: as classes, as functions, and as the short names of Keras.

From ``engine/keras/losses.py``. The strings for `compile(loss="mse")` are looked up
there.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.losses": (
            "BinaryCrossentropy CategoricalCrossentropy CategoricalHinge "
            "CosineSimilarity Hinge Huber KLD=kullback_leibler_divergence KLDivergence "
            "LogCosh Loss MAE=mean_absolute_error MAPE=mean_absolute_percentage_error "
            "MSE=mean_squared_error MSLE=mean_squared_logarithmic_error "
            "MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError "
            "MeanSquaredLogarithmicError Poisson "
            "SparseCategoricalCrossentropy SquaredHinge binary_crossentropy "
            "categorical_crossentropy categorical_hinge cosine=cosine_proximity "
            "cosine_proximity cosine_similarity=cosine_proximity get hinge "
            "kld=kullback_leibler_divergence kullback_leibler_divergence logcosh "
            "mae=mean_absolute_error mape=mean_absolute_percentage_error "
            "mean_absolute_error mean_absolute_percentage_error mean_squared_error "
            "mean_squared_logarithmic_error mse=mean_squared_error "
            "msle=mean_squared_logarithmic_error poisson "
            "sparse_categorical_crossentropy squared_hinge"
        ),
        "engine.keras.lookup": "serialize",
    },
)
