"""`tf.contrib.image`: images turned, moved and distorted.

From ``engine/contrib/images.py``, after the operation that does it. What else is done
to images is in `tf.image`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.images": (
            "angles_to_projective_transforms compose_transforms "
            "flat_transforms_to_matrices matrices_to_flat_transforms rotate transform "
            "translate translations_to_projective_transforms"
        )
    },
)
