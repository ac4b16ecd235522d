"""`tf.summary`: what TensorBoard shows, as operations, and the writer of its files.

Operations from ``engine/ops/summaries.py``, the writer from ``engine/file_writer.py``;
`scopetutor tensorboard` shows what was written.
"""

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
