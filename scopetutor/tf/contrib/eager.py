"""`tf.contrib.eager`, mostly imported as `tfe`: eager mode before it was part of `tf`.

What became of it is elsewhere: `tf.GradientTape`, `tf.custom_gradient`. Its `Variable`
is a resource variable (``engine/resource_variables.py``).
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.custom_gradient": "custom_gradient",
        "engine.data.iterator": "Iterator=EagerIterator",
        "engine.data.structure": "TensorSpec",
        "engine.defaults": (
            "enable_eager_execution executing_eagerly in_eager_mode=executing_eagerly"
        ),
        "engine.functions.defun": "defun",
        "engine.functions.tf_function": "function",
        "engine.gradient_tape": "GradientTape",
        "engine.testing.eager_context": "ASYNC DEVICE_PLACEMENT_EXPLICIT "
        "DEVICE_PLACEMENT_SILENT DEVICE_PLACEMENT_WARN SYNC",
        "engine.resource_variables": "Variable=ResourceVariable",
    },
)
