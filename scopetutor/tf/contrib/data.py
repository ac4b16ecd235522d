"""`tf.contrib.data`: functions for `Dataset.apply`, under the names they had in 2018.

From ``engine/data``. In TF 1.15 `tf.data.experimental` has nearly the same ones.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.data.contrib_names": (
            "Counter CsvDataset RandomDataset Reducer TFRecordWriter "
            "choose_from_datasets group_by_reducer make_batched_features_dataset "
            "make_csv_dataset parse_example_dataset rejection_resample "
            "sample_from_datasets scan unique"
        ),
        "engine.data.dataset": "AUTOTUNE",
        "engine.data.experimental": (
            "batch_and_drop_remainder enumerate_dataset get_single_element "
            "ignore_errors map_and_batch padded_batch_and_drop_remainder "
            "parallel_interleave shuffle_and_repeat unbatch"
        ),
        "engine.data.grouping": (
            "bucket_by_sequence_length=contrib_bucket_by_sequence_length "
            "group_by_window=contrib_group_by_window"
        ),
    },
)
