"""Datasets of what Python generators yield.

Beside dataset. TF 1.15: a generator's dataset is three functions, which begin it, take
from it and end it; each calls back into Python.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.ops.script import numpy_function

from . import functions, structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scopetutor.engine.dtypes import DType
    from scopetutor.engine.function_graphs import Function

    from .dataset import Dataset


class _Running:
    """The generators that are being gone through, by number."""

    def __init__(self, generator: Callable[..., Any]) -> None:
        self._generator = generator
        self._lock = threading.Lock()
        self._iterators: dict[int, Iterator[Any]] = {}
        self._count = 0

    def begin(self, *args: Any) -> Any:
        """Starts the generator anew; gives its number."""
        with self._lock:
            number = self._count
            self._count += 1
        self._iterators[number] = iter(self._generator(*args))
        return np.array(number, dtype=np.int64)

    def take(self, number: Any) -> Any:
        """What the generator of a number yields next."""
        return next(self._iterators[int(number)])

    def end(self, number: Any) -> Any:
        """Forgets a generator."""
        del self._iterators[int(number)]
        return np.array(0, dtype=np.int64)


def generated(
    start: Any, generator: Callable[..., Any], spec: Any, args: Sequence[Any]
) -> Dataset:
    """The dataset of what a generator yields.

    Args:
        start: a tensor that its first function is given.
        generator: a function to iterate over.
        spec: the structure of what it yields.
        args: tensors whose values it is given.
    """
    from .dataset import DatasetV1Adapter  # noqa: PLC0415 - a cycle

    running = _Running(generator)
    types = [leaf.dtype for leaf in structure.flatten(spec)]

    def take(number: Any) -> Any:
        tensors = numpy_function(
            lambda n: _arrays(running.take(n), spec), [number], types
        )
        for tensor, leaf in zip(tensors, structure.flatten(spec), strict=True):
            tensor.set_shape(leaf.shape)
        return structure.pack(spec, tensors)

    def begin(_unused: Any) -> Any:
        return numpy_function(running.begin, args, dtypes.int64)

    def end(number: Any) -> Any:
        return numpy_function(running.end, [number], dtypes.int64)

    called = [_traced(begin, structure.spec_of(start))]
    called += [_traced(function, called[0].output_spec) for function in (take, end)]
    variant = apply(
        "GeneratorDataset",
        [start, *called[0].captured],
        called[1].captured,
        called[2].captured,
        init_func=called[0],
        next_func=called[1],
        finalize_func=called[2],
        **structure.attributes(spec),
    )
    return DatasetV1Adapter(variant, spec, called=called)


def _traced(function: Callable[..., Any], spec: Any) -> Function:
    return functions.traced(function, "Dataset.from_generator()", spec, told=False)


def _arrays(values: Any, spec: Any) -> list[Any]:
    """A yielded element as arrays of the promised types.

    Raises:
        TypeError, ValueError: it is something else than was promised.
    """
    types = structure.legacy_types(spec)
    try:
        flat = structure.flatten_up_to(types, values)
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that did not match the expected structure. "
            f"The expected structure was {types}, but the yielded element was {values}."
        ) from None
    leaves = structure.flatten(spec)
    arrays = [
        _array(value, leaf.dtype) for value, leaf in zip(flat, leaves, strict=True)
    ]
    for array, leaf in zip(arrays, leaves, strict=True):
        if not leaf.shape.is_compatible_with(array.shape):
            raise ValueError(
                f"`generator` yielded an element of shape {array.shape} where an "
                f"element of shape {leaf.shape} was expected."
            )
    return arrays


def _array(value: Any, dtype: DType) -> Any:
    kind = dtype.as_numpy_dtype
    try:
        array: Any = np.asarray(value, dtype=kind, order="C")
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that could not be converted to the "
            f"expected type. The expected type was {dtype.name}, but the yielded "
            f"element was {value}."
        ) from None
    if array.dtype != object:
        return array
    texts = np.empty(array.shape, object)
    for place in np.ndindex(array.shape):
        item = array[place]
        texts[place] = item.encode() if isinstance(item, str) else item
    return texts
