"""`tf.io`: names that `tf` has as well.

Files, records and messages by the names that TensorFlow 2 kept; TF 1.15 has both.
`tf.io.gfile` is below it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.images.files": (
            "decode_and_crop_jpeg decode_bmp decode_gif decode_image decode_jpeg "
            "decode_png encode_jpeg "
            "extract_jpeg_shape is_jpeg"
        ),
        "engine.parsing": (
            "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature "
            "decode_csv decode_raw parse_example parse_single_example"
        ),
        "engine.sequence_parsing": (
            "parse_sequence_example parse_single_sequence_example"
        ),
        "engine.queues": "PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue",
        "engine.record_writer": (
            "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator"
        ),
        "engine.training.input": "match_filenames_once",
        "tf": (
            "decode_base64 decode_compressed deserialize_many_sparse encode_base64 "
            "matching_files parse_tensor read_file serialize_many_sparse "
            "serialize_sparse serialize_tensor write_file"
        ),
        "tf.train": ("write_graph"),
    },
    submodules="gfile",
)
