"""`tf.summary`."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.file_writer": "FileWriter FileWriterCache",
        "engine.ops.summaries": (
            "all_v2_summary_ops audio histogram image merge merge_all scalar "
            "tensor_summary text"
        ),
        "formats.protos": (
            "Event SessionLog Summary SummaryDescription TaggedRunMetadata"
        ),
    },
)
