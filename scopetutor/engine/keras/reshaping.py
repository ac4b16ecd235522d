"""`tf.keras.layers.Reshape`, `Permute` and `RepeatVector`: numbers in other places.

After ``layer.py``. The batch is never touched, and not counted in the shapes that are
given.
"""

from __future__ import annotations

import math
from typing import Any

from scopetutor.engine.ops import array
from scopetutor.engine.ops.joining import stack, tile
from scopetutor.engine.ops.reshaping import expand_dims, reshape, transpose
from scopetutor.engine.shapes import TensorShape

from .input_spec import InputSpec
from .layer import Layer


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
