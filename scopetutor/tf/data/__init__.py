"""`tf.data`: datasets, iterators and the structure of their elements.

From ``engine/data``. What `Dataset.apply` takes is in `tf.data.experimental`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.data.dataset": (
            "Dataset get_output_classes get_output_shapes get_output_types"
        ),
        "engine.data.iterator": (
            "Iterator make_initializable_iterator make_one_shot_iterator"
        ),
        "engine.data.options": "Options",
        "engine.data.readers": (
            "FixedLengthRecordDataset TFRecordDataset TextLineDataset"
        ),
        "engine.data.structure": "DatasetSpec",
    },
    submodules="experimental",
)
