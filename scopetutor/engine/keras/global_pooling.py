"""`tf.keras.layers.GlobalAveragePooling2D` and its kin: one number for each channel.

After ``layer.py``; between the last convolution of a model and `Dense`. ``pooling.py``
has windows instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.ops import math
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.shapes import TensorShape

from .input_spec import InputSpec
from .layer import Layer
from .settings import floatx
from .spaces import normalize_data_format

if TYPE_CHECKING:
    from collections.abc import Callable


class _GlobalPooling(Layer):
    """Sums up all dimensions of space."""

    _rank: int
    _reduce: Callable[..., Any]

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def call(self, inputs: Any) -> Any:
        """The inputs as [batch, channels]."""
        begin = 2 if self.data_format == "channels_first" else 1
        axes: Any = list(range(begin, begin + self._rank))
        return type(self)._reduce(inputs, axis=axes[0] if self._rank == 1 else axes)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[batch, channels]."""
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], sizes[self._channel_axis()]])

    def _channel_axis(self) -> int:
        return 1 if self.data_format == "channels_first" else -1

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "data_format": self.data_format}


class GlobalAveragePooling1D(_GlobalPooling):
    """The mean of a sequence."""

    _rank = 1
    _reduce = staticmethod(math.reduce_mean)

    def __init__(self, data_format: str = "channels_last", **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The mean of the moments that are not masked."""
        if mask is None:
            return super().call(inputs)
        axis = 2 if self.data_format == "channels_first" else 1
        mask = math.cast(mask, floatx())
        mask = reshape(mask, [-1, inputs.shape[axis].value, 1])
        inputs *= mask
        return math.reduce_sum(inputs, axis=axis) / math.reduce_sum(mask, axis=axis)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None."""


class GlobalMaxPooling1D(_GlobalPooling):
    """The largest number of a sequence."""

    _rank = 1
    _reduce = staticmethod(math.reduce_max)

    def __init__(self, data_format: str = "channels_last", **kwargs: Any) -> None:
        super().__init__(data_format, **kwargs)


class GlobalAveragePooling2D(_GlobalPooling):
    """The mean of an image."""

    _rank = 2
    _reduce = staticmethod(math.reduce_mean)


class GlobalMaxPooling2D(_GlobalPooling):
    """The largest number of an image."""

    _rank = 2
    _reduce = staticmethod(math.reduce_max)


class GlobalAveragePooling3D(_GlobalPooling):
    """The mean of a volume."""

    _rank = 3
    _reduce = staticmethod(math.reduce_mean)


class GlobalMaxPooling3D(_GlobalPooling):
    """The largest number of a volume."""

    _rank = 3
    _reduce = staticmethod(math.reduce_max)
