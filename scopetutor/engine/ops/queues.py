"""What runs queues: elements that some threads put in and others take out.

After array; the classes of `tf` are in ``queues.py``. A queue lives in a session. TF
1.15: who finds it full or empty waits, until it is closed or the session is.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.op_errors import (
    CancelledError,
    InvalidArgumentError,
    OutOfRangeError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.random import Generator
from scopetutor.engine.registry import define
from scopetutor.engine.shapes import are_compatible

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

    Element = tuple[Any, ...]

_PATIENCE = 0.05  # seconds between two looks, so that Ctrl-C is heard
_numbers = itertools.count()


class Queue:
    """The elements of a queue in one session, first in, first out.

    Attributes:
        kind: what errors call it.
        name: what errors call it.
        shapes: of an element's parts; empty: any.
    """

    kind = "FIFOQueue"
    kept_back = 0  # how many elements stay while it is open

    def __init__(self, op: Operation) -> None:
        attrs = op._attrs
        shared = attrs["shared_name"]
        self.name = shared or f"_{next(_numbers)}_{op._name}"
        self.shapes: list[Dims] = list(attrs.get("shapes") or [])
        self._types = attrs.get("component_types", ())
        most = attrs["capacity"]
        self._capacity = float("inf") if most < 0 else most
        self._elements: Any = deque()
        self._changed = threading.Condition()
        self._closed = self._cancels = self._ended = False

    # -- asked from outside --------------------------------------------------------

    @property
    def closed(self) -> bool:
        """Whether nothing more is put in."""
        return self._closed

    def __len__(self) -> int:
        return len(self._elements)

    def put(self, elements: Sequence[Element]) -> None:
        """Puts elements in, waiting for room.

        Raises:
            tf.errors.CancelledError: it is closed, or was while this waited.
        """
        for element in elements:
            self._check(element)
        with self._changed:
            if self._closed:
                raise CancelledError(
                    None, None, f"{self.kind} '{self.name}' is closed."
                )
            for element in elements:
                while len(self) >= self._capacity and not self._cancels:
                    self._wait("Enqueue")
                if self._cancels:
                    raise CancelledError(None, None, "Enqueue operation was cancelled")
                self._add(element)
                self._changed.notify_all()

    def take(self, count: int, *, fewer: bool = False) -> list[Element]:
        """Takes elements out, waiting for them.

        Args:
            count: how many.
            fewer: whether a closed queue may give fewer, but not none.

        Raises:
            tf.errors.OutOfRangeError: it is closed and has too few.
        """
        taken: list[Element] = []
        with self._changed:
            while len(taken) < count:
                if self._ready() > 0:
                    taken.append(self._remove())
                    self._changed.notify_all()
                elif not self._closed:
                    self._wait("Dequeue")
                elif fewer and taken:
                    break
                else:
                    self._put_back(taken)
                    raise self._too_few(count - len(taken) if fewer else count)
        return taken

    def close(self, *, cancels: bool) -> None:
        """Nothing more is put in; with `cancels`, not even by those who wait."""
        with self._changed:
            self._closed = True
            self._cancels = self._cancels or cancels
            self._changed.notify_all()

    def end(self) -> None:
        """The session is closed: who waits is told so."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    # -- inside --------------------------------------------------------------------

    def _ready(self) -> int:
        """How many elements may be taken now."""
        return len(self) - (0 if self._closed else self.kept_back)

    def _add(self, element: Element) -> None:
        self._elements.append(element)

    def _remove(self) -> Element:
        element: Element = self._elements.popleft()
        return element

    def _put_back(self, elements: list[Element]) -> None:
        self._elements.extendleft(reversed(elements))

    def _wait(self, what: str) -> None:
        self._changed.wait(_PATIENCE)
        if self._ended:
            raise CancelledError(None, None, f"{what} operation was cancelled")

    def _too_few(self, count: int) -> OutOfRangeError:
        return OutOfRangeError(
            None,
            None,
            f"{self.kind} '{self.name}' is closed and has insufficient elements "
            f"(requested {count}, current size {len(self)})",
        )

    def _check(self, element: Element) -> None:
        for place, (value, dims) in enumerate(zip(element, self.shapes, strict=False)):
            if not are_compatible(dims, np.shape(value)):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Shape mismatch in tuple component {place}. Expected "
                    f"{dims_text(dims)}, got {dims_text(np.shape(value))}",
                )

    def joined(self, elements: list[Element]) -> list[Any]:
        """Several elements as one, with a dimension more."""
        if not elements:
            return self._nothing()
        return [_stacked(column) for column in zip(*elements, strict=True)]

    def _nothing(self) -> list[Any]:
        pairs = zip(self._types, self.shapes, strict=True)
        return [
            np.zeros((0, *(size or 0 for size in dims or ())), dtype.as_numpy_dtype)
            for dtype, dims in pairs
        ]


def _stacked(column: Sequence[Any]) -> Any:
    if isinstance(column[0], bytes):
        texts = np.empty(len(column), object)
        texts[:] = column
        return texts
    return np.stack(column)


class ShuffledQueue(Queue):
    """A queue that gives its elements in a random order."""

    kind = "RandomShuffleQueue"

    def __init__(self, op: Operation) -> None:
        super().__init__(op)
        self._elements = []
        self.kept_back = op._attrs["min_after_dequeue"]
        generator = Generator(op._attrs["seed"], op._attrs["seed2"])
        self._words = itertools.chain.from_iterable(
            generator.words(64) for _ in itertools.count()
        )

    def _remove(self) -> Element:
        # TF 1.15: the last one takes the place of the one that is drawn.
        place = next(self._words) % len(self._elements)
        drawn: Element = self._elements[place]
        last = self._elements.pop()
        if place < len(self._elements):
            self._elements[place] = last
        return drawn

    def _put_back(self, elements: list[Element]) -> None:
        self._elements.extend(elements)


class PaddingQueue(Queue):
    """A queue whose elements are made of one size when several are taken."""

    kind = "PaddingFIFOQueue"

    def joined(self, elements: list[Element]) -> list[Any]:
        """Several elements as one; zeros where some are smaller."""
        if not elements:
            return self._nothing()
        return [_padded(column) for column in zip(*elements, strict=True)]


def _padded(column: Sequence[Any]) -> Any:
    arrays = [np.asarray(value) for value in column]
    sizes = np.max([array.shape for array in arrays], axis=0).astype(int).tolist()
    made = np.zeros((len(arrays), *sizes), arrays[0].dtype)
    if made.dtype == object:
        made[...] = b""
    for index, array in enumerate(arrays):
        inside: tuple[Any, ...] = tuple(slice(size) for size in array.shape)
        made[(index, *inside)] = array
    return made


class PriorityQueue(Queue):
    """A queue that gives the element with the least first part first."""

    kind = "PriorityQueue"

    def _remove(self) -> Element:
        place = min(range(len(self)), key=lambda i: int(self._elements[i][0]))
        element: Element = self._elements[place]
        del self._elements[place]
        return element


# -- operations --------------------------------------------------------------------


def _holder(kind: type[Queue]) -> Callable[[Operation, State], Callable[[], Queue]]:
    def bind(op: Operation, state: State) -> Callable[[], Queue]:
        shared = op._attrs["shared_name"]
        key = ("queue", shared) if shared else op._name

        def kernel() -> Queue:
            found: Queue = state.resources.get(key) or state.resources.setdefault(
                key, kind(op)
            )
            return found

        return kernel

    return bind


def _many(values: Sequence[Any]) -> list[Element]:
    return [tuple(row) for row in zip(*values, strict=True)]


def _enqueue_many(queue: Queue, *values: Any) -> None:
    sizes = {len(value) for value in values}
    if len(sizes) > 1:
        raise InvalidArgumentError(
            None,
            None,
            "All input tensors must have the same size in the 0th dimension.",
        )
    queue.put(_many(values))


def _out(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)


def _dequeue(queue: Queue) -> Any:
    return _out(queue.take(1)[0])


def _dequeue_many(fewer: bool) -> Callable[[Queue, Any], Any]:
    def kernel(queue: Queue, n: Any) -> Any:
        if int(n) < 0:
            raise InvalidArgumentError(
                None, None, f"DequeueManyOp requested {int(n)} < 0 elements"
            )
        return _out(queue.joined(queue.take(int(n), fewer=fewer)))

    return kernel


def _promised(op: Operation) -> list[Dims]:
    """The shapes that the queue was told of; as they are."""
    queue = op._inputs[0]._op
    shapes = queue._attrs.get("shapes") or []
    if len(shapes) != len(op._outputs):
        return [None] * len(op._outputs)
    return list(shapes)


def _promised_many(op: Operation) -> list[Dims]:
    known = shape_inference.value(op, 1)
    count = None if known is None or "UpTo" in op.type else int(known)
    return [None if dims is None else (count, *dims) for dims in _promised(op)]


for _name, _kind in (
    ("FIFOQueueV2", Queue),
    ("RandomShuffleQueueV2", ShuffledQueue),
    ("PaddingFIFOQueueV2", PaddingQueue),
    ("PriorityQueueV2", PriorityQueue),
):
    define(_name, shape=rules.scalar, bind=_holder(_kind))
define(
    "QueueEnqueueV2", shape=rules.no_outputs,
    kernel=lambda queue, *values: queue.put([values]),
)  # fmt: skip
define("QueueEnqueueManyV2", shape=rules.no_outputs, kernel=_enqueue_many)
define("QueueDequeueV2", shape=_promised, kernel=_dequeue)
define("QueueDequeueManyV2", shape=_promised_many, kernel=_dequeue_many(False))
define("QueueDequeueUpToV2", shape=_promised_many, kernel=_dequeue_many(True))
define("QueueSizeV2", shape=rules.scalar, kernel=lambda queue: np.int32(len(queue)))
define(
    "QueueIsClosedV2", shape=rules.scalar, kernel=lambda queue: np.bool_(queue.closed)
)


def _close_kernel(op: Operation) -> Callable[[Queue], None]:
    cancels = op._attrs["cancel_pending_enqueues"]
    return lambda queue: queue.close(cancels=cancels)


define("QueueCloseV2", shape=rules.no_outputs, build=_close_kernel)


# -- staging areas -----------------------------------------------------------------


class _Stage(Queue):
    """The elements of a staging area: a queue that can be looked into."""

    def __init__(self, op: Operation) -> None:
        super().__init__(op)
        self._capacity = op._attrs["capacity"] or float("inf")

    def peek(self, index: int) -> Element:
        """An element, left where it is; waits for it."""
        with self._changed:
            while len(self) <= index:
                self._wait("StagePeek")
            element: Element = self._elements[index]
            return element

    def clear(self) -> None:
        """Takes everything out."""
        with self._changed:
            self._elements.clear()
            self._changed.notify_all()


def _staged(
    act: Callable[..., Any],
) -> Callable[[Operation, State], Callable[..., Any]]:
    def bind(op: Operation, state: State) -> Callable[..., Any]:
        key = ("stage", op._attrs["shared_name"] or op._name)

        def kernel(*values: Any) -> Any:
            stage = state.resources.get(key) or state.resources.setdefault(
                key, _Stage(op)
            )
            return act(stage, *values)

        return kernel

    return bind


def _unknown(op: Operation) -> list[Dims]:
    return [None] * len(op._attrs["dtypes"])


for _name, _shape, _act in (
    ("Stage", rules.no_outputs, lambda stage, *values: stage.put([values])),
    ("Unstage", _unknown, lambda stage: _out(stage.take(1)[0])),
    ("StagePeek", _unknown, lambda stage, index: _out(stage.peek(int(index)))),
    ("StageSize", rules.scalar, lambda stage: np.int32(len(stage))),
    ("StageClear", rules.no_outputs, lambda stage: stage.clear()),
):
    define(_name, shape=_shape, bind=_staged(_act))
