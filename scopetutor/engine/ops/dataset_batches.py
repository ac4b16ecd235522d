"""Datasets of several elements together: batches, windows, and the way back.

After datasets; ``data/dataset.py`` adds these operations. An element is a tuple of
arrays, one for each component, and a batch is one element again.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import DataLossError, InvalidArgumentError
from scopetutor.engine.operation import dims_text

from .datasets import Following, Recipe, as_component, define_dataset, follows, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scopetutor.engine.operation import Operation

    from .datasets import Element, Follow


def chunked(
    elements: Iterator[Element], size: int, drop: bool
) -> Iterator[list[Element]]:
    """The elements in lists of a size; the rest as well, unless it is dropped."""
    while True:
        chunk = list(itertools.islice(elements, size))
        if not chunk or (drop and len(chunk) < size):
            return
        yield chunk


def batched(chunk: list[Element], mapped: bool) -> Element:
    """One element of several, each component stacked."""
    return tuple(
        _stacked(place, column, mapped)
        for place, column in enumerate(zip(*chunk, strict=True))
    )


def _stacked(place: int, column: Sequence[Any], mapped: bool) -> Any:
    if isinstance(column[0], Recipe):
        recipes = np.empty(len(column), object)
        recipes[:] = column
        return recipes
    shape = np.shape(column[0])
    for index, value in enumerate(column):
        if np.shape(value) != shape:
            other = np.shape(value)
            problem = (
                _mismatch_of_mapped(shape, other)
                if mapped
                else _mismatch(place, index, shape, other)
            )
            raise InvalidArgumentError(None, None, problem)
    return np.stack(column)


def _mismatch(place: int, index: int, first: Any, shape: Any) -> str:
    return (
        f"Cannot batch tensors with different shapes in component {place}. First "
        f"element had shape {dims_text(first)} and element {index} had shape "
        f"{dims_text(shape)}."
    )


def _mismatch_of_mapped(first: Any, shape: Any) -> str:
    """What TF 1.15 says if it maps and batches in one."""
    return (
        "Cannot add tensor to the batch: number of elements does not match. Shapes are:"
        f" [tensor]: {dims_text(shape)}, [batch]: {dims_text(first)}"
    )


def checked_size(batch_size: Any) -> int:
    """How many elements make a batch; InvalidArgumentError if not at least one."""
    size = int(batch_size)
    if size <= 0:
        raise InvalidArgumentError(None, None, "Batch size must be greater than zero.")
    return size


def _batch(recipe: Recipe, batch_size: Any, drop_remainder: Any) -> Follow:
    size, drop = checked_size(batch_size), bool(drop_remainder)

    def follow(following: Following) -> Iterator[Element]:
        chunks = chunked(recipe.follow(following), size, drop)
        fused = recipe.mapped and following.optimized
        return (batched(chunk, fused) for chunk in chunks)

    return follow


define_dataset("BatchDatasetV2", follows(_batch))


def _padded(place: int, column: Sequence[Any], wanted: Any, padding: Any) -> Any:
    """The values of a component, all of one shape."""
    sizes = np.asarray(wanted).tolist()
    for value in column:
        if np.ndim(value) != len(sizes):
            raise InvalidArgumentError(
                None,
                None,
                "All elements in a batch must have the same rank as the padded shape "
                f"for component{place}: expected rank {len(sizes)} but got element "
                f"with rank {np.ndim(value)}",
            )
    for axis, size in enumerate(sizes):
        most = max(np.shape(value)[axis] for value in column)
        if size != -1 and most > size:
            raise DataLossError(
                None, None, "Attempted to pad to a smaller size than the input element."
            )
        sizes[axis] = most if size == -1 else size
    first = np.asarray(column[0])
    made = np.empty((len(column), *sizes), first.dtype)
    made[...] = np.asarray(padding).item() if made.dtype == object else padding
    for index, value in enumerate(column):
        parts: tuple[Any, ...] = tuple(slice(size) for size in np.shape(value))
        made[(index, *parts)] = value
    return made


def _padded_batch_kernel(op: Operation) -> Callable[..., Recipe]:
    count = len(op._attrs["Toutput_types"])

    def kernel(recipe: Recipe, batch_size: Any, *rest: Any) -> Recipe:
        size = checked_size(batch_size)
        shapes, paddings = rest[:count], rest[count : 2 * count]
        drop = bool(rest[2 * count]) if len(rest) > 2 * count else False

        def padded(chunk: list[Element]) -> Element:
            columns = zip(*chunk, strict=True)
            return tuple(
                _padded(place, *part)
                for place, part in enumerate(
                    zip(columns, shapes, paddings, strict=True)
                )
            )

        return Recipe(
            lambda following: map(padded, chunked(recipe.follow(following), size, drop))
        )

    return kernel


define_dataset("PaddedBatchDataset", _padded_batch_kernel)
define_dataset("PaddedBatchDatasetV2", _padded_batch_kernel)


def _unbatch(recipe: Recipe) -> Follow:
    def follow(following: Following) -> Iterator[Element]:
        elements = recipe.follow(following)
        rows = itertools.chain.from_iterable(zip(*e, strict=True) for e in elements)
        return (tuple(map(as_component, row)) for row in rows)

    return follow


def _window(
    recipe: Recipe, size: Any, shift: Any, stride: Any, drop_remainder: Any
) -> Follow:
    length, step, apart = int(size), int(shift), int(stride)
    span = (length - 1) * apart + 1

    def follow(following: Following) -> Iterator[Element]:
        elements = recipe.follow(following)
        held: deque[Element] = deque(itertools.islice(elements, span))
        while held:
            chosen = list(itertools.islice(held, 0, None, apart))
            if len(chosen) < length and drop_remainder:
                return
            columns = zip(*chosen, strict=True)
            yield tuple(_column(column) for column in columns)
            for _ in range(min(step, len(held))):
                held.popleft()
            gap = max(0, step - span)
            held.extend(itertools.islice(elements, gap, gap + span - len(held)))

    return follow


def _column(values: Sequence[Any]) -> Recipe:
    return source(lambda: ((value,) for value in values))


define_dataset("UnbatchDataset", follows(_unbatch))
define_dataset("WindowDataset", follows(_window))
