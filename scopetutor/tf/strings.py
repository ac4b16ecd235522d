"""`tf.strings`: names that `tf` has as well.

From ``engine/ops/text.py`` and ``hashing.py``. `tf.strings.split` and
`tf.strings.format` are here only: `tf.string_split` is another function.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.hashing": (
            "to_hash_bucket=string_to_hash_bucket "
            "to_hash_bucket_fast=string_to_hash_bucket_fast "
            "to_hash_bucket_strong=string_to_hash_bucket_strong"
        ),
        "engine.ops.printing": "format=string_format",
        "engine.ops.segment_join": "unsorted_segment_join",
        "engine.ops.unicode": "unicode_transcode",
        "engine.ops.text": (
            "length=string_length lower=string_lower regex_full_match "
            "split=strings_split strip=string_strip substr "
            "to_number=string_to_number upper=string_upper"
        ),
        "tf": "as_string join=string_join reduce_join regex_replace",
    },
)
