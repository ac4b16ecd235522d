"""Input by queues: producers of names of files, numbers and slices.

After queues and queue runners, before input_batches. TF 1.15: every producer is a queue
with a runner that fills it, and a summary of how full it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.array import identity, shape, size
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.io import matching_files
from scopetutor.engine.ops.math import cast, greater, range_
from scopetutor.engine.ops.random import random_shuffle
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.queues import FIFOQueue
from scopetutor.engine.sparse import to_tensor_or_indexed_slices
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.variables import Variable

from .queue_runner import QueueRunner, add_queue_runner

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULE = "tensorflow.python.training.input"
_REPLACED = "Queue-based input pipelines have been replaced by `tf.data`. Use "
NOT_EAGER = (
    "Input pipelines based on Queues are not supported when eager execution is enabled."
    " Please use tf.data to ingest data into your model instead."
)
_PLAIN = "If `shuffle=False`, omit the `.shuffle(...)`."


def input_deprecated(name: str, instead: str) -> Callable[[Any], Any]:
    """Decorates a function of queues: what TF 1.15 says to use instead of it."""
    return deprecated(name, _MODULE, _REPLACED + instead)


def match_filenames_once(pattern: Any, name: str | None = None) -> Any:
    """A local variable with the names of the files that match a pattern."""
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            name=scope,
            initial_value=matching_files(pattern),
            trainable=False,
            validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )


@input_deprecated(
    "limit_epochs", "`tf.data.Dataset.from_tensors(tensor).repeat(num_epochs)`."
)
def limit_epochs(
    tensor: Any, num_epochs: int | None = None, name: str | None = None
) -> Any:
    """A tensor that can be computed so many times.

    Raises:
        ValueError: the number is not positive.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        zero = constants.constant(0, dtype=dtypes.int64)
        epochs: Any = Variable(
            zero,
            name="epochs",
            trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )
        with control_dependencies([epochs.count_up_to(num_epochs)]):
            return identity(tensor, name=scope)


@input_deprecated(
    "input_producer",
    "`tf.data.Dataset.from_tensor_slices(input_tensor).shuffle"
    f"(tf.shape(input_tensor, out_type=tf.int64)[0]).repeat(num_epochs)`. {_PLAIN}",
)
def input_producer(
    input_tensor: Any,
    element_shape: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    summary_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> FIFOQueue:
    """A queue of the rows of a tensor.

    Raises:
        ValueError: the shape of a row is not known.
        RuntimeError: in eager mode.
    """
    if defaults.state.eager:
        raise RuntimeError(NOT_EAGER)
    with name_scope(name, "input_producer", [input_tensor]):
        tensor = convert_to_tensor(input_tensor, name="input_tensor")
        row = tensor.shape[1:].merge_with(element_shape)
        if not row.is_fully_defined():
            raise ValueError(
                "Either `input_tensor` must have a fully defined shape or "
                "`element_shape` must be specified"
            )
        if shuffle:
            tensor = random_shuffle(tensor, seed=seed)
        tensor = limit_epochs(tensor, num_epochs)
        queue = FIFOQueue(
            capacity=capacity,
            dtypes=[tensor.dtype.base_dtype],
            shapes=[row],
            shared_name=shared_name,
            name=name,
        )
        enqueue = queue.enqueue_many([tensor])
        add_queue_runner(QueueRunner(queue, [enqueue], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), dtypes.float32) * (1.0 / capacity))
        return queue


@input_deprecated(
    "string_input_producer",
    "`tf.data.Dataset.from_tensor_slices(string_tensor).shuffle"
    f"(tf.shape(input_tensor, out_type=tf.int64)[0]).repeat(num_epochs)`. {_PLAIN}",
)
def string_input_producer(
    string_tensor: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> FIFOQueue:
    """A queue of strings, such as names of files.

    Raises:
        ValueError: there is none.
    """
    empty = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, Tensor) and not string_tensor:
        raise ValueError(empty)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        tensor = convert_to_tensor(string_tensor, dtype=dtypes.string)
        with control_dependencies([Assert(greater(size(tensor), 0), [empty])]):
            tensor = identity(tensor)
        produced: FIFOQueue = input_producer(
            input_tensor=tensor,
            element_shape=[],
            num_epochs=num_epochs,
            shuffle=shuffle,
            seed=seed,
            capacity=capacity,
            shared_name=shared_name,
            name=scope,
            summary_name=f"fraction_of_{capacity}_full",
            cancel_op=cancel_op,
        )
        return produced


@input_deprecated(
    "range_input_producer",
    "`tf.data.Dataset.range(limit).shuffle(limit).repeat(num_epochs)`. " + _PLAIN,
)
def range_input_producer(
    limit: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> FIFOQueue:
    """A queue of the integers below a limit."""
    with name_scope(name, "input_producer", [limit]) as scope:
        produced: FIFOQueue = input_producer(
            range_(limit),
            [],
            num_epochs,
            shuffle,
            seed,
            capacity,
            shared_name,
            f"fraction_of_{capacity}_full",
            scope,
        )
        return produced


@input_deprecated(
    "slice_input_producer",
    "`tf.data.Dataset.from_tensor_slices(tuple(tensor_list)).shuffle"
    f"(tf.shape(input_tensor, out_type=tf.int64)[0]).repeat(num_epochs)`. {_PLAIN}",
)
def slice_input_producer(
    tensor_list: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> list[Any]:
    """A row of each of several tensors, another one at each step.

    Raises:
        ValueError: there is no tensor.
    """
    with name_scope(name, "input_producer", tensor_list):
        tensors = [to_tensor_or_indexed_slices(tensor) for tensor in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        rows = shape(tensors[0])[0]
        queue = range_input_producer(
            rows,
            num_epochs=num_epochs,
            shuffle=shuffle,
            seed=seed,
            capacity=capacity,
            shared_name=shared_name,
        )
        index = queue.dequeue()
        return [gather(tensor, index) for tensor in tensors]
