"""`tf.layers.dropout` and `tf.layers.flatten`: layers without variables.

After ``base.py`` and ``keras/core.py``. TF 1.15: `training` is False unless it is said,
so a dropout that nobody switched on does nothing.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation
from scopetutor.engine.keras import core as keras
from scopetutor.engine.keras.arguments import arguments

from . import calls
from .base import Layer


class Dropout(keras.Dropout, Layer):
    """Leaves out a random share of the inputs while training."""

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**arguments(locals()))

    def call(self, inputs: Any, training: Any = False) -> Any:
        """The inputs, some of them 0 if `training`."""
        return super().call(inputs, training=training)


@deprecation.deprecated(
    "dropout", "tensorflow.python.layers.core", "Use keras.layers.dropout instead."
)
def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: Any = None,
) -> Any:
    """The inputs, a random share of them 0 and the others larger if `training`.

    Args:
        inputs: a tensor.
        rate: the share that is left out, 0 to 1.
        noise_shape: where the shape of what is drawn differs from the inputs'.
        seed: of the random numbers.
        training: a flag or a tensor; False gives the inputs as they are.
        name: of the layer.
    """
    return calls.call(
        Dropout,
        {
            "inputs": inputs,
            "rate": rate,
            "noise_shape": noise_shape,
            "seed": seed,
            "name": name,
        },
        training=training,
    )


class Flatten(keras.Flatten, Layer):
    """Makes one axis of all but the first."""


@deprecation.deprecated(
    "flatten", "tensorflow.python.layers.core", "Use keras.layers.flatten instead."
)
def flatten(inputs: Any, name: Any = None, data_format: str = "channels_last") -> Any:
    """The inputs as [batch, everything else]."""
    return calls.call(Flatten, locals())
