"""`tf.layers.dense`: every input connected with every unit.

After ``base.py`` and ``keras/dense.py``, before `fully_connected` of contrib, attention
and estimators. In TF 1.15 the variables are `dense/kernel` and `dense/bias`, the next
ones `dense_1/…`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keras import dense as keras
from scopetutor.engine.keras.arguments import arguments

from . import calls
from .base import Layer

_ZEROS = Zeros()


class Dense(keras.Dense, Layer):
    """Inputs times `kernel`, plus `bias`, through an activation."""

    def __init__(
        self,
        units: Any,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = _ZEROS,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))


@deprecation.deprecated(
    "dense", "tensorflow.python.layers.core", "Use keras.layers.Dense instead."
)
def dense(
    inputs: Any,
    units: Any,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = _ZEROS,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Any = None,
) -> Any:
    """The inputs through a new dense layer, or through that of the same name.

    Args:
        inputs: of rank 2 or higher.
        units: how many outputs.
        activation: a function or its name; None: none.
        use_bias: whether there is a bias.
        kernel_initializer: how the matrix begins; None: the scope's, or
            glorot_uniform.
        bias_initializer: how the bias begins.
        kernel_regularizer: its value is entered in REGULARIZATION_LOSSES.
        bias_regularizer: likewise.
        activity_regularizer: likewise, of the outputs.
        kernel_constraint: applied after each training step.
        bias_constraint: likewise.
        trainable: whether the variables are entered in TRAINABLE_VARIABLES.
        name: of the layer's scope; None: `dense`, `dense_1`, …
        reuse: whether the scope's variables are reused.

    Returns:
        A tensor with `units` as its last size.
    """
    return calls.call(Dense, locals())
