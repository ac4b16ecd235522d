"""`tf.data.experimental`: functions for `Dataset.apply`, and options of datasets.

From ``engine/data``; `AUTOTUNE` is what most programs come for.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.data.choosing": (
            "Counter=CounterV1 RandomDataset=RandomDatasetV1 choose_from_datasets "
            "rejection_resample sample_from_datasets"
        ),
        "engine.data.csv_files": "CsvDataset=CsvDatasetV1 make_csv_dataset",
        "engine.data.dataset": "AUTOTUNE get_structure",
        "engine.data.examples": "make_batched_features_dataset parse_example_dataset",
        "engine.data.experimental": (
            "enumerate_dataset get_single_element ignore_errors map_and_batch "
            "parallel_interleave scan shuffle_and_repeat take_while unbatch unique"
        ),
        "engine.data.grouping": "bucket_by_sequence_length group_by_window",
        "engine.data.options": (
            "DistributeOptions OptimizationOptions ThreadingOptions"
        ),
        "engine.data.reducing": "Reducer group_by_reducer",
        "engine.ops.dataset_cardinality": (
            "INFINITE_CARDINALITY UNKNOWN_CARDINALITY cardinality"
        ),
        "engine.data.structure": "DatasetStructure=DatasetSpec",
        "engine.data.writers": "TFRecordWriter",
    },
)
