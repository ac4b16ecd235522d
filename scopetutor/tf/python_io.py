"""`tf.python_io`: TFRecord files, written and read in a Python loop.

From ``engine/record_writer.py``. `tf.io` has the same names.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.record_writer": (
            "TFRecordCompressionType TFRecordOptions TFRecordWriter tf_record_iterator"
        ),
    },
)
