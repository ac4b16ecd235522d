"""Datasets that call functions of elements: map, filter, interleave and others.

After datasets and dataset_batches. The functions are graphs that ``data/functions.py``
has traced; here they are run for each element.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from scopetutor.engine.op_errors import InvalidArgumentError, OpError, OutOfRangeError
from scopetutor.engine.registry import define

from .dataset_batches import batched, checked_size, chunked
from .datasets import Following, Recipe, define_dataset, follows, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation

    from .datasets import Element, Follow


def function_of(op: Operation, attribute: str) -> Any:
    """The function that an attribute names."""
    from scopetutor.engine.function_graphs import found  # noqa: PLC0415 - built on ops

    return found(op, attribute)


def _with_function(
    make: Callable[..., Iterator[Element]],
    attribute: str = "f",
    settings: int = 0,
    *,
    gives_datasets: bool = False,
) -> Callable[[Operation], Callable[..., Recipe]]:
    """A dataset that calls a function.

    Args:
        make: (elements, call, *settings) -> the elements.
        attribute: that names the function.
        settings: how many inputs follow the values that the function captured.
        gives_datasets: whether `call` gives the elements of a dataset.
    """

    def build(op: Operation) -> Callable[..., Recipe]:
        function = function_of(op, attribute)

        def kernel(recipe: Recipe, *rest: Any) -> Recipe:
            end = len(rest) - settings
            captured, given = rest[:end], rest[end:]

            def follow(following: Following) -> Iterator[Element]:
                caller = following.caller(function)

                def call(element: Element) -> list[Any]:
                    results: list[Any] = caller((*element, *captured))
                    return results

                if gives_datasets:
                    return make(
                        recipe.follow(following),
                        lambda element: call(element)[0].follow(Following(following)),
                        *given,
                    )
                return make(recipe.follow(following), call, *given)

            return Recipe(follow, mapped=make is _map)

        return kernel

    return build


def _map(elements: Iterator[Element], call: Any, *_settings: Any) -> Iterator[Element]:
    def mapped(element: Element) -> Element:
        try:
            return tuple(call(element))
        except OutOfRangeError:
            # TF 1.15 takes it as the end.
            raise StopIteration from None

    # No generator: after a failure, the next element may be asked for.
    return map(mapped, elements)


def _filter(elements: Iterator[Element], call: Any) -> Iterator[Element]:
    return (element for element in elements if bool(call(element)[0]))


def _flat_map(elements: Iterator[Element], call: Any) -> Iterator[Element]:
    return itertools.chain.from_iterable(map(call, elements))


def _interleave(
    elements: Iterator[Element],
    call: Any,
    cycle_length: Any,
    block_length: Any,
    *_settings: Any,
) -> Iterator[Element]:
    """Blocks of several datasets, in turn.

    A place whose dataset has ended gets a new one when its turn comes again.
    """
    cycle, block = int(cycle_length), int(block_length)
    if cycle < 0:  # TF 1.15: as many as there are processors
        cycle = os.cpu_count() or 1
    places: list[Iterator[Element] | None] = [None] * cycle
    more, at = True, 0
    while more or any(place is not None for place in places):
        inner = places[at]
        if inner is None and more:
            element = next(elements, None)
            more = element is not None
            if more:
                inner = places[at] = call(element)
        if inner is not None:
            taken = list(itertools.islice(inner, block))
            yield from taken
            if len(taken) < block:
                places[at] = None
                if not taken or len(taken) < block:
                    at = (at + 1) % cycle
                    continue
        at = (at + 1) % cycle


def _map_and_batch(
    elements: Iterator[Element],
    call: Any,
    batch_size: Any,
    _parallel: Any,
    drop_remainder: Any,
) -> Iterator[Element]:
    size, drop = checked_size(batch_size), bool(drop_remainder)
    chunks = chunked(_map(elements, call), size, drop)
    return (batched(chunk, mapped=True) for chunk in chunks)


define_dataset("MapDataset", _with_function(_map))
define_dataset("ParallelMapDataset", _with_function(_map, settings=1))
define_dataset("FilterDataset", _with_function(_filter, "predicate"))
define_dataset("FlatMapDataset", _with_function(_flat_map, gives_datasets=True))
for _name, _count in (
    ("InterleaveDataset", 2),
    ("ParallelInterleaveDatasetV2", 3),
    ("ParallelInterleaveDataset", 5),
):
    define_dataset(
        _name, _with_function(_interleave, settings=_count, gives_datasets=True)
    )
define_dataset("MapAndBatchDataset", _with_function(_map_and_batch, settings=3))


def _windows_kernel(op: Operation) -> Callable[..., Recipe]:
    """What a function makes of so many elements of one key.

    At the end come the smaller windows, in the order of their keys.
    """
    names = "key_func", "reduce_func", "window_size_func"
    used = [function_of(op, name) for name in names]
    counts = [len(op._attrs[f"T{name}_other_arguments"]) for name in names]
    first, second = counts[0], counts[0] + counts[1]

    def kernel(recipe: Recipe, *rest: Any) -> Recipe:
        captured = rest[:first], rest[first:second], rest[second:]

        def follow(following: Following) -> Iterator[Element]:
            callers = [following.caller(function) for function in used]

            def called(which: int, *args: Any) -> Any:
                return callers[which]((*args, *captured[which]))[0]

            def reduced(key: int, window: list[Element]) -> Iterator[Element]:
                elements = source(lambda: iter(window))
                given = called(1, np.int64(key), elements)
                return cast("Recipe", given).follow(Following(following))

            windows: dict[int, list[Element]] = {}
            sizes: dict[int, int] = {}
            for element in recipe.follow(following):
                key = int(called(0, *element))
                if key not in windows:
                    windows[key] = []
                    sizes[key] = _window_size(int(called(2, np.int64(key))))
                windows[key].append(element)
                if len(windows[key]) == sizes[key]:
                    yield from reduced(key, windows.pop(key))
            for key in sorted(windows):
                yield from reduced(key, windows[key])

        return Recipe(follow)

    return kernel


def _window_size(size: int) -> int:
    if size <= 0:
        raise InvalidArgumentError(
            None, None, f"Window size must be greater than zero, but got {size}."
        )
    return size


define_dataset("GroupByWindowDataset", _windows_kernel)


def _generator_kernel(op: Operation) -> Callable[..., Recipe]:
    """Elements that a Python generator makes: by three functions, of one iterator."""
    begin, take, end = (
        function_of(op, name) for name in ("init_func", "next_func", "finalize_func")
    )
    counts = [
        len(op._attrs[name])
        for name in ("Tinit_func_args", "Tnext_func_args", "Tfinalize_func_args")
    ]

    def kernel(*inputs: Any) -> Recipe:
        first, second = counts[0], counts[0] + counts[1]
        groups = inputs[:first], inputs[first:second], inputs[second:]

        def elements() -> Iterator[Element]:
            state = begin.caller()(groups[0])
            call = take.caller()
            try:
                while True:
                    yield tuple(call((*state, *groups[1])))
            except OutOfRangeError:
                end.caller()((*state, *groups[2]))

        return source(elements)

    return kernel


define_dataset("GeneratorDataset", _generator_kernel)


def _reduce_kernel(op: Operation) -> Callable[..., Any]:
    function = function_of(op, "f")
    states = len(op._attrs["Tstate"])

    def kernel(recipe: Recipe, *rest: Any) -> Any:
        state, captured = rest[:states], rest[states:]
        call = function.caller()
        for element in recipe.follow(Following()):
            state = tuple(call((*state, *element, *captured)))
        return state if states > 1 else state[0]

    return kernel


def promised_shapes(op: Operation) -> list[Any]:
    """The shapes that an operation was told its outputs have."""
    return list(op._attrs["output_shapes"])


define("ReduceDataset", shape=promised_shapes, build=_reduce_kernel)


def _ignore_errors(recipe: Recipe) -> Follow:
    def follow(following: Following) -> Iterator[Element]:
        return _without_failures(recipe.follow(following))

    return follow


def _without_failures(elements: Iterator[Element]) -> Iterator[Element]:
    while True:
        try:
            yield next(elements)
        except StopIteration:
            return
        except OpError:
            continue


def _take_while(elements: Iterator[Element], call: Any) -> Iterator[Element]:
    return itertools.takewhile(lambda element: bool(call(element)[0]), elements)


def _scan_kernel(op: Operation) -> Callable[..., Recipe]:
    function, count = function_of(op, "f"), len(op._attrs["Tstate"])

    def kernel(recipe: Recipe, *rest: Any) -> Recipe:
        start, captured = rest[:count], rest[count:]

        def follow(following: Following) -> Iterator[Element]:
            caller = following.caller(function)
            state = start
            for element in recipe.follow(following):
                given = caller((*state, *element, *captured))
                state = tuple(given[:count])
                yield tuple(given[count:])

        return Recipe(follow)

    return kernel


def _single_kernel(op: Operation) -> Callable[..., Any]:
    single = len(op._attrs["output_types"]) == 1

    def kernel(recipe: Recipe) -> Any:
        found = list(itertools.islice(recipe.follow(Following()), 2))
        if len(found) != 1:
            problem = "had more than one element" if found else "was empty"
            raise InvalidArgumentError(None, None, f"Dataset {problem}.")
        return found[0][0] if single else found[0]

    return kernel


define_dataset("IgnoreErrorsDataset", follows(_ignore_errors))
define_dataset("TakeWhileDataset", _with_function(_take_while, "predicate"))
define_dataset("ScanDataset", _scan_kernel)
define("DatasetToSingleElement", shape=promised_shapes, build=_single_kernel)
