"""`tf.contrib.util`: constants of a graph, and tensors as messages.

`make_tensor_proto` is what clients of TensorFlow Serving imported from here before `tf`
had it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.static": "constant_value=static_value",
        "engine.testing.tensor_messages": "make_ndarray make_tensor_proto",
    },
)
