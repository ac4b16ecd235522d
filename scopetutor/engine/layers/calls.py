"""From a function of `tf.layers` to its layer.

Between the functions of the other files here and their classes. TF 1.15: `reuse` and
`name` of the function are `_reuse` and `_scope` of the layer, and so decide which
variables its first call finds.
"""

from __future__ import annotations

from typing import Any


def call(layer_class: Any, given: dict[str, Any], **call_arguments: Any) -> Any:
    """Makes a layer and calls it on the inputs.

    Args:
        layer_class: which layer.
        given: the `locals()` of the function's first line; `inputs` is what the layer
            is called on, `name` and `reuse` say its scope.
        call_arguments: given to the call, not to the layer.
    """
    settings = {key: value for key, value in given.items() if key != "inputs"}
    if "reuse" in settings:
        settings["_reuse"] = settings.pop("reuse")
        settings["_scope"] = settings["name"]
    return layer_class(**settings).apply(given["inputs"], **call_arguments)
