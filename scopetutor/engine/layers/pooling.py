"""`tf.layers.max_pooling2d` and its kin: layers without variables.

After ``base.py`` and ``keras/pooling.py``. Keras takes the window's size for `strides`
that are not said; these functions of TF 1.15 have no such default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import deprecation
from scopetutor.engine.keras import pooling as keras
from scopetutor.engine.keras.arguments import arguments

from . import calls
from .base import Layer

if TYPE_CHECKING:
    from collections.abc import Callable


class _WithStrides:
    """TF 1.15: the layers of tf.layers must be told how far apart windows are."""

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: Any = "valid",
        data_format: str = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(**arguments(locals()))


class AveragePooling1D(_WithStrides, keras.AveragePooling1D, Layer):
    """The mean of each window of a sequence."""


class MaxPooling1D(_WithStrides, keras.MaxPooling1D, Layer):
    """The largest number of each window of a sequence."""


class AveragePooling2D(_WithStrides, keras.AveragePooling2D, Layer):
    """The mean of each window of an image."""


class MaxPooling2D(_WithStrides, keras.MaxPooling2D, Layer):
    """The largest number of each window of an image."""


class AveragePooling3D(_WithStrides, keras.AveragePooling3D, Layer):
    """The mean of each window of a volume."""


class MaxPooling3D(_WithStrides, keras.MaxPooling3D, Layer):
    """The largest number of each window of a volume."""


def _function(layer_class: Any, function: str, doc: str) -> Callable[..., Any]:
    """The function of a layer."""

    def pool(
        inputs: Any,
        pool_size: Any,
        strides: Any,
        padding: Any = "valid",
        data_format: str = "channels_last",
        name: Any = None,
    ) -> Any:
        return calls.call(
            layer_class,
            {
                "inputs": inputs,
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
                "name": name,
            },
        )

    pool.__name__ = pool.__qualname__ = function
    pool.__doc__ = doc
    instead = f"Use keras.layers.{layer_class.__name__} instead."
    module = "tensorflow.python.layers.pooling"
    return deprecation.deprecated(function, module, instead)(pool)


average_pooling1d = _function(
    AveragePooling1D,
    "average_pooling1d",
    "The mean of each window of sequences [batch, steps, channels].",
)
max_pooling1d = _function(
    MaxPooling1D,
    "max_pooling1d",
    "The largest number of each window of sequences [batch, steps, channels].",
)
average_pooling2d = _function(
    AveragePooling2D,
    "average_pooling2d",
    "The mean of each window of images [batch, height, width, channels].",
)
max_pooling2d = _function(
    MaxPooling2D,
    "max_pooling2d",
    "The largest number of each window of images [batch, height, width, channels].",
)
average_pooling3d = _function(
    AveragePooling3D,
    "average_pooling3d",
    "The mean of each window of volumes [batch, depth, height, width, channels].",
)
max_pooling3d = _function(
    MaxPooling3D,
    "max_pooling3d",
    "The largest number of each window of volumes.",
)
