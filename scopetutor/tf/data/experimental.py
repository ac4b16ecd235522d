"""`tf.data.experimental`: functions for `Dataset.apply`, and options of datasets.

From ``engine/data``; `AUTOTUNE` is what most programs come for.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.data.dataset": "AUTOTUNE get_structure",
        "engine.data.experimental": (
            "enumerate_dataset get_single_element ignore_errors map_and_batch "
            "parallel_interleave scan shuffle_and_repeat take_while unbatch"
        ),
        "engine.data.grouping": "bucket_by_sequence_length group_by_window",
        "engine.data.options": (
            "DistributeOptions OptimizationOptions ThreadingOptions"
        ),
        "engine.data.structure": "DatasetStructure=DatasetSpec",
    },
)
