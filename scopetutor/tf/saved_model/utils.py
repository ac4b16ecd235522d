"""`tf.saved_model.utils`: tensors as the messages that signatures hold, and back.

From ``engine/saved_model/signatures.py``.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.saved_model.signatures": (
            "build_tensor_info get_tensor_from_tensor_info"
        )
    },
)
