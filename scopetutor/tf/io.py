"""`tf.io`: names that `tf` has as well."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.queues": "PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue",
        "engine.record_writer": (
            "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator"
        ),
        "engine.training.input": "match_filenames_once",
        "tf": "matching_files read_file write_file",
        "tf.train": ("write_graph"),
    },
)
