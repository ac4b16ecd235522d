"""Helpers: which output a decoder chooses, and what its next input is.

Before ``decoding.py``, whose `BasicDecoder` asks one after every step: in training for
the true next word, otherwise for the one that was just chosen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from scopetutor.engine import dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.padding import pad
from scopetutor.engine.ops.random import multinomial
from scopetutor.engine.ops.reshaping import reshape, transpose
from scopetutor.engine.rnn.dynamic import transpose_batch_time
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.tensor_arrays import TensorArray


class Helper(ABC):
    """Chooses outputs and next inputs.

    Attributes:
        batch_size: how many sequences there are.
        sample_ids_shape: of what is chosen, without the batch.
        sample_ids_dtype: of what is chosen.
    """

    @property
    @abstractmethod
    def batch_size(self) -> Any:
        """How many sequences there are."""

    @property
    def sample_ids_shape(self) -> Any:
        """Of what is chosen, without the batch: a number."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        """Of what is chosen."""
        return dtypes.int32

    @abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """Which sequences have finished, and the first inputs."""

    @abstractmethod
    def sample(
        self, time: Any, outputs: Any, state: Any, name: str | None = None
    ) -> Any:
        """What is chosen of the outputs of a step."""

    @abstractmethod
    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any,
        name: str | None = None,
    ) -> Any:
        """Which sequences have finished, the next inputs, and the next state."""


class CustomHelper(Helper):
    """A helper from three functions.

    Args:
        initialize_fn: () -> (finished, first inputs).
        sample_fn: (time, outputs, state) -> what is chosen.
        next_inputs_fn: (time, outputs, state, sample_ids) -> (finished, inputs, state).
        sample_ids_shape: of what is chosen, without the batch; None: a number.
        sample_ids_dtype: of what is chosen; None: int32.
    """

    def __init__(
        self,
        initialize_fn: Any,
        sample_fn: Any,
        next_inputs_fn: Any,
        sample_ids_shape: Any = None,
        sample_ids_dtype: Any = None,
    ) -> None:
        self._initialize_fn = initialize_fn
        self._sample_fn = sample_fn
        self._next_inputs_fn = next_inputs_fn
        self._batch_size: Any = None
        self._sample_ids_shape = TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or dtypes.int32

    @property
    def batch_size(self) -> Any:
        """How many sequences there are.

        Raises:
            ValueError: `initialize` was not called yet.
        """
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> Any:
        """Of what is chosen, without the batch."""
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self) -> Any:
        """Of what is chosen."""
        return self._sample_ids_dtype

    def initialize(self, name: str | None = None) -> Any:
        """Which sequences have finished, and the first inputs."""
        with name_scope(name, f"{type(self).__name__}Initialize"):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = array.size(finished)
        return finished, inputs

    def sample(
        self, time: Any, outputs: Any, state: Any, name: str | None = None
    ) -> Any:
        """What is chosen of the outputs of a step."""
        values = (time, outputs, state)
        with name_scope(name, f"{type(self).__name__}Sample", values):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any,
        name: str | None = None,
    ) -> Any:
        """Which sequences have finished, the next inputs, and the next state."""
        values = (time, outputs, state)
        with name_scope(name, f"{type(self).__name__}NextInputs", values):
            return self._next_inputs_fn(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )


class TrainingHelper(Helper):
    """The next input is the one that was given, whatever was chosen.

    Args:
        inputs: [batch, time, size].
        sequence_length: [batch].
        time_major: whether inputs are [time, batch, size].
        name: of the operations.

    Raises:
        ValueError: the lengths are no vector.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        time_major: bool = False,
        name: str | None = None,
    ) -> None:
        with name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            inputs = convert_to_tensor(inputs, name="inputs")
            self._inputs = inputs
            if not time_major:
                inputs = nest.map_structure(transpose_batch_time, inputs)
            self._arrays = nest.map_structure(_unstacked, inputs)
            self._sequence_length = convert_to_tensor(
                sequence_length, name="sequence_length"
            )
            shape = self._sequence_length.get_shape()
            if shape.ndims != 1:
                raise ValueError(
                    "Expected sequence_length to be a vector, but received shape: "
                    f"{shape}"
                )
            self._zero_inputs = nest.map_structure(
                lambda given: array.zeros_like(given[0, :]), inputs
            )
            self._batch_size = array.size(sequence_length)

    @property
    def inputs(self) -> Any:
        """What was given."""
        return self._inputs

    @property
    def sequence_length(self) -> Any:
        """How long the sequences are."""
        return self._sequence_length

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    def initialize(self, name: str | None = None) -> Any:
        """Which sequences are empty, and the first inputs."""
        with name_scope(name, "TrainingHelperInitialize"):
            finished = math.equal(0, self._sequence_length)
            return finished, self._inputs_at(0, math.reduce_all(finished))

    def _inputs_at(self, time: Any, all_finished: Any) -> Any:
        return cond(
            all_finished,
            lambda: self._zero_inputs,
            lambda: nest.map_structure(lambda one: one.read(time), self._arrays),
        )

    def sample(
        self, time: Any, outputs: Any, state: Any = None, name: str | None = None
    ) -> Any:
        """The likeliest of the outputs."""
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return math.cast(math.argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any = None,
        name: str | None = None,
    ) -> Any:
        """Which sequences are at their end, the next inputs, and the state."""
        values = [time, outputs, state]
        with name_scope(name, "TrainingHelperNextInputs", values):
            next_time = time + 1
            finished = next_time >= self._sequence_length
            inputs = self._inputs_at(next_time, math.reduce_all(finished))
            return finished, inputs, state


def _unstacked(inputs: Any) -> TensorArray:
    array_of = TensorArray(
        dtype=inputs.dtype,
        size=array.shape(inputs)[0],
        element_shape=inputs.get_shape()[1:],
    )
    made: TensorArray = array_of.unstack(inputs)
    return made


class GreedyEmbeddingHelper(Helper):
    """The next input is the embedding of the likeliest output.

    Args:
        embedding: a table, or ids -> rows.
        start_tokens: [batch], the first ids.
        end_token: the id that ends a sequence.

    Raises:
        ValueError: the first ids are no vector, or the last is no scalar.
    """

    def __init__(self, embedding: Any, start_tokens: Any, end_token: Any) -> None:
        self._embedding_fn = embedding
        if not callable(embedding):
            self._embedding_fn = lambda ids: embedding_lookup(embedding, ids)
        self._start_tokens = convert_to_tensor(
            start_tokens, dtype=dtypes.int32, name="start_tokens"
        )
        self._end_token = convert_to_tensor(
            end_token, dtype=dtypes.int32, name="end_token"
        )
        if self._start_tokens.get_shape().ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._batch_size = array.size(start_tokens)
        if self._end_token.get_shape().ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._start_inputs = self._embedding_fn(self._start_tokens)

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    def initialize(self, name: str | None = None) -> Any:
        """No sequence has finished; the first inputs."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(
        self, time: Any, outputs: Any, state: Any, name: str | None = None
    ) -> Any:
        """The likeliest of the outputs.

        Raises:
            TypeError: the outputs are several.
        """
        _check_single(outputs)
        return math.argmax(outputs, axis=-1, output_type=dtypes.int32)

    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any,
        name: str | None = None,
    ) -> Any:
        """Which sequences ended, the embeddings of what was chosen, and the state."""
        finished = math.equal(sample_ids, self._end_token)
        inputs = cond(
            math.reduce_all(finished),
            lambda: self._start_inputs,
            lambda: self._embedding_fn(sample_ids),
        )
        return finished, inputs, state


def _check_single(outputs: Any) -> None:
    if not isinstance(outputs, Tensor):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """The next input is the embedding of an output chosen by chance.

    Args:
        embedding: a table, or ids -> rows.
        start_tokens: [batch], the first ids.
        end_token: the id that ends a sequence.
        softmax_temperature: what logits are divided by; None: 1.
        seed: of the operation.
    """

    def __init__(
        self,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        softmax_temperature: Any = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature = softmax_temperature
        self._seed = seed

    def sample(
        self, time: Any, outputs: Any, state: Any, name: str | None = None
    ) -> Any:
        """One of the outputs, by chance."""
        _check_single(outputs)
        logits = outputs
        if self._softmax_temperature is not None:
            logits = outputs / self._softmax_temperature
        return _drawn(logits, self._seed)


def _drawn(logits: Any, seed: int | None) -> Any:
    """One class of each row, by chance."""
    logits = convert_to_tensor(logits, name="logits")
    classes = array.shape(logits)[-1]
    batch = array.shape(logits)[:-1]
    with name_scope(None, "call_sampler", values=[()]):
        shape = convert_to_tensor((), dtype=dtypes.int32, name="sample_shape")
        is_scalar = math.cast(math.equal(array.rank(shape), 0), dtypes.int32)
        padded = pad(array.shape(shape), paddings=[[is_scalar, 0]], constant_values=1)
        shape = reshape(shape, padded)
        n = math.reduce_prod(shape)
        flat = logits if logits.shape.ndims == 2 else reshape(logits, [-1, classes])
        kind = dtypes.int64 if logits.dtype.size > 4 else dtypes.int32
        draws = multinomial(flat, n, seed=seed, output_dtype=kind)
        draws = reshape(transpose(draws), concat([[n], batch], 0))
        samples = math.cast(draws, dtypes.int32)
        final = concat([shape, array.shape(samples)[1:]], 0)
        return reshape(samples, final)
