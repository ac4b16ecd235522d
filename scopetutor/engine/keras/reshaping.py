"""`tf.keras.layers.Reshape`, `Permute`, `UpSampling2D` and others that move numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scopetutor.engine import constants
from scopetutor.engine.ops import array
from scopetutor.engine.ops.joining import stack, tile
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.reshaping import expand_dims, reshape, transpose
from scopetutor.engine.ops.resize import resize_bilinear, resize_nearest_neighbor
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope

from .input_spec import InputSpec
from .layer import Layer
from .spaces import normalize_data_format, normalize_tuple

_RESIZERS = {"nearest": resize_nearest_neighbor, "bilinear": resize_bilinear}


class Reshape(Layer):
    """The same numbers in another shape; one size may be -1."""

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def call(self, inputs: Any) -> Any:
        """The inputs as [batch, *target_shape]."""
        return reshape(inputs, (array.shape(inputs)[0], *self.target_shape))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The batch and the new shape.

        Raises:
            ValueError: it has another number of elements.
        """
        batch, *sizes = TensorShape(input_shape).as_list()
        target = [None if size == -1 else size for size in self.target_shape]
        if None in sizes:
            return TensorShape([batch, *target])
        known = math.prod(size for size in target if size is not None)
        total = math.prod(sizes)
        if target.count(None) > 1:
            raise ValueError("Can only specify one unknown dimension.")
        if (known == 0 or total % known) if None in target else total != known:
            raise ValueError("total size of new array must be unchanged")
        return TensorShape(
            [batch, *(total // known if s is None else s for s in target)]
        )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    """The axes after the batch in another order, counted from 1."""

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError(
                f"Invalid permutation `dims` for Permute Layer: {dims}. The set of "
                "indices in `dims` must be consecutive and start from 1."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Any) -> Any:
        """The inputs with their axes exchanged."""
        return transpose(inputs, perm=(0, *self.dims))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' sizes, exchanged."""
        sizes = TensorShape(input_shape).as_list()
        return TensorShape([sizes[0], *(sizes[axis] for axis in self.dims)])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    """Each vector n times: [batch, size] becomes [batch, n, size]."""

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Any) -> Any:
        """The vectors, repeated."""
        longer = expand_dims(inputs, 1)
        return tile(longer, stack([1, self.n, 1]))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """[batch, n, size]."""
        batch, size = TensorShape(input_shape).as_list()
        return TensorShape([batch, self.n, size])

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "n": self.n}


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
        if interpolation not in _RESIZERS:
            raise ValueError(
                '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'
            )
        self.interpolation = interpolation
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Any) -> Any:
        """The larger images."""
        first = self.data_format == "channels_first"
        rows = 2 if first else 1
        shape = array.shape(inputs)[rows : rows + 2]
        shape *= constants.constant(np.array(self.size, dtype="int32"))
        sizes = self.compute_output_shape(inputs.shape).as_list()[rows : rows + 2]
        x = transpose(inputs, [0, 2, 3, 1]) if first else inputs
        with name_scope("resize"):
            x = _RESIZERS[self.interpolation](x, shape, half_pixel_centers=True)
        x = transpose(x, [0, 3, 1, 2]) if first else x
        x.set_shape([None, None, *sizes] if first else [None, *sizes, None])
        return x

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger heights and widths."""
        return _spatial(input_shape, self.data_format, self.size, (0, 0))

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "size": self.size,
            "data_format": self.data_format,
            "interpolation": self.interpolation,
        }


class ZeroPadding2D(Layer):
    """Rows and columns of zeros around images.

    Args:
        padding: a number, (rows, columns), or ((top, bottom), (left, right)).
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    def __init__(
        self, padding: Any = (1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.padding = _paddings(padding)
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Any) -> Any:
        """The larger images."""
        sides = [list(one) for one in self.padding]
        if self.data_format == "channels_first":
            return pad(inputs, [[0, 0], [0, 0], *sides])
        return pad(inputs, [[0, 0], *sides, [0, 0]])

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger heights and widths."""
        more = tuple(sum(one) for one in self.padding)
        return _spatial(input_shape, self.data_format, (1, 1), more)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = {"padding": self.padding, "data_format": self.data_format}
        return {**super().get_config(), **config}


def _paddings(padding: Any) -> tuple[tuple[Any, ...], ...]:
    if isinstance(padding, int):
        return ((padding, padding), (padding, padding))
    if not hasattr(padding, "__len__"):
        raise ValueError(
            "`padding` should be either an int, a tuple of 2 ints "
            "(symmetric_height_pad, symmetric_width_pad), or a tuple of 2 tuples of 2 "
            "ints ((top_pad, bottom_pad), (left_pad, right_pad)). Found: "
            f"{padding}"
        )
    if len(padding) != 2:
        raise ValueError(f"`padding` should have two elements. Found: {padding}")
    return (
        normalize_tuple(padding[0], 2, "1st entry of padding"),
        normalize_tuple(padding[1], 2, "2nd entry of padding"),
    )


def _spatial(shape: Any, data_format: str, times: Any, plus: Any) -> TensorShape:
    """A shape whose heights and widths are multiplied and added to."""
    sizes = TensorShape(shape).as_list()
    axis = 2 if data_format == "channels_first" else 1
    for i in range(2):
        if sizes[axis + i] is not None:
            sizes[axis + i] = sizes[axis + i] * times[i] + plus[i]
    return TensorShape(sizes)
