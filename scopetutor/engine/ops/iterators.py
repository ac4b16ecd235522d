"""What runs iterators: where a program is in a dataset, in one session.

After datasets. TF 1.15: an iterator is a resource that is told which dataset to walk
through; its handle may be passed on as text.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    OutOfRangeError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define

from . import rules
from .dataset_functions import promised_shapes
from .datasets import Following, Recipe
from .io import strings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State


class Place:
    """Where an iterator is.

    Attributes:
        name: of the iterator.
        types, shapes: what it promised of its elements; empty: anything.
    """

    def __init__(self, op: Operation) -> None:
        self.name = op._name
        self.types = op._attrs["output_types"]
        self.shapes = op._attrs["output_shapes"]
        self._elements: Iterator[Any] | None = None
        self._lock = threading.Lock()

    def begin(self, recipe: Recipe) -> None:
        """Starts at the first element of a dataset."""
        self._elements = recipe.follow(Following())

    def next(self) -> Any:
        """The next element.

        Raises:
            tf.errors.FailedPreconditionError: nobody said of which dataset.
            tf.errors.OutOfRangeError: there is none.
        """
        with self._lock:
            if self._elements is None:
                raise FailedPreconditionError(
                    None,
                    None,
                    "GetNext() failed because the iterator has not been initialized. "
                    "Ensure that you have run the initializer operation for this "
                    "iterator before getting the next element.",
                )
            element = next(self._elements, None)
        if element is None:
            raise OutOfRangeError(None, None, "End of sequence")
        return element


def _iterator(op: Operation, state: State) -> Callable[[], Place]:
    shared = op._attrs["shared_name"]
    key = ("iterator", shared) if shared else op._name
    place = state.resources.setdefault(key, Place(op))
    return lambda: place


def _one_shot(op: Operation, state: State) -> Callable[[], Place]:
    """An iterator that knows its dataset and begins by itself."""

    def begun() -> Place:
        from scopetutor.engine.function_graphs import found  # noqa: PLC0415 - a cycle

        place = Place(op)
        (recipe,) = found(op, "dataset_factory").caller()(())
        place.begin(recipe)
        return place

    return lambda: state.resource(op, begun)


def _make_iterator(recipe: Recipe, place: Place) -> None:
    place.begin(recipe)


def _get_next_kernel(op: Operation) -> Callable[[Place], Any]:
    single = len(op._attrs["output_types"]) == 1
    promised = op._attrs["output_shapes"]

    def kernel(place: Place) -> Any:
        element = place.next()
        for index, (value, dims) in enumerate(zip(element, promised, strict=True)):
            _check(index, value, dims)
        return element[0] if single else element

    return kernel


def _check(index: int, value: Any, dims: Any) -> None:
    shape = getattr(value, "shape", ())
    if dims is None or (
        len(dims) == len(shape)
        and all(d is None or d == s for d, s in zip(dims, shape, strict=True))
    ):
        return
    raise InvalidArgumentError(
        None,
        None,
        f"Incompatible shapes at component {index} of the iterator: expected "
        f"{dims_text(dims)} but got {dims_text(shape)}.",
    )


def _to_string_handle(_: Operation, state: State) -> Callable[[Place], Any]:
    def kernel(place: Place) -> Any:
        handle = f"iterator {place.name}"
        state.resources[handle] = place
        return strings([handle], ())

    return kernel


def _from_string_handle(_: Operation, state: State) -> Callable[[Any], Place]:
    def kernel(handle: Any) -> Place:
        item = handle.item() if hasattr(handle, "item") else handle
        text = item.decode() if isinstance(item, bytes) else str(item)
        place = state.resources.get(text)
        if not isinstance(place, Place):
            raise NotFoundError(None, None, f"There is no iterator {text!r}.")
        return place

    return kernel


define("Iterator", shape=rules.scalar, bind=_iterator)
define("IteratorV2", shape=rules.scalar, bind=_iterator)
define("OneShotIterator", shape=rules.scalar, bind=_one_shot)
define("MakeIterator", shape=rules.no_outputs, kernel=_make_iterator)
define("IteratorGetNext", shape=promised_shapes, build=_get_next_kernel)
define("IteratorGetNextSync", shape=promised_shapes, build=_get_next_kernel)
define("IteratorToStringHandle", shape=rules.scalar, bind=_to_string_handle)
for _type in ("IteratorFromStringHandle", "IteratorFromStringHandleV2"):
    define(_type, shape=rules.scalar, bind=_from_string_handle)
