"""What runs datasets: each is a recipe that can be followed again and again.

After script, before `dataset_batches` and `dataset_functions`; the classes of `tf.data`
are in ``data/``. The value of a dataset's variant tensor is a Recipe; following it
gives the elements, each a tuple of arrays.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.random import Generator
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def source(elements: Callable[[], Iterator[Element]]) -> Recipe:
    """A dataset whose elements come from nowhere else."""
    return Recipe(lambda _: elements())


def define_dataset(
    op_type: str, build: Callable[[Operation], Callable[..., Recipe]]
) -> None:
    """Defines an operation that gives a dataset."""
    define(op_type, shape=rules.scalar, build=build)


def follows(make: Callable[..., Follow]) -> Callable[[Any], Callable[..., Recipe]]:
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
    return source(elements)


def _range(start: Any, stop: Any, step: Any) -> Recipe:
    if int(step) == 0:
        raise InvalidArgumentError(None, None, "step must be a non-zero integer.")
    numbers = range(int(start), int(stop), int(step))
    return source(lambda: ((np.int64(number),) for number in numbers))


define("TensorSliceDataset", shape=rules.scalar, kernel=_slices)
define("RangeDataset", shape=rules.scalar, kernel=_range)
define(
    "TensorDataset", shape=rules.scalar,
    kernel=lambda *components: source(lambda: iter([components])),
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
    define_dataset(_name, follows(_make))
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


define_dataset("ShuffleDataset", _shuffle_kernel)
define_dataset("ShuffleAndRepeatDataset", follows(_shuffle_and_repeat))


# -- several together ------------------------------------------------------------------
