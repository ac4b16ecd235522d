"""`tf.keras.layers.Embedding`: a row of numbers for each whole number.

After ``layer.py`` and ``ops/embedding.py``; recurrent layers come next, which take its
mask: with `mask_zero` no step is made where the number is 0.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import math
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.shapes import TensorShape

from . import constraints, initializers, lookup, regularizers
from .layer import Layer


class Embedding(Layer):
    """Whole numbers become rows of a matrix.

    Args:
        input_dim: how many rows there are.
        output_dim: how long they are.
        embeddings_initializer: how the matrix begins.
        embeddings_regularizer, activity_regularizer: added to the losses.
        embeddings_constraint: applied after each training step.
        mask_zero: whether 0 stands for nothing.
        input_length: how many numbers an example has, if that is known.
        kwargs: as for every layer.
    """

    embeddings: Any

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        activity_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        input_length: Any = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("input_shape", (input_length or None,))
        super().__init__(dtype=kwargs.pop("dtype", "float32"), **kwargs)
        self.input_dim = input_dim
        self.output_dim = output_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = mask_zero
        self.input_length = input_length

    def build(self, input_shape: Any) -> None:
        """Makes `embeddings` [input_dim, output_dim]."""
        self.embeddings = self.add_weight(
            shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            name="embeddings",
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The rows of the inputs."""
        if inputs.dtype.base_dtype.name not in ("int32", "int64"):
            inputs = math.cast(inputs, "int32")
        return embedding_lookup(self.embeddings, inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape, and the rows' size.

        Raises:
            ValueError: it has not the length that was told.
        """
        sizes = TensorShape(input_shape).as_list()
        if self.input_length is None:
            return TensorShape([*sizes, self.output_dim])
        told = self.input_length
        lengths = list(told) if isinstance(told, (list, tuple)) else [told]
        if len(lengths) != len(sizes) - 1 or any(
            None not in pair and pair[0] != pair[1]
            for pair in zip(lengths, sizes[1:], strict=True)
        ):
            raise ValueError(
                f'"input_length" is {told}, but received input has shape {tuple(sizes)}'
            )
        found = [
            size if length is None else length
            for length, size in zip(lengths, sizes[1:], strict=True)
        ]
        return TensorShape([sizes[0], *found, self.output_dim])

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Where the inputs are not 0."""
        return math.not_equal(inputs, 0) if self.mask_zero else None

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            **lookup.serialized(
                self,
                "embeddings_initializer embeddings_regularizer activity_regularizer "
                "embeddings_constraint",
            ),
            "mask_zero": self.mask_zero,
            "input_length": self.input_length,
        }
