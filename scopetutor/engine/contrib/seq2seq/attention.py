"""`LuongAttention` and `BahdanauAttention`: how a memory is weighed by a query.

Before ``wrapper.py``, which asks in each step. TF 1.15: the memory goes through a layer
once, when the mechanism is made, and is zero beyond the end of each sequence.
"""

from __future__ import annotations

import math as numbers
from typing import Any

import numpy as np

from scopetutor.engine import dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant, Ones, Zeros
from scopetutor.engine.layers.base import Layer
from scopetutor.engine.layers.dense import Dense
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import assert_positive
from scopetutor.engine.ops.gathering import one_hot, where
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.padding import sequence_mask
from scopetutor.engine.ops.reshaping import expand_dims, reshape, squeeze
from scopetutor.engine.ops.softmax import softmax
from scopetutor.engine.rnn.cell import zero_state_tensors
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.surroundings import control_dependencies, name_scope


def hardmax(logits: Any, name: str | None = None) -> Any:
    """1 where a row is largest, 0 elsewhere."""
    with name_scope(name, "Hardmax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        depth = logits.get_shape()[-1].value
        if depth is None:
            depth = array.shape(logits)[-1]
        return one_hot(math.argmax(logits, -1), depth, dtype=logits.dtype)


class AttentionMechanism:
    """Weighs a memory.

    Attributes:
        alignments_size: how many places the memory has.
        state_size: of what one step tells the next.
    """

    @property
    def alignments_size(self) -> Any:
        """How many places the memory has."""
        raise NotImplementedError

    @property
    def state_size(self) -> Any:
        """Of what one step tells the next."""
        raise NotImplementedError


class _Memory(AttentionMechanism):
    """A memory with keys: what the mechanisms below share."""

    def __init__(
        self,
        query_layer: Any,
        memory: Any,
        probability_fn: Any,
        memory_sequence_length: Any,
        memory_layer: Any,
        score_mask_value: Any,
        custom_key_value_fn: Any,
        name: Any,
    ) -> None:
        for what, layer in (("query", query_layer), ("memory", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{what}_layer is not a Layer: {type(layer).__name__}")
        self._query_layer = query_layer
        self._memory_layer = memory_layer
        self.dtype = memory_layer.dtype
        self._probability_fn = probability_fn
        self._memory_sequence_length = memory_sequence_length
        if score_mask_value is None:
            kind: Any = dtypes.as_dtype(memory_layer.dtype).as_numpy_dtype
            score_mask_value = kind(-np.inf)
        self._score_mask_value = score_mask_value
        with name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = _masked(memory, memory_sequence_length)
            self._keys = self._values
            if memory_layer:
                self._keys = memory_layer(self._values)
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = _size(self._keys, 0)
            self._alignments_size = _size(self._keys, 1)

    @property
    def memory_layer(self) -> Any:
        """Makes keys of values."""
        return self._memory_layer

    @property
    def query_layer(self) -> Any:
        """Is applied to queries."""
        return self._query_layer

    @property
    def values(self) -> Any:
        """[batch, places, size]."""
        return self._values

    @property
    def keys(self) -> Any:
        """[batch, places, units]."""
        return self._keys

    @property
    def batch_size(self) -> Any:
        """How many memories there are."""
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        """How many places the memory has."""
        return self._alignments_size

    @property
    def state_size(self) -> Any:
        """The same: a step tells the next one its weights."""
        return self._alignments_size

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros."""
        return zero_state_tensors(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros."""
        return self.initial_alignments(batch_size, dtype)

    def _weights(self, score: Any) -> tuple[Any, Any]:
        """The weights of the places, and what the next step is told."""
        if self._memory_sequence_length is not None:
            score = self._only_within(score)
        alignments = self._probability_fn(score)
        return alignments, alignments

    def _only_within(self, score: Any) -> Any:
        """The score, beyond the memories' ends that of the mask."""
        lengths = self._memory_sequence_length
        message = "All values in memory_sequence_length must be greater than zero."
        with control_dependencies([assert_positive(lengths, message=message)]):
            mask = sequence_mask(lengths, maxlen=array.shape(score)[1])
        outside = self._score_mask_value * array.ones_like(score)
        return where(mask, score, outside)


def _size(tensor: Any, axis: int) -> Any:
    return tensor.shape[axis].value or array.shape(tensor)[axis]


def _masked(memory: Any, lengths: Any) -> Any:
    """The memory, zeros beyond its ends."""
    memory = nest.map_structure(lambda m: convert_to_tensor(m, name="memory"), memory)
    if lengths is not None:
        lengths = convert_to_tensor(lengths, name="memory_sequence_length")
    for one in nest.flatten(memory):
        if not one.get_shape()[2:].is_fully_defined():
            raise ValueError(
                f"Expected memory {one.name} to have fully defined inner dims, but saw "
                f"shape: {one.get_shape()}"
            )
    if lengths is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = sequence_mask(lengths, maxlen=array.shape(first)[1], dtype=first.dtype)
    return nest.map_structure(lambda one: _times_mask(one, mask), memory)


def _times_mask(memory: Any, mask: Any) -> Any:
    rank = memory.get_shape().ndims
    if rank is None:
        rank = array.rank(memory)
    ones = array.ones(rank - 2, dtype=dtypes.int32)
    return memory * reshape(mask, concat((array.shape(mask), ones), 0))


class LuongAttention(_Memory):
    """The score is the product of query and key.

    Args:
        num_units: of the keys; that of queries.
        memory: [batch, places, size].
        memory_sequence_length: [batch]; None: all places count.
        scale: whether the score is scaled by the variable `attention_g`.
        probability_fn: makes weights of scores; None: softmax.
        score_mask_value: the score beyond the end; None: minus infinity.
        dtype: of the layers; None: float32.
        custom_key_value_fn: (keys, values) -> (keys, values).
        name: of the operations.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        probability_fn: Any = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Any = None,
        name: str = "LuongAttention",
    ) -> None:
        super().__init__(
            query_layer=None,
            memory_layer=_memory_layer(num_units, dtype),
            memory=memory,
            probability_fn=softmax if probability_fn is None else probability_fn,
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units = num_units
        self._scale = scale
        self._name = name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """The weights for a query [batch, units], twice."""
        with variable_scope(None, "luong_attention", [query]):
            factor = None
            if self._scale:
                factor = get_variable(
                    "attention_g", dtype=query.dtype, initializer=Ones, shape=()
                )
            score = _product_score(query, self._keys, factor)
        return self._weights(score)


def _memory_layer(units: int, dtype: Any) -> Dense:
    kind = dtypes.float32 if dtype is None else dtype
    return Dense(units, name="memory_layer", use_bias=False, dtype=kind)


def _product_score(query: Any, keys: Any, factor: Any) -> Any:
    depth, key_units = query.get_shape()[-1], keys.get_shape()[-1]
    if depth.value != key_units.value:
        raise ValueError(
            "Incompatible or unknown inner dimensions between query and keys.  Query "
            f"({query}) has units: {depth}.  Keys ({keys}) have units: {key_units}.  "
            "Perhaps you need to set num_units to the keys' dimension "
            f"({key_units})?"
        )
    score = math.matmul(expand_dims(query, 1), keys, transpose_b=True)
    score = squeeze(score, [1])
    return score if factor is None else factor * score


class BahdanauAttention(_Memory):
    """The score is a small network over query and key.

    Args:
        num_units: of the network.
        memory: [batch, places, size].
        memory_sequence_length: [batch]; None: all places count.
        normalize: whether `attention_v` is normalized, with `attention_g` and `_b`.
        probability_fn: makes weights of scores; None: softmax.
        score_mask_value: the score beyond the end; None: minus infinity.
        dtype: of the layers; None: float32.
        custom_key_value_fn: (keys, values) -> (keys, values).
        name: of the operations.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        probability_fn: Any = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Any = None,
        name: str = "BahdanauAttention",
    ) -> None:
        kind = dtypes.float32 if dtype is None else dtype
        super().__init__(
            query_layer=Dense(
                num_units, name="query_layer", use_bias=False, dtype=kind
            ),
            memory_layer=_memory_layer(num_units, dtype),
            memory=memory,
            probability_fn=softmax if probability_fn is None else probability_fn,
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units = num_units
        self._normalize = normalize
        self._name = name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """The weights for a query [batch, size], twice."""
        with variable_scope(None, "bahdanau_attention", [query]):
            processed = self.query_layer(query) if self.query_layer else query
            score = self._score_of(processed, query.dtype)
        return self._weights(score)

    def _score_of(self, query: Any, dtype: Any) -> Any:
        units = self._num_units
        v = get_variable("attention_v", [units], dtype=dtype)
        g = b = None
        if self._normalize:
            start = Constant(numbers.sqrt(1.0 / units))
            g = get_variable("attention_g", dtype=dtype, initializer=start, shape=())
            b = get_variable("attention_b", [units], dtype=dtype, initializer=Zeros())
        return self._score(expand_dims(query, 1), v, g, b)

    def _score(self, query: Any, v: Any, g: Any, b: Any) -> Any:
        if g is None:
            return math.reduce_sum(v * math.tanh(self._keys + query), [2])
        normed = g * v * math.rsqrt(math.reduce_sum(math.square(v)))
        return math.reduce_sum(normed * math.tanh(self._keys + query + b), [2])
