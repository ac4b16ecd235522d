"""Batches of what producers and other tensors give: `tf.train.batch` and its kin.

After input. Each is a queue with a runner that fills it, and a summary of how full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.contrib.collecting import smart_cond
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops.control_flow import no_op
from scopetutor.engine.ops.dynamic import dynamic_partition
from scopetutor.engine.ops.math import cast, maximum
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.queues import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor, to_tensor_or_indexed_slices
from scopetutor.engine.surroundings import name_scope

from .input import NOT_EAGER, input_deprecated
from .queue_runner import QueueRunner, add_queue_runner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _as_list(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        return [tensors[key] for key in sorted(tensors, key=str)]
    return list(tensors)


def _like(tensors: Any, given: Any) -> Any:
    """A batch in the form in which its tensors were given."""
    if not isinstance(tensors, dict):
        return given
    listed = [given] if len(tensors) == 1 else given
    return dict(zip(sorted(tensors, key=str), listed, strict=True))


def _converted(tensors: Sequence[Any]) -> list[Any]:
    if any(isinstance(tensor, SparseTensor) for tensor in tensors):
        raise NotImplementedError(
            "scopetutor's queues hold no sparse tensors (see `scopetutor coverage "
            "tf.train.batch`)"
        )
    return [to_tensor_or_indexed_slices(tensor) for tensor in tensors]


def _checked_keep(keep_input: Any, enqueue_many: bool) -> Any:
    """Whether an element is put in, as a tensor.

    Raises:
        ValueError: its shape is not known, or does not go with the elements.
    """
    keep = convert_to_tensor(keep_input)
    if keep.shape.ndims is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if not enqueue_many and keep.shape.ndims == 1:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if keep.shape.ndims > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return keep


def _types_of(groups: list[list[Any]]) -> list[Any]:
    found = [[tensor.dtype for tensor in group] for group in groups]
    for other in found[1:]:
        if other != found[0]:
            raise TypeError(
                "Expected types to be consistent: "
                f"{', '.join(dtype.name for dtype in other)} vs. "
                f"{', '.join(dtype.name for dtype in found[0])}."
            )
    return found[0]


def _shapes_of(groups: list[list[Any]], shapes: Any, enqueue_many: bool) -> Any:
    """The shapes of an element's parts, from the tensors unless they are given."""
    if shapes is not None:
        return shapes
    merged = []
    for group in groups:
        for tensor in group:
            if tensor.shape.ndims is None:
                raise ValueError(f"Cannot infer Tensor's rank: {tensor}")
    for column in zip(*groups, strict=True):
        known = [TensorShape(tensor.shape.as_list()) for tensor in column]
        if enqueue_many:
            known = [one.with_rank_at_least(1)[1:] for one in known]
        for other in known[1:]:
            known[0].merge_with(other)
        merged.append(known[0].as_list())
    return merged


def _fill(
    queue: Any, groups: list[list[Any]], threads: int, enqueue_many: bool, keep: Any
) -> None:
    """Adds the operations that put elements in, and their runner."""
    enqueue = queue.enqueue_many if enqueue_many else queue.enqueue

    def one(tensors: list[Any]) -> Any:
        if keep.shape.ndims == 1:
            chosen = cast(keep, dtypes.int32)
            return enqueue(
                [dynamic_partition(t, chosen, num_partitions=2)[1] for t in tensors]
            )
        return smart_cond(keep, lambda: enqueue(tensors), no_op)

    ops = [one(tensors) for tensors in groups]
    add_queue_runner(QueueRunner(queue, ops * threads))


def _batched(
    given: Any,
    groups: list[list[Any]],
    make_queue: Callable[[list[Any], Any], Any],
    summarize: Callable[[Any], None],
    settings: dict[str, Any],
) -> Any:
    """A queue of elements, and what is taken of it."""
    many = settings["enqueue_many"]
    groups = [_converted(group) for group in groups]
    if not groups[0]:
        raise ValueError("Expected at least one tensor in batch().")
    keep = _checked_keep(settings["keep_input"], many)
    types = _types_of(groups)
    queue = make_queue(types, _shapes_of(groups, settings["shapes"], many))
    _fill(queue, groups, settings["num_threads"], many, keep)
    summarize(queue)
    take = queue.dequeue_many
    if settings["allow_smaller_final_batch"]:
        take = queue.dequeue_up_to
    return _like(given, take(settings["batch_size"], name=settings["name"]))


def _batch(given: Any, groups: Any, what: str, **settings: Any) -> Any:
    """`batch`, `batch_join` and their kin."""
    if defaults.state.eager:
        raise ValueError(NOT_EAGER)
    capacity, kind = settings["capacity"], FIFOQueue
    if settings["dynamic_pad"]:
        kind = PaddingFIFOQueue  # type: ignore[assignment]
    flat = [tensor for group in groups for tensor in group]
    with name_scope(settings["name"], what, [*flat, settings["keep_input"]]) as scope:
        return _batched(
            given,
            groups,
            lambda types, shapes: kind(
                capacity=capacity,
                dtypes=types,
                shapes=shapes,
                shared_name=settings["shared_name"],
            ),
            lambda queue: scalar(
                f"fraction_of_{capacity}_full",
                cast(queue.size(), dtypes.float32) * (1.0 / capacity),
            ),
            {**settings, "name": scope},
        )


def _shuffle_batch(given: Any, groups: Any, what: str, **settings: Any) -> Any:
    """`shuffle_batch`, `shuffle_batch_join` and their kin.

    Raises:
        ValueError: the queue cannot hold more than what stays in it.
    """
    if defaults.state.eager:
        raise ValueError(NOT_EAGER)
    capacity, least = settings["capacity"], settings["min_after_dequeue"]
    flat = [tensor for group in groups for tensor in group]

    def summarize(queue: Any) -> None:
        over = maximum(0, queue.size() - least)
        full = cast(over, dtypes.float32) * (1.0 / (capacity - least))
        scalar(f"fraction_over_{least}_of_{capacity - least}_full", full)

    with name_scope(settings["name"], what, [*flat, settings["keep_input"]]) as scope:
        if what == "shuffle_batch" and capacity <= least:
            raise ValueError(
                f"capacity {capacity} must be bigger than min_after_dequeue {least}."
            )
        return _batched(
            given,
            groups,
            lambda types, shapes: RandomShuffleQueue(
                capacity=capacity,
                min_after_dequeue=least,
                seed=settings["seed"],
                dtypes=types,
                shapes=shapes,
                shared_name=settings["shared_name"],
            ),
            summarize,
            {**settings, "name": scope},
        )


def _groups(tensors_list: Any) -> list[list[Any]]:
    """The tensors of several producers.

    Raises:
        ValueError: there are none, or dictionaries with different keys.
    """
    if not tensors_list:
        raise ValueError("Expected at least one set of tensors")
    if isinstance(tensors_list[0], dict) and any(
        set(other) != set(tensors_list[0]) for other in tensors_list[1:]
    ):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    return [_as_list(tensors) for tensors in tensors_list]


@input_deprecated(
    "batch",
    "`tf.data.Dataset.batch(batch_size)` (or `padded_batch(...)` if "
    "`dynamic_pad=True`).",
)
def batch(
    tensors: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Tensors of several steps together.

    Args:
        tensors: a list or dictionary: what each step produces.
        batch_size: how many steps.
        num_threads: how many threads fill the queue.
        capacity: of the queue.
        enqueue_many: whether each step produces several elements.
        shapes: of an element's parts; None: those of the tensors.
        dynamic_pad: whether elements of different sizes are made equal.
        allow_smaller_final_batch: whether the last batch may be smaller.
        shared_name: under which sessions share the queue.
        name: of the operations.
    """
    return _batch(
        tensors,
        [_as_list(tensors)],
        "batch",
        keep_input=True,
        batch_size=batch_size,
        num_threads=num_threads,
        capacity=capacity,
        enqueue_many=enqueue_many,
        shapes=shapes,
        dynamic_pad=dynamic_pad,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "batch_join",
    "`tf.data.Dataset.interleave(...).batch(batch_size)` (or `padded_batch(...)` if "
    "`dynamic_pad=True`).",
)
def batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch`, of several producers, each with a thread of its own."""
    return _batch(
        tensors_list[0] if tensors_list else None,
        _groups(tensors_list),
        "batch_join",
        keep_input=True,
        batch_size=batch_size,
        num_threads=1,
        capacity=capacity,
        enqueue_many=enqueue_many,
        shapes=shapes,
        dynamic_pad=dynamic_pad,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "maybe_batch",
    "`tf.data.Dataset.filter(...).batch(batch_size)` (or `padded_batch(...)` if "
    "`dynamic_pad=True`).",
)
def maybe_batch(
    tensors: Any,
    keep_input: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch`, of the steps for which `keep_input` holds."""
    return _batch(
        tensors,
        [_as_list(tensors)],
        "batch",
        keep_input=keep_input,
        batch_size=batch_size,
        num_threads=num_threads,
        capacity=capacity,
        enqueue_many=enqueue_many,
        shapes=shapes,
        dynamic_pad=dynamic_pad,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "maybe_batch_join",
    "`tf.data.Dataset.interleave(...).filter(...).batch(batch_size)` (or "
    "`padded_batch(...)` if `dynamic_pad=True`).",
)
def maybe_batch_join(
    tensors_list: Any,
    keep_input: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch_join`, of the steps for which `keep_input` holds."""
    return _batch(
        tensors_list[0] if tensors_list else None,
        _groups(tensors_list),
        "batch_join",
        keep_input=keep_input,
        batch_size=batch_size,
        num_threads=1,
        capacity=capacity,
        enqueue_many=enqueue_many,
        shapes=shapes,
        dynamic_pad=dynamic_pad,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "shuffle_batch",
    "`tf.data.Dataset.shuffle(min_after_dequeue).batch(batch_size)`.",
)
def shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch`, in a random order.

    Args:
        tensors: a list or dictionary: what each step produces.
        batch_size: how many steps.
        capacity: of the queue.
        min_after_dequeue: how many elements stay in it, to choose among.
        num_threads: how many threads fill the queue.
        seed: of the order.
        enqueue_many: whether each step produces several elements.
        shapes: of an element's parts; None: those of the tensors.
        allow_smaller_final_batch: whether the last batch may be smaller.
        shared_name: under which sessions share the queue.
        name: of the operations.
    """
    return _shuffle_batch(
        tensors,
        [_as_list(tensors)],
        "shuffle_batch",
        keep_input=True,
        batch_size=batch_size,
        capacity=capacity,
        min_after_dequeue=min_after_dequeue,
        num_threads=num_threads,
        seed=seed,
        enqueue_many=enqueue_many,
        shapes=shapes,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "shuffle_batch_join",
    "`tf.data.Dataset.interleave(...).shuffle(min_after_dequeue).batch(batch_size)`.",
)
def shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `shuffle_batch`, of several producers, each with a thread of its own."""
    return _shuffle_batch(
        tensors_list[0] if tensors_list else None,
        _groups(tensors_list),
        "shuffle_batch_join",
        keep_input=True,
        batch_size=batch_size,
        capacity=capacity,
        min_after_dequeue=min_after_dequeue,
        num_threads=1,
        seed=seed,
        enqueue_many=enqueue_many,
        shapes=shapes,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "maybe_shuffle_batch",
    "`tf.data.Dataset.filter(...).shuffle(min_after_dequeue).batch(batch_size)`.",
)
def maybe_shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `shuffle_batch`, of the steps for which `keep_input` holds."""
    return _shuffle_batch(
        tensors,
        [_as_list(tensors)],
        "shuffle_batch",
        keep_input=keep_input,
        batch_size=batch_size,
        capacity=capacity,
        min_after_dequeue=min_after_dequeue,
        num_threads=num_threads,
        seed=seed,
        enqueue_many=enqueue_many,
        shapes=shapes,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )


@input_deprecated(
    "maybe_shuffle_batch_join",
    "`tf.data.Dataset.interleave(...).filter(...).shuffle(min_after_dequeue).batch("
    "batch_size)`.",
)
def maybe_shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `shuffle_batch_join`, of the steps for which `keep_input` holds."""
    return _shuffle_batch(
        tensors_list[0] if tensors_list else None,
        _groups(tensors_list),
        "shuffle_batch_join",
        keep_input=keep_input,
        batch_size=batch_size,
        capacity=capacity,
        min_after_dequeue=min_after_dequeue,
        num_threads=1,
        seed=seed,
        enqueue_many=enqueue_many,
        shapes=shapes,
        allow_smaller_final_batch=allow_smaller_final_batch,
        shared_name=shared_name,
        name=name,
    )
