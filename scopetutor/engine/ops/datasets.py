"""What runs datasets: each is a recipe that can be followed again and again.

After script; the classes of `tf.data` are in ``data/``. The value of a dataset's
variant tensor is a Recipe; following it gives the elements, each a tuple of arrays.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import (
    DataLossError,
    InvalidArgumentError,
    OpError,
    OutOfRangeError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.random import Generator
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scopetutor.engine.operation import Operation

    Element = tuple[Any, ...]
    Follow = Callable[["Following"], Iterator[Element]]


class Following:
    """One walk through a dataset, from a new iterator to its end.

    Args:
        around: the walk in which an element is itself a dataset to walk through.

    Attributes:
        optimized: whether a shuffled dataset that is repeated is shuffled across the
            repetitions, as TF 1.15's optimizer does.
    """

    def __init__(self, around: Following | None = None) -> None:
        self.optimized: bool = around is not None and around.optimized
        self._kept: dict[Any, Any] = {}
        self._callers: dict[Any, Any] = {} if around is None else around._callers

    def kept(self, owner: Any, make: Callable[[], Any]) -> Any:
        """What a dataset keeps between its repetitions."""
        if owner not in self._kept:
            self._kept[owner] = make()
        return self._kept[owner]

    def caller(self, function: Any) -> Any:
        """Calls a function; what its operations keep is the same in the whole walk."""
        if function not in self._callers:
            self._callers[function] = function.caller()
        return self._callers[function]


class Recipe:
    """A dataset when the graph runs.

    Attributes:
        follow: gives the elements, from the first one on.
        repeated: the same, repeated so many times at once; None: nothing special.
        mapped: whether a function makes the elements.
    """

    __slots__ = ("follow", "mapped", "repeated")

    def __init__(
        self,
        follow: Follow,
        repeated: Callable[[int], Follow] | None = None,
        *,
        mapped: bool = False,
    ) -> None:
        self.follow = follow
        self.repeated = repeated
        self.mapped = mapped


def _source(elements: Callable[[], Iterator[Element]]) -> Recipe:
    return Recipe(lambda _: elements())


def _define(op_type: str, build: Callable[[Operation], Callable[..., Recipe]]) -> None:
    define(op_type, shape=rules.scalar, build=build)


def _plain(make: Callable[..., Follow]) -> Callable[[Any], Callable[..., Recipe]]:
    """The kernel of a dataset that needs no attributes."""
    return lambda _: lambda *inputs: Recipe(make(*inputs))


def as_component(value: Any) -> Any:
    """A value as operations take it: text in an array."""
    if isinstance(value, (bytes, str)):
        array = np.empty((), object)
        array[()] = value
        return array
    return value


# -- where elements come from ----------------------------------------------------------


def _slices(*components: Any) -> Recipe:
    def elements() -> Iterator[Element]:
        for row in zip(*components, strict=True):
            yield tuple(map(as_component, row))

    count = len(components[0])
    for index, component in enumerate(components):
        if len(component) != count:
            raise InvalidArgumentError(
                None,
                None,
                "All components must have the same size in the 0th dimension, but "
                f"component {index} has {len(component)}, not {count}.",
            )
    return _source(elements)


def _range(start: Any, stop: Any, step: Any) -> Recipe:
    if int(step) == 0:
        raise InvalidArgumentError(None, None, "step must be a non-zero integer.")
    numbers = range(int(start), int(stop), int(step))
    return _source(lambda: ((np.int64(number),) for number in numbers))


define("TensorSliceDataset", shape=rules.scalar, kernel=_slices)
define("RangeDataset", shape=rules.scalar, kernel=_range)
define(
    "TensorDataset", shape=rules.scalar,
    kernel=lambda *components: _source(lambda: iter([components])),
)  # fmt: skip


# -- one after the other ---------------------------------------------------------------


def _zip(*recipes: Recipe) -> Follow:
    def follow(following: Following) -> Iterator[Element]:
        rows = zip(*[r.follow(following) for r in recipes], strict=False)
        return (tuple(itertools.chain(*parts)) for parts in rows)

    return follow


def _concatenate(first: Recipe, second: Recipe) -> Follow:
    return lambda following: itertools.chain(
        first.follow(following), second.follow(following)
    )


def _repeat(recipe: Recipe, count: Any) -> Recipe:
    times = int(count)

    def follow(following: Following) -> Iterator[Element]:
        if following.optimized and recipe.repeated is not None:
            yield from recipe.repeated(times)(following)
            return
        rounds = itertools.count() if times < 0 else range(times)
        for _ in rounds:
            nothing = True
            for element in recipe.follow(following):
                nothing = False
                yield element
            if nothing and times < 0:
                return

    return Recipe(follow)


def _take(recipe: Recipe, count: Any) -> Follow:
    most = None if int(count) < 0 else int(count)
    return lambda following: itertools.islice(recipe.follow(following), most)


def _skip(recipe: Recipe, count: Any) -> Follow:
    if int(count) < 0:
        return lambda _: iter(())
    return lambda following: itertools.islice(
        recipe.follow(following), int(count), None
    )


def _shard(recipe: Recipe, num_shards: Any, index: Any) -> Follow:
    shards, mine = int(num_shards), int(index)
    if shards <= 0:
        raise InvalidArgumentError(
            None,
            None,
            "Number of shards must be greater than zero (currently num_shards = "
            f"{shards}).",
        )
    if not 0 <= mine < shards:
        raise InvalidArgumentError(
            None,
            None,
            f"Index must be between 0 and {shards - 1} (currently index = {mine}).",
        )
    return lambda following: itertools.islice(
        recipe.follow(following), mine, None, shards
    )


def _same(recipe: Recipe, *_settings: Any) -> Follow:
    return recipe.follow


def _optimize(recipe: Recipe, optimizations: Any) -> Follow:
    names = set(np.asarray(optimizations).reshape(-1).tolist())

    def follow(following: Following) -> Iterator[Element]:
        following.optimized = b"shuffle_and_repeat_fusion" in names
        return recipe.follow(following)

    return follow


def _cache(recipe: Recipe, filename: Any) -> Follow:
    del filename  # TF 1.15: elements are kept in a file; here, always in memory

    def follow(following: Following) -> Iterator[Element]:
        known = following.kept(recipe, list)
        if known and known[-1] is None:
            yield from known[:-1]
            return
        known.clear()
        for element in recipe.follow(following):
            known.append(element)
            yield element
        known.append(None)  # all of them

    return follow


for _name, _make in (
    ("ZipDataset", _zip),
    ("ConcatenateDataset", _concatenate),
    ("TakeDataset", _take),
    ("SkipDataset", _skip),
    ("ShardDataset", _shard),
    ("PrefetchDataset", _same),
    ("ModelDataset", _same),
    ("MaxIntraOpParallelismDataset", _same),
    ("PrivateThreadPoolDataset", _same),
    ("OptimizeDataset", _optimize),
    ("CacheDataset", _cache),
):
    _define(_name, _plain(_make))
define("RepeatDataset", shape=rules.scalar, kernel=_repeat)


# -- in another order ------------------------------------------------------------------


def _words(seed: int, seed2: int) -> Iterator[int]:
    """The numbers of a generator, one by one."""
    generator = Generator(seed, seed2)
    while True:
        yield from generator.words(64)


class _Buffer:
    """The elements among which a shuffle chooses, by the round they belong to."""

    def __init__(self, size: int, words: Iterator[int]) -> None:
        self.size, self._words = size, words
        self._rounds: deque[deque[Element]] = deque([deque()])

    def __len__(self) -> int:
        return sum(map(len, self._rounds))

    def add(self, element: Element) -> None:
        """Takes an element of the newest round."""
        self._rounds[-1].append(element)

    def new_round(self) -> None:
        """What comes now is not mixed with what was before."""
        self._rounds.append(deque())

    def draw(self) -> Element:
        """An element of the oldest round; the first one takes its place."""
        while not self._rounds[0]:
            self._rounds.popleft()
        elements = self._rounds[0]
        place = next(self._words) % len(elements)
        drawn = elements[place]
        elements[place] = elements[0]
        elements.popleft()
        return drawn


def _shuffled(
    recipe: Recipe, size: int, times: int, words: Iterator[int], following: Following
) -> Iterator[Element]:
    """The elements of so many rounds (-1: endless), out of a buffer kept full."""
    buffer = _Buffer(size, words)
    held, rounds, new = 0, 0, True
    source = recipe.follow(following)
    while True:
        while held < size and rounds != times:
            element = next(source, None)
            if element is not None:
                buffer.add(element)
                held, new = held + 1, False
                continue
            if new and times == -1:
                return
            rounds += 1
            buffer.new_round()
            # TF 1.15 begins anew after the last round, too.
            source = recipe.follow(following)
        if not held:
            return
        held -= 1
        yield buffer.draw()


def _shuffle_kernel(op: Operation) -> Callable[..., Recipe]:
    again = op._attrs.get("reshuffle_each_iteration", True)

    def kernel(recipe: Recipe, buffer_size: Any, seed: Any, seed2: Any) -> Recipe:
        size, seeds = int(buffer_size), (int(seed), int(seed2))
        if size <= 0:
            raise InvalidArgumentError(
                None, None, "buffer_size must be greater than zero."
            )

        def follow(following: Following) -> Iterator[Element]:
            own = seeds
            if again:
                parent = following.kept(follow, lambda: _words(*seeds))
                own = next(parent), next(parent)
            return _shuffled(recipe, size, 1, _words(*own), following)

        def repeated(times: int) -> Follow:
            return lambda following: _shuffled(
                recipe, size, times, _words(*seeds), following
            )

        return Recipe(follow, repeated if again else None)

    return kernel


def _shuffle_and_repeat(
    recipe: Recipe, size: Any, seed: Any, seed2: Any, count: Any
) -> Follow:
    return lambda following: _shuffled(
        recipe, int(size), int(count), _words(int(seed), int(seed2)), following
    )


_define("ShuffleDataset", _shuffle_kernel)
_define("ShuffleAndRepeatDataset", _plain(_shuffle_and_repeat))


# -- several together ------------------------------------------------------------------


def _chunks(
    elements: Iterator[Element], size: int, drop: bool
) -> Iterator[list[Element]]:
    while True:
        chunk = list(itertools.islice(elements, size))
        if not chunk or (drop and len(chunk) < size):
            return
        yield chunk


def _batched(chunk: list[Element], mapped: bool) -> Element:
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


def _checked_size(batch_size: Any) -> int:
    size = int(batch_size)
    if size <= 0:
        raise InvalidArgumentError(None, None, "Batch size must be greater than zero.")
    return size


def _batch(recipe: Recipe, batch_size: Any, drop_remainder: Any) -> Follow:
    size, drop = _checked_size(batch_size), bool(drop_remainder)

    def follow(following: Following) -> Iterator[Element]:
        chunks = _chunks(recipe.follow(following), size, drop)
        fused = recipe.mapped and following.optimized
        return (_batched(chunk, fused) for chunk in chunks)

    return follow


_define("BatchDatasetV2", _plain(_batch))


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
        size = _checked_size(batch_size)
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
            lambda following: map(padded, _chunks(recipe.follow(following), size, drop))
        )

    return kernel


_define("PaddedBatchDataset", _padded_batch_kernel)
_define("PaddedBatchDatasetV2", _padded_batch_kernel)


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
    return _source(lambda: ((value,) for value in values))


_define("UnbatchDataset", _plain(_unbatch))
_define("WindowDataset", _plain(_window))


# -- functions of elements -------------------------------------------------------------


def _function(op: Operation, attribute: str) -> Any:
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
        function = _function(op, attribute)

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
    size, drop = _checked_size(batch_size), bool(drop_remainder)
    chunks = _chunks(_map(elements, call), size, drop)
    return (_batched(chunk, mapped=True) for chunk in chunks)


_define("MapDataset", _with_function(_map))
_define("ParallelMapDataset", _with_function(_map, settings=1))
_define("FilterDataset", _with_function(_filter, "predicate"))
_define("FlatMapDataset", _with_function(_flat_map, gives_datasets=True))
for _name, _count in (
    ("InterleaveDataset", 2),
    ("ParallelInterleaveDatasetV2", 3),
    ("ParallelInterleaveDataset", 5),
):
    _define(_name, _with_function(_interleave, settings=_count, gives_datasets=True))
_define("MapAndBatchDataset", _with_function(_map_and_batch, settings=3))


def _generator_kernel(op: Operation) -> Callable[..., Recipe]:
    """Elements that a Python generator makes: by three functions, of one iterator."""
    begin, take, end = (
        _function(op, name) for name in ("init_func", "next_func", "finalize_func")
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

        return _source(elements)

    return kernel


_define("GeneratorDataset", _generator_kernel)


def _reduce_kernel(op: Operation) -> Callable[..., Any]:
    function = _function(op, "f")
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


def _single_kernel(op: Operation) -> Callable[..., Any]:
    single = len(op._attrs["output_types"]) == 1

    def kernel(recipe: Recipe) -> Any:
        found = list(itertools.islice(recipe.follow(Following()), 2))
        if len(found) != 1:
            problem = "had more than one element" if found else "was empty"
            raise InvalidArgumentError(None, None, f"Dataset {problem}.")
        return found[0][0] if single else found[0]

    return kernel


_define("IgnoreErrorsDataset", _plain(_ignore_errors))
_define("TakeWhileDataset", _with_function(_take_while, "predicate"))
define("DatasetToSingleElement", shape=promised_shapes, build=_single_kernel)
