"""`tf.compat`: text and bytes; and `v1`, which is all of this.

Programs for Python 2 and 3 use the first (``engine/compat.py``). Programs that live on
under TensorFlow 2 begin with `import tensorflow.compat.v1 as tf`, which
``evaluator/imports.py`` leads to the same module.
"""

from __future__ import annotations

import scopetutor.tf as v1  # noqa: F401 - `tf.compat.v1` is `tf`

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.compat": (
            "as_bytes as_str as_str_any as_text bytes_or_text_types complex_types "
            "forward_compatible integral_types path_to_str real_types"
        ),
        "engine.shapes": "dimension_at_index dimension_value",
    },
)
