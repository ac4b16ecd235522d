"""`tf.keras.layers.UpSampling2D` and its kin: images made larger.

After ``backend_shaping.py``, which enlarges; the opposite of ``pooling.py``.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.shapes import TensorShape

from .backend_shaping import RESIZERS, repeat_elements, resize_images, resize_volumes
from .input_spec import InputSpec
from .layer import Layer
from .spaces import changed_sizes, normalize_data_format, normalize_tuple


class UpSampling1D(Layer):
    """Sequences in which each moment comes several times."""

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = int(size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Any) -> Any:
        """The longer sequences."""
        return repeat_elements(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with more moments."""
        return changed_sizes(input_shape, "channels_last", times=(self.size,))

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "size": self.size}


class UpSampling2D(Layer):
    """Images made larger by whole numbers.

    Args:
        size: how often rows and columns are repeated.
        data_format: "channels_last" or "channels_first".
        interpolation: "nearest" or "bilinear".
        kwargs: as for every layer.
    """

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.size = normalize_tuple(size, 2, "size")
        if interpolation not in RESIZERS:
            raise ValueError(
                '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'
            )
        self.interpolation = interpolation
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Any) -> Any:
        """The larger images."""
        return resize_images(
            inputs, self.size[0], self.size[1], self.data_format, self.interpolation
        )

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger heights and widths."""
        return changed_sizes(input_shape, self.data_format, times=self.size)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "size": self.size,
            "data_format": self.data_format,
            "interpolation": self.interpolation,
        }


class UpSampling3D(Layer):
    """Volumes made larger by whole numbers.

    Args:
        size: how often each point comes along each axis.
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    def __init__(
        self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.size = normalize_tuple(size, 3, "size")
        self.input_spec = InputSpec(ndim=5)

    def call(self, inputs: Any) -> Any:
        """The larger volumes."""
        depth, height, width = self.size
        return resize_volumes(inputs, depth, height, width, self.data_format)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger axes of space."""
        return changed_sizes(input_shape, self.data_format, times=self.size)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = {"size": self.size, "data_format": self.data_format}
        return {**super().get_config(), **config}
