"""`tf.contrib.slim`: the names of `tf.contrib.layers` and `framework`, and its own."""

from __future__ import annotations

from scopetutor.tf.contrib.framework import NAMES as FRAMEWORK
from scopetutor.tf.contrib.layers import NAMES as LAYERS
from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        **LAYERS,
        "engine.contrib.layers.summarizing": (
            "summarize_activation summarize_activations summarize_biases "
            "summarize_collection summarize_tensor summarize_tensors "
            "summarize_variables summarize_weights"
        ),
        **{
            module: FRAMEWORK[module]
            for module in ("engine.contrib.arg_scope", "engine.contrib.variables")
        },
        # Modules that TF 1.15 leaves there; programs write `slim.layers.conv2d`.
        "tf.contrib": "layers initializers=layers metrics regularizers=layers",
    },
    submodules="learning losses model_analyzer nets prefetch_queue queues utils",
)
