"""`tf.saved_model.signature_def_utils`: signatures, made and looked at.

From ``engine/saved_model/signatures.py``; what `utils` makes of tensors goes into them.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.saved_model.signatures": (
            "build_signature_def classification_signature_def is_valid_signature "
            "predict_signature_def regression_signature_def"
        )
    },
)
