"""`tf.feature_column`: how raw features become the inputs of a model.

Estimators and `input_layer` take the columns. They are made in
``engine/feature_columns``, one file for each kind; sequence columns are not here.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.feature_columns.categorical": (
            "categorical_column_with_hash_bucket categorical_column_with_identity "
            "categorical_column_with_vocabulary_file "
            "categorical_column_with_vocabulary_list crossed_column "
            "weighted_categorical_column"
        ),
        "engine.feature_columns.dense": (
            "embedding_column indicator_column shared_embedding_columns"
        ),
        "engine.feature_columns.input_layer": "input_layer",
        "engine.feature_columns.linear_model": "linear_model",
        "engine.feature_columns.numeric": "bucketized_column numeric_column",
        "engine.feature_columns.parsing": "make_parse_example_spec",
    },
)
