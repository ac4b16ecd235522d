"""`tf.keras.layers.Attention`, `AdditiveAttention`: means weighed by likeness.

After ``layer.py``. Inputs are a list: queries, values and perhaps keys; masks travel
the same way.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.initializers import GlorotUniform, Ones
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.shapes import TensorShape

from .layer import Layer
from .settings import floatx


class _DenseAttention(Layer):
    """For each query, the mean of the values, weighed by how well the keys fit.

    Args:
        causal: whether a query sees no values after it.
        kwargs: as for every layer.
    """

    scale: Any

    def __init__(self, causal: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.causal = causal
        self.supports_masking = True

    def _scores(self, query: Any, key: Any) -> Any:
        raise NotImplementedError

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The means [batch, queries, size] of [query, value] or [query, value, key].

        Raises:
            ValueError: there are more or fewer, or the masks do not fit.
        """
        self._check(inputs, mask)
        query, value = inputs[:2]
        key = inputs[2] if len(inputs) > 2 else value
        query_mask, value_mask = mask or (None, None)
        scores = self._scores(query, key)
        if value_mask is not None:
            value_mask = expand_dims(value_mask, axis=-2)
        causal_mask = _lower_triangle(scores) if self.causal else None
        found = [one for one in (value_mask, causal_mask) if one is not None]
        if found:
            seen = math.logical_and(*found) if len(found) == 2 else found[0]
            scores -= 1.0e9 * math.cast(math.logical_not(seen), dtype=floatx())
        outputs = math.matmul(softmax(scores), value)
        if query_mask is not None:
            query_mask = expand_dims(query_mask, axis=-1)
            outputs *= math.cast(query_mask, dtype=outputs.dtype)
        return outputs

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The queries' mask."""
        self._check(inputs, mask)
        if not mask or mask[0] is None:
            return None
        return convert_to_tensor(mask[0])

    def _check(self, inputs: Any, mask: Any) -> None:
        name = type(self).__name__
        if not isinstance(inputs, list):
            raise ValueError(
                f"{name} layer must be called on a list of inputs, namely [query, "
                "value] or [query, value, key]."
            )
        if len(inputs) not in (2, 3):
            raise ValueError(
                f"{name} layer accepts inputs list of length 2 or 3, namely [query, "
                f"value] or [query, value, key]. Given length: {len(inputs)}"
            )
        if mask and not isinstance(mask, list):
            raise ValueError(
                f"{name} layer mask must be a list, namely [query_mask, value_mask]."
            )
        if mask and len(mask) != 2:
            raise ValueError(
                f"{name} layer mask must be a list of length 2, namely [query_mask, "
                f"value_mask]. Given length: {len(mask)}"
            )

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        own = {"causal": self.causal, "use_scale": self.use_scale}
        return {**super().get_config(), **own}

    use_scale: bool

    def _make_scale(self, shape: Any, initializer: Any) -> None:
        self.scale = None
        if self.use_scale:
            self.scale = self.add_weight(
                name="scale",
                shape=shape,
                initializer=initializer,
                dtype=self.dtype,
                trainable=True,
            )
        self.built = True


class Attention(_DenseAttention):
    """Keys fit as well as their product with the query is large."""

    def __init__(self, use_scale: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape: Any) -> None:
        """Makes `scale`, a number, if it is wanted."""
        self._make_scale((), Ones())

    def _scores(self, query: Any, key: Any) -> Any:
        scores = math.matmul(query, key, transpose_b=True)
        if self.scale is not None:
            scores *= self.scale
        return scores


class AdditiveAttention(_DenseAttention):
    """Keys fit as well as the tanh of their sum with the query is large."""

    def __init__(self, use_scale: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_scale = use_scale

    def build(self, input_shape: Any) -> None:
        """Makes `scale`, a number for each of the values', if it is wanted."""
        size = TensorShape(input_shape[1])[-1].value
        self._make_scale([size], GlorotUniform())

    def _scores(self, query: Any, key: Any) -> Any:
        query = expand_dims(query, axis=-2)
        key = expand_dims(key, axis=-3)
        scale = self.scale if self.use_scale else 1.0
        return math.reduce_sum(scale * math.tanh(query + key), axis=-1)


def _lower_triangle(scores: Any) -> Any:
    """True where a key is not after the query."""
    sizes = array.shape(scores)
    shape = concat([array.ones_like(sizes[:-2]), sizes[-2:]], axis=0)
    row, column = [
        math.cumsum(array.ones(shape=shape, dtype=dtypes.int32), axis=axis)
        for axis in (-2, -1)
    ]
    return math.greater_equal(row, column)
