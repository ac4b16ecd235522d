"""`tf.layers.batch_normalization`: outputs of mean 0 and variance 1.

After ``base.py`` and ``keras/normalization.py``. TF 1.15: the moving averages move only
if a program runs the operations in `tf.GraphKeys.UPDATE_OPS`, which many forget.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation
from scopetutor.engine.initializers import Ones, Zeros
from scopetutor.engine.keras import normalization as keras
from scopetutor.engine.keras.arguments import arguments

from . import calls
from .base import Layer

_ZEROS = Zeros()
_ONES = Ones()


class BatchNormalization(keras.BatchNormalization, Layer):
    """Outputs of mean 0 and variance 1 along an axis, then scaled and moved."""

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: Any = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = _ZEROS,
        gamma_initializer: Any = _ONES,
        moving_mean_initializer: Any = _ZEROS,
        moving_variance_initializer: Any = _ONES,
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))

    def call(self, inputs: Any, training: Any = False) -> Any:
        """The inputs, normalized by the batch if `training`."""
        return super().call(inputs, training=training)


@deprecation.deprecated(
    "batch_normalization",
    "tensorflow.python.layers.normalization",
    "Use keras.layers.BatchNormalization instead.  In particular, "
    "`tf.control_dependencies(tf.GraphKeys.UPDATE_OPS)` should not be used (consult "
    "the `tf.keras.layers.batch_normalization` documentation).",
)
def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: Any = 0.99,
    epsilon: Any = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = _ZEROS,
    gamma_initializer: Any = _ONES,
    moving_mean_initializer: Any = _ZEROS,
    moving_variance_initializer: Any = _ONES,
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: Any = None,
    reuse: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: Any = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Any:
    """The inputs normalized: by the batch if `training`, else by the moving averages.

    The moving averages are only moved by the operations in UPDATE_OPS. Every other
    argument is the layer's; `name` and `reuse` say its scope.
    """
    given = locals()
    del given["training"]
    return calls.call(BatchNormalization, given, training=training)
