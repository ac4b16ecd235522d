"""`tf.keras.layers.MaxPooling2D` and its kin: windows made one number.

After ``ops/pool.py`` and ``spaces.py``; `tf.layers` has the same classes, but asks for
`strides`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scopetutor.engine.ops import pool
from scopetutor.engine.ops.reshaping import expand_dims, squeeze, transpose
from scopetutor.engine.shapes import TensorShape

from .input_spec import InputSpec
from .layer import Layer
from .spaces import (
    conv_output_length,
    convert_data_format,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class _Pooling(Layer):
    """Windows moved over the inputs, each made one number.

    Args:
        pool_function: makes windows numbers.
        pool_size: of the windows; one number, or one for each dimension.
        strides: how far apart they are; None: side by side.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first".
        name: of the layer.
        kwargs: as for every layer.
    """

    _rank = 0

    def __init__(
        self,
        pool_function: Callable[..., Any],
        pool_size: Any,
        strides: Any,
        padding: Any = "valid",
        data_format: str | None = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_function = pool_function
        self.pool_size = normalize_tuple(pool_size, self._rank, "pool_size")
        strides = pool_size if strides is None else strides
        self.strides = normalize_tuple(strides, self._rank, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The shape of the outputs for a shape of inputs."""
        sizes = TensorShape(input_shape).as_list()
        first = 2 if self.data_format == "channels_first" else 1
        for i in range(self._rank):
            sizes[first + i] = conv_output_length(
                sizes[first + i], self.pool_size[i], self.padding, self.strides[i]
            )
        return TensorShape(sizes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        # TF 1.15: sequences have them in another order.
        names = "pool_size padding strides"
        if len(self.pool_size) == 1:
            names = "strides pool_size padding"
        own = {name: getattr(self, name) for name in names.split()}
        return {**super().get_config(), **own, "data_format": self.data_format}


class Pooling1D(_Pooling):
    """Pooling of sequences [batch, steps, channels]."""

    _rank = 1

    def call(self, inputs: Any) -> Any:
        """The outputs [batch, new steps, channels]."""
        axis = 2 if self.data_format == "channels_last" else 3
        outputs = self.pool_function(
            expand_dims(inputs, axis),
            (*self.pool_size, 1),
            strides=(*self.strides, 1),
            padding=self.padding,
            data_format=self.data_format,
        )
        return squeeze(outputs, axis)


def _pool2d(
    x: Any,
    pool_size: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    data_format: str,
    *,
    function: Callable[..., Any],
) -> Any:
    """TF 1.15 on a machine without GPU: channels are moved last for the time being."""
    first = data_format == "channels_first"
    if first:
        x = transpose(x, (0, 2, 3, 1))
    x = function(
        x,
        (1, *pool_size, 1),
        (1, *strides, 1),
        padding=padding.upper(),
        data_format="NHWC",
    )
    return transpose(x, (0, 3, 1, 2)) if first else x


class MaxPooling1D(Pooling1D):
    """The largest number of each window of a sequence."""

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        **kwargs: Any,
    ) -> None:
        pooled = partial(_pool2d, function=pool.max_pool)
        super().__init__(pooled, pool_size, strides, padding, data_format, **kwargs)


class AveragePooling1D(Pooling1D):
    """The mean of each window of a sequence."""

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        **kwargs: Any,
    ) -> None:
        pooled = partial(_pool2d, function=pool.avg_pool)
        super().__init__(pooled, pool_size, strides, padding, data_format, **kwargs)


class Pooling2D(_Pooling):
    """Pooling of images [batch, height, width, channels]."""

    _rank = 2

    def call(self, inputs: Any) -> Any:
        """The outputs, with new heights and widths."""
        first = self.data_format == "channels_first"
        return self.pool_function(
            inputs,
            ksize=(1, 1, *self.pool_size) if first else (1, *self.pool_size, 1),
            strides=(1, 1, *self.strides) if first else (1, *self.strides, 1),
            padding=self.padding.upper(),
            data_format=convert_data_format(self.data_format, 4),
        )


class MaxPooling2D(Pooling2D):
    """The largest number of each window of an image."""

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            pool.max_pool, pool_size, strides, padding, data_format, **kwargs
        )


class AveragePooling2D(Pooling2D):
    """The mean of each window of an image."""

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            pool.avg_pool, pool_size, strides, padding, data_format, **kwargs
        )


class Pooling3D(_Pooling):
    """Pooling of volumes [batch, depth, height, width, channels]."""

    _rank = 3

    def call(self, inputs: Any) -> Any:
        """The outputs, with new depths, heights and widths."""
        first = self.data_format == "channels_first"
        if first:
            inputs = transpose(inputs, (0, 2, 3, 4, 1))
        outputs = self.pool_function(
            inputs,
            ksize=(1, *self.pool_size, 1),
            strides=(1, *self.strides, 1),
            padding=self.padding.upper(),
        )
        return transpose(outputs, (0, 4, 1, 2, 3)) if first else outputs


class MaxPooling3D(Pooling3D):
    """The largest number of each window of a volume."""

    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            pool.max_pool3d, pool_size, strides, padding, data_format, **kwargs
        )


class AveragePooling3D(Pooling3D):
    """The mean of each window of a volume."""

    def __init__(
        self,
        pool_size: Any = (2, 2, 2),
        strides: Any = None,
        padding: Any = "valid",
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            pool.avg_pool3d, pool_size, strides, padding, data_format, **kwargs
        )
