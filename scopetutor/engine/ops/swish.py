"""`tf.nn.swish`, an activation that brings its own gradient.

After ``custom_gradient.py``; `tf.nn` lists it. Plain operations with their plain
gradients would keep the sigmoid of every element until the gradient is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.custom_gradient import custom_gradient
from scopetutor.engine.surroundings import control_dependencies

from . import math

if TYPE_CHECKING:
    from collections.abc import Callable


@custom_gradient
def swish(features: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Each element times its sigmoid.

    TF 1.15: the gradient computes the sigmoid anew, so that it need not be kept.
    """
    features = convert_to_tensor(features, name="features")

    def grad(dy: Any) -> Any:
        with control_dependencies([dy]):
            sigmoid = math.sigmoid(features)
        return dy * (sigmoid * (1.0 + features * (1.0 - sigmoid)))

    return features * math.sigmoid(features), grad
