"""`tf.FIFOQueue` and its kind: the queues of a graph, and staging areas.

After the operations in ``ops/queues.py``; input producers and readers come next.
"""

from __future__ import annotations

from functools import reduce
from hashlib import md5
from typing import TYPE_CHECKING, Any

from . import constants, defaults, dtypes
from .apply import apply
from .convert import convert_to_tensor
from .ops.control_flow import no_op
from .random import get_seed
from .shapes import Dimension, TensorShape
from .surroundings import colocate_with, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .dtypes import DType


def _types(given: Any) -> list[DType]:
    listed = given if isinstance(given, (list, tuple)) else [given]
    return [dtypes.as_dtype(dtype) for dtype in listed]


def _shapes(given: Any, *, unknown: bool = False) -> list[TensorShape] | None:
    """Shapes as a list.

    Raises:
        ValueError: one is not known, and has to be.
        TypeError: it is no list.
    """
    if unknown and (
        not isinstance(given, (list, tuple))
        or not given
        or any(shape is None or isinstance(shape, int) for shape in given)
    ):
        raise ValueError(
            "When providing partial shapes, a list of shapes must be provided."
        )
    if given is None:
        return None
    if isinstance(given, TensorShape):
        given = [given]
    if not isinstance(given, (tuple, list)):
        raise TypeError(
            "shapes must be a TensorShape or a list or tuple of TensorShapes."
        )
    if all(shape is None or isinstance(shape, int) for shape in given):
        given = [given]
    listed = [TensorShape(shape) for shape in given]
    if not unknown and any(not shape.is_fully_defined() for shape in listed):
        raise ValueError(f"All shapes must be fully defined: {listed}")
    if any(shape.dims is None for shape in listed):
        raise ValueError(f"All shapes must have a defined rank: {listed}")
    return listed


def _names(given: Any, types: Sequence[Any]) -> list[Any] | None:
    if given is None:
        return None
    listed = list(given) if isinstance(given, (list, tuple)) else [given]
    if len(listed) != len(types):
        raise ValueError(
            "List of names must have the same length as the list of dtypes"
        )
    return listed


class QueueBase:
    """A queue of the graph.

    Args:
        dtypes: the types of an element's parts.
        shapes: their shapes, or None.
        names: what they are called in dictionaries, or None.
        queue_ref: the tensor that is its handle.
    """

    def __init__(self, dtypes: Any, shapes: Any, names: Any, queue_ref: Any) -> None:
        if shapes is not None and len(shapes) != len(dtypes):
            raise ValueError("Queue shapes must have the same length as dtypes")
        if names is not None and len(names) != len(dtypes):
            raise ValueError("Queue names must have the same length as dtypes")
        self._dtypes = dtypes
        self._shapes = (
            [TensorShape(None)] * len(dtypes)
            if shapes is None
            else [TensorShape(shape) for shape in shapes]
        )
        self._names = names
        self._queue_ref = queue_ref
        self._name = (
            "Empty" if defaults.state.eager else queue_ref.op.name.split("/")[-1]
        )

    def _make(
        self, op_type: str, types: Any, shapes: Any, names: Any, **attributes: Any
    ) -> None:
        """Makes its operation, and itself from that."""
        ref = apply(op_type, component_types=types, shapes=shapes, **attributes)
        QueueBase.__init__(self, types, shapes, names, ref)

    @staticmethod
    def from_list(index: Any, queues: Any) -> QueueBase:
        """The queue at a place of a list, chosen when the graph runs."""
        if (
            not queues
            or not isinstance(queues, list)
            or not all(isinstance(queue, QueueBase) for queue in queues)
        ):
            raise TypeError("A list of queues expected")
        first = queues[0]
        for what in ("dtypes", "names"):
            if any(getattr(q, what) != getattr(first, what) for q in queues):
                raise TypeError(f"Queues do not have matching component {what}.")
        from .ops.gathering import gather  # noqa: PLC0415 - seldom
        from .ops.joining import stack  # noqa: PLC0415 - seldom

        shapes = [
            reduce(_common_shape, column)
            for column in zip(*[queue.shapes for queue in queues], strict=True)
        ]
        refs = stack([queue.queue_ref for queue in queues])
        return QueueBase(first.dtypes, shapes, first.names, gather(refs, index))

    @property
    def queue_ref(self) -> Any:
        """The tensor that is its handle."""
        return self._queue_ref

    @property
    def name(self) -> Any:
        """Of its operation."""
        return self._name if defaults.state.eager else self._queue_ref.op.name

    @property
    def dtypes(self) -> list[DType]:
        """The types of an element's parts."""
        types: list[DType] = self._dtypes
        return types

    @property
    def shapes(self) -> list[TensorShape]:
        """The static shapes of an element's parts."""
        return self._shapes

    @property
    def names(self) -> Any:
        """What an element's parts are called, or None."""
        return self._names

    def _checked(self, vals: Any) -> list[Any]:
        """An element's parts as tensors.

        Raises:
            ValueError: a dictionary is given or missing, or has other keys.
        """
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names, key=str) != sorted(vals, key=str):
                raise ValueError(
                    "Keys in dictionary to enqueue do not match names of Queue.  "
                    f"Dictionary: ({sorted(vals)}), Queue: ({sorted(self._names)})"
                )
            vals = [vals[name] for name in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        elif not isinstance(vals, (list, tuple)):
            vals = [vals]
        return [
            convert_to_tensor(value, dtype=dtype, name=f"component_{i}")
            for i, (value, dtype) in enumerate(zip(vals, self._dtypes, strict=False))
        ]

    def enqueue(self, vals: Any, name: str | None = None) -> Any:
        """An operation that puts an element in."""
        with name_scope(name, f"{self._name}_enqueue", _listed(vals)) as scope:
            tensors = self._checked(vals)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                tensor.shape.assert_is_compatible_with(shape)
            return apply("QueueEnqueueV2", self._queue_ref, tensors, name=scope)

    def enqueue_many(self, vals: Any, name: str | None = None) -> Any:
        """An operation that puts the rows of tensors in, one by one."""
        with name_scope(name, f"{self._name}_EnqueueMany", _listed(vals)) as scope:
            tensors = self._checked(vals)
            rows = Dimension(tensors[0].shape.with_rank_at_least(1)[0])
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                rows = rows.merge_with(tensor.shape.with_rank_at_least(1)[0])
                tensor.shape[1:].assert_is_compatible_with(shape)
            return apply("QueueEnqueueManyV2", self._queue_ref, tensors, name=scope)

    def _given(self, tensors: Any, first: list[Any]) -> Any:
        """What a dequeue gives, with its static shapes."""
        if not defaults.state.eager:
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                tensor.set_shape(TensorShape(first).concatenate(shape))
        if self._names:
            return dict(zip(self._names, tensors, strict=True))
        return tensors[0] if len(tensors) == 1 else tensors

    def dequeue(self, name: str | None = None) -> Any:
        """The next element; waits for it."""
        tensors = apply(
            "QueueDequeueV2",
            self._queue_ref,
            component_types=self._dtypes,
            name=f"{self._name}_Dequeue" if name is None else name,
        )
        return self._given(tensors, [])

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """The next `n` elements together; waits for them."""
        tensors = apply(
            "QueueDequeueManyV2",
            self._queue_ref,
            n,
            component_types=self._dtypes,
            name=f"{self._name}_DequeueMany" if name is None else name,
        )
        known = None
        if not defaults.state.eager:
            known = constants.value_of(tensors[0].op.inputs[1])
        return self._given(tensors, [None if known is None else int(known)])

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """As `dequeue_many`; fewer from a closed queue."""
        tensors = apply(
            "QueueDequeueUpToV2",
            self._queue_ref,
            n,
            component_types=self._dtypes,
            name=f"{self._name}_DequeueUpTo" if name is None else name,
        )
        return self._given(tensors, [None])

    def close(
        self, cancel_pending_enqueues: bool = False, name: str | None = None
    ) -> Any:
        """An operation after which nothing more is put in."""
        return apply(
            "QueueCloseV2",
            self._queue_ref,
            cancel_pending_enqueues=cancel_pending_enqueues,
            name=f"{self._name}_Close" if name is None else name,
        )

    def is_closed(self, name: str | None = None) -> Any:
        """Whether it is closed."""
        name = f"{self._name}_Is_Closed" if name is None else name
        return apply("QueueIsClosedV2", self._queue_ref, name=name)

    def size(self, name: str | None = None) -> Any:
        """How many elements are in it."""
        name = f"{self._name}_Size" if name is None else name
        return apply("QueueSizeV2", self._queue_ref, name=name)


def _listed(vals: Any) -> Any:
    if isinstance(vals, dict):
        return list(vals.values())
    return vals if isinstance(vals, (list, tuple)) else [vals]


def _common_shape(a: TensorShape, b: TensorShape) -> TensorShape:
    if a.ndims is None or b.ndims is None or a.ndims != b.ndims:
        return TensorShape(None)
    pairs = zip(a.as_list(), b.as_list(), strict=True)
    return TensorShape([x if x == y else None for x, y in pairs])


class FIFOQueue(QueueBase):
    """First in, first out.

    Args:
        capacity: how many elements it holds.
        dtypes: the types of an element's parts.
        shapes: their shapes; None: any, and only single elements can be taken.
        names: what they are called in dictionaries.
        shared_name: under which sessions share it.
        name: of the operation.
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "fifo_queue",
    ) -> None:
        types = _types(dtypes)
        self._make(
            "FIFOQueueV2",
            types,
            _shapes(shapes),
            _names(names, types),
            capacity=capacity,
            shared_name=shared_name,
            name=name,
        )


class RandomShuffleQueue(QueueBase):
    """Elements come out in a random order.

    Args:
        capacity: how many elements it holds.
        min_after_dequeue: how many stay in it until it is closed.
        dtypes: the types of an element's parts.
        shapes: their shapes; None: any, and only single elements can be taken.
        names: what they are called in dictionaries.
        seed: of the order.
        shared_name: under which sessions share it.
        name: of the operation.
    """

    def __init__(
        self,
        capacity: int,
        min_after_dequeue: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        seed: int | None = None,
        shared_name: str | None = None,
        name: str | None = "random_shuffle_queue",
    ) -> None:
        types = _types(dtypes)
        listed = _shapes(shapes)
        named = _names(names, types)
        first, second = get_seed(seed)
        if (first, second) != (0, 0) and seed is None and shared_name is not None:
            digest = md5(f"{first}{shared_name}".encode()).hexdigest()
            second = int(digest[:8], 16) & 0x7FFFFFFF
        self._make(
            "RandomShuffleQueueV2",
            types,
            listed,
            named,
            capacity=capacity,
            min_after_dequeue=min_after_dequeue,
            seed=first,
            seed2=second,
            shared_name=shared_name,
            name=name,
        )


class PaddingFIFOQueue(QueueBase):
    """First in, first out; elements of different sizes are made equal.

    Args:
        capacity: how many elements it holds.
        dtypes: the types of an element's parts.
        shapes: their shapes, with None where sizes differ.
        names: what they are called in dictionaries.
        shared_name: under which sessions share it.
        name: of the operation.
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "padding_fifo_queue",
    ) -> None:
        types = _types(dtypes)
        listed = _shapes(shapes, unknown=True) or []
        named = _names(names, types)
        if len(types) != len(listed):
            raise ValueError(
                "Shapes must be provided for all components, but received "
                f"{len(types)} dtypes and {len(listed)} shapes."
            )
        self._make(
            "PaddingFIFOQueueV2",
            types,
            listed,
            named,
            capacity=capacity,
            shared_name=shared_name,
            name=name,
        )


class PriorityQueue(QueueBase):
    """The element with the least priority, its first part, comes out first.

    Args:
        capacity: how many elements it holds.
        types: of an element's parts after the priority.
        shapes: their shapes.
        names: what the parts are called in dictionaries.
        shared_name: under which sessions share it.
        name: of the operation.
    """

    def __init__(
        self,
        capacity: int,
        types: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "priority_queue",
    ) -> None:
        others = _types(types)
        listed = _shapes(shapes)
        ref = apply(
            "PriorityQueueV2",
            component_types=others,
            shapes=listed,
            capacity=capacity,
            shared_name=shared_name,
            name=name,
        )
        all_shapes = [TensorShape([]), *listed] if listed else listed
        super().__init__([dtypes.int64, *others], all_shapes, names, ref)


class StagingArea:
    """A place where elements wait between two steps of a program.

    Args:
        dtypes: the types of an element's parts.
        shapes: their shapes, or None.
        names: what they are called in dictionaries, or None.
        shared_name: its name; None: made up.
        capacity: how many elements it holds; 0: any number.
        memory_limit: kept, and not looked at.
    """

    def __init__(
        self,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        capacity: int = 0,
        memory_limit: int = 0,
    ) -> None:
        if shared_name is None:
            shared_name = defaults.get_default_graph().unique_name("StagingArea")
        elif not isinstance(shared_name, str):
            raise ValueError("shared_name must be a string")
        self.name = shared_name
        self.dtypes = dtypes
        if shapes is not None and len(shapes) != len(dtypes):
            raise ValueError("StagingArea shapes must be the same length as dtypes")
        self.shapes = (
            [TensorShape(None)] * len(dtypes)
            if shapes is None
            else [TensorShape(shape) for shape in shapes]
        )
        if names is not None and len(names) != len(dtypes):
            raise ValueError("StagingArea names must be the same length as dtypes")
        self.names = names
        self.capacity = capacity
        self.memory_limit = memory_limit
        with name_scope(f"{self.name}_root"):
            self._here = no_op()

    def _settings(self) -> dict[str, Any]:
        return {
            "shared_name": self.name,
            "capacity": self.capacity,
            "memory_limit": self.memory_limit,
        }

    def _parts(self, values: Any) -> list[Any]:
        """An element's parts, checked.

        Raises:
            ValueError: they are not of the types or names that were said.
        """
        places: list[int] = list(range(len(values)))
        if isinstance(values, dict):
            if not self.names:
                raise ValueError(
                    "Staging areas must have names to enqueue a dictionary"
                )
            if not set(values) <= set(self.names):
                raise ValueError(
                    "Keys in dictionary to put do not match names of staging area. "
                    f"Dictionary: ({sorted(values)}), Queue: ({sorted(self.names)})"
                )
            places = [i for i, name in enumerate(self.names) if name in values]
            values = [values[self.names[i]] for i in places]
        elif self.names:
            raise ValueError(
                "You must enqueue a dictionary in a staging area with names"
            )
        if len(values) > len(self.dtypes):
            raise ValueError(
                f"Unexpected number of inputs '{len(values)}' vs '{len(self.dtypes)}'"
            )
        for value, place in zip(values, places, strict=True):
            if value.dtype != self.dtypes[place]:
                raise ValueError(
                    f"Datatypes do not match. '{value.dtype}' != '{self.dtypes[place]}'"
                )
            value.shape.assert_is_compatible_with(self.shapes[place])
        return [
            convert_to_tensor(value, self.dtypes[place], f"component_{place}")
            for value, place in zip(values, places, strict=True)
        ]

    def put(self, values: Any, name: str | None = None) -> Any:
        """An operation that puts an element in."""
        with name_scope(name, f"{self.name}_put", _listed(values)) as scope:
            if not isinstance(values, (list, tuple, dict)):
                values = [values]
            parts = self._parts(values)
            with colocate_with(self._here):
                return apply("Stage", parts, name=scope, **self._settings())

    def _taken(self, make: Callable[[], Any]) -> Any:
        with colocate_with(self._here):
            tensors = make()
        if not isinstance(tensors, (tuple, list)):
            tensors = [tensors]
        if no_op().device != self._here.device:
            from .ops.array import identity  # noqa: PLC0415 - seldom

            tensors = [identity(tensor) for tensor in tensors]
        for tensor, shape in zip(tensors, self.shapes, strict=True):
            tensor.set_shape(shape)
        if self.names:
            return dict(zip(self.names, tensors, strict=True))
        return tensors

    def get(self, name: str | None = None) -> Any:
        """Takes the next element out; waits for it."""
        name = f"{self.name}_get" if name is None else name
        return self._taken(
            lambda: apply("Unstage", dtypes=self.dtypes, name=name, **self._settings())
        )

    def peek(self, index: Any, name: str | None = None) -> Any:
        """The element at a place, left there; waits for it."""
        name = f"{self.name}_peek" if name is None else name
        return self._taken(
            lambda: apply(
                "StagePeek", index, dtypes=self.dtypes, name=name, **self._settings()
            )
        )

    def size(self, name: str | None = None) -> Any:
        """How many elements are in it."""
        name = f"{self.name}_size" if name is None else name
        return apply("StageSize", dtypes=self.dtypes, name=name, **self._settings())

    def clear(self, name: str | None = None) -> Any:
        """An operation that takes everything out."""
        name = f"{self.name}_clear" if name is None else name
        return apply("StageClear", dtypes=self.dtypes, name=name, **self._settings())
