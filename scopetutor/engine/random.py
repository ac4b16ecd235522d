"""TensorFlow's random numbers, bit for bit.

After state, before the operations that draw them. An operation has two seeds; they key
a Philox4x32-10 generator, whose counter starts anew in every session and moves on by
256 blocks for each number drawn. TF 1.15: a seed that nobody set comes from the number
of operations in the graph, which is why one more operation changes all numbers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import defaults, libm, state
from .naming import name_functions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = np.ndarray[Any, Any]

_MAX_SEED = 2**31 - 1
DEFAULT_GRAPH_SEED = 87654321
BLOCKS_PER_NUMBER = 256

# The generator's constants: Salmon et al., "Parallel random numbers: as easy as
# 1, 2, 3", 2011.
_MULTIPLIER_A, _MULTIPLIER_B = 0xD2511F53, 0xCD9E8D57
_WEYL_A, _WEYL_B = 0x9E3779B9, 0xBB67AE85
_MASK = 0xFFFFFFFF
_ROUNDS = 10


def get_seed(op_seed: int | None) -> tuple[int, int]:
    """The two seeds of a new operation; (0, 0) means really random.

    Args:
        op_seed: what the program gave for this operation, or None.
    """
    if defaults.state.eager:
        graph_seed, next_seed = eager_seed.graph_seed, eager_seed.next
    else:
        graph = defaults.get_default_graph()
        graph_seed, next_seed = graph.seed, lambda: graph._last_id
    if graph_seed is not None:
        seeds = graph_seed, next_seed() if op_seed is None else op_seed
    elif op_seed is not None:
        seeds = DEFAULT_GRAPH_SEED, op_seed
    else:
        return 0, 0
    first, second = (_reduced(seed) for seed in seeds)
    return (0, _MAX_SEED) if (first, second) == (0, 0) else (first, second)


def given_seeds(op_seed: int | None) -> tuple[int | None, int | None]:
    """`tf.get_seed`: the two seeds of a new operation, or two None without seeds."""
    seeds = get_seed(op_seed)
    return (None, None) if seeds == (0, 0) else seeds


def _reduced(seed: Any) -> int:
    if isinstance(seed, np.integer):
        seed = int(seed)  # narrow ones cannot be taken modulo so large a number
    return int(seed % _MAX_SEED)


class _EagerSeed:
    """The seeds of operations that run at once.

    TF 1.15: they come from Python's own generator, started with the seed that was set.
    """

    def __init__(self) -> None:
        self.graph_seed: int | None = None
        self._numbers: Any = None

    def set(self, seed: int) -> None:
        """Starts the sequence of seeds anew."""
        import random  # noqa: PLC0415 - only eager programs need it

        from . import eager  # noqa: PLC0415 - only eager programs need it

        self.graph_seed = seed
        self._numbers = random.Random(seed)
        eager.forget_kernels()

    def next(self) -> int:
        """The seed of the next operation that gives none."""
        number: int = self._numbers.randint(0, _MAX_SEED)
        return number


eager_seed = _EagerSeed()


def set_random_seed(seed: int) -> None:
    """Sets the seed of the default graph."""
    if defaults.state.eager:
        eager_seed.set(seed)
    else:
        defaults.get_default_graph().seed = seed


# -- the generator -----------------------------------------------------------------


class Stretch(NamedTuple):
    """A part of a stream of random numbers.

    Attributes:
        key: 64 bits, the first seed.
        stream: 64 bits, the second seed: the upper half of the counter.
        first: 64 bits, the lower half of the counter for the first block.
        numbers: how many numbers it is for.
    """

    key: int
    stream: int
    first: int
    numbers: int


def blocks(stretches: Sequence[Stretch], per_block: int) -> tuple[Array, list[int]]:
    """The blocks of four words of some stretches, one after the other.

    Args:
        stretches: what is drawn.
        per_block: how many numbers a block is for.

    Returns:
        The words, uint32 of shape [blocks, 4], and how many blocks each stretch has.
    """
    counts = [-(-stretch.numbers // per_block) for stretch in stretches]
    total = sum(counts)
    if total <= 3:  # Python's own numbers are faster than arrays this small
        rows = [
            _one_block(key, stream, first + i)
            for (key, stream, first, _), count in zip(stretches, counts, strict=True)
            for i in range(count)
        ]
        return np.array(rows, dtype=np.uint32).reshape(total, 4), counts
    keys, streams, firsts = (
        np.array(column, np.uint64) for column in list(zip(*stretches, strict=True))[:3]
    )
    if len(stretches) == 1:
        return many_blocks(keys, streams, firsts + np.arange(total, dtype="u8")), counts
    keys, streams, firsts = (np.repeat(x, counts) for x in (keys, streams, firsts))
    begins = np.cumsum([0, *counts[:-1]])
    steps = np.arange(total) - np.repeat(begins, counts)
    return many_blocks(keys, streams, firsts + steps.astype(np.uint64)), counts


def _one_block(key: int, stream: int, low: int) -> tuple[int, int, int, int]:
    a, b = low & _MASK, low >> 32 & _MASK
    c, d = stream & _MASK, stream >> 32 & _MASK
    k, m = key & _MASK, key >> 32 & _MASK
    for _ in range(_ROUNDS):
        p, q = _MULTIPLIER_A * a, _MULTIPLIER_B * c
        a, b, c, d = (q >> 32) ^ b ^ k, q & _MASK, (p >> 32) ^ d ^ m, p & _MASK
        k, m = (k + _WEYL_A) & _MASK, (m + _WEYL_B) & _MASK
    return a, b, c, d


def many_blocks(keys: Array, streams: Array, lows: Array) -> Array:
    """A block for each element of `lows`.

    The same as `_one_block`, with a and c in one array, as b and d, and the keys.

    Args:
        keys: uint64 of shape [n] or [1].
        streams: as keys.
        lows: uint64 of shape [n].
    """
    mask, half = np.uint64(_MASK), np.uint64(32)
    factors = np.array([[_MULTIPLIER_A], [_MULTIPLIER_B]], np.uint64)
    weyl = np.array([[_WEYL_A], [_WEYL_B]], np.uint64)
    counters = np.empty((2, len(lows)), np.uint64)
    counters[0], counters[1] = lows, streams
    even, odd = counters & mask, counters >> half
    key = np.array([keys & mask, keys >> half])
    products = np.empty_like(even)
    crossed = products[::-1]
    for _ in range(_ROUNDS):
        np.multiply(even, factors, out=products)
        np.right_shift(crossed, half, out=even)
        even ^= odd
        even ^= key
        np.bitwise_and(crossed, mask, out=odd)
        key += weyl
        key &= mask
    return np.stack([even[0], odd[0], even[1], odd[1]], -1).astype(np.uint32)


# Few numbers take nearly as long as many: so many are drawn together at most, and
# nothing ahead of one that takes more than _FEW.
_TOGETHER = 1 << 14
_FEW = 1 << 12


class Generator:
    """The random numbers of one operation in one session.

    A program that trains asks for as many numbers in each step: from the third time on
    those of some steps are drawn together. They count as drawn when they are given.
    """

    __slots__ = ("_asked", "_at", "_key", "_stream", "_times", "_waiting")

    def __init__(self, seed: int, seed2: int) -> None:
        if seed == 0 and seed2 == 0:
            seed, seed2 = state.entropy(), state.entropy()
        self._key = seed & 0xFFFFFFFFFFFFFFFF
        self._stream = seed2 & 0xFFFFFFFFFFFFFFFF
        self._at = 0
        self._asked: tuple[str, Any, int] | None = None
        self._times = 0  # how often that was asked for
        self._waiting: list[tuple[Stretch, Array]] = []  # the next one last

    def next(self, distribution: str, kind: np.dtype[Any], numbers: int) -> Array:
        """The next numbers of a distribution, in one row."""
        asked = distribution, kind, numbers
        if asked != self._asked:
            self._draw_nothing_ahead()
            self._asked, self._times = asked, 0
        if not self._waiting:
            self._times += 1
            often = self._times > 2 and 0 < numbers <= _FEW
            draws = _TOGETHER // numbers if often else 1
            stretches = [self.reserve(numbers) for _ in range(min(draws, 64))]
            drawn = _DISTRIBUTIONS[distribution](stretches, kind)
            self._waiting = list(zip(stretches, drawn, strict=True))[::-1]
        return self._waiting.pop()[1]

    def _draw_nothing_ahead(self) -> None:
        if self._waiting:
            self._at = self._waiting[-1][0].first
            self._waiting = []

    def reserve(self, numbers: int, blocks: int | None = None) -> Stretch:
        """The next part of the stream, for so many numbers.

        TF 1.15: most operations leave out 256 blocks for each number; `blocks` is for
        the others.
        """
        self._draw_nothing_ahead()
        first = self._at
        self._at += numbers * BLOCKS_PER_NUMBER if blocks is None else blocks
        return Stretch(self._key, self._stream, first, numbers)

    def uniform_int(
        self, shape: Sequence[int], low: int, high: int, dtype: Any
    ) -> Array:
        """Integers in [low, high)."""
        numbers = math.prod(shape)
        kind = np.dtype(dtype)
        if kind == np.int32:
            words, _ = blocks([self.reserve(numbers)], 4)
            offsets = words.reshape(-1)[:numbers] % np.uint32((high - low) & _MASK)
            return (np.uint32(low & _MASK) + offsets).view(np.int32).reshape(shape)
        words, _ = blocks([self.reserve(numbers)], 2)
        pairs = words.astype(np.uint64)
        wide = pairs[:, 0::2] | pairs[:, 1::2] << np.uint64(32)
        span = np.uint64((high - low) & 0xFFFFFFFFFFFFFFFF)
        base = np.uint64(low & 0xFFFFFFFFFFFFFFFF)
        drawn = base + wide.reshape(-1)[:numbers] % span
        return drawn.view(np.int64).reshape(shape)

    def words(self, count: int) -> list[int]:
        """Single words, as a shuffle takes them."""
        drawn, _ = blocks([self.reserve(count, -(-count // 4))], 4)
        found: list[int] = drawn.reshape(-1).tolist()
        return found[:count]


class Draw:
    """What a random operation of floats does in one session.

    Attributes:
        ahead: numbers that were drawn together with those of other operations.
    """

    __slots__ = ("_generator", "ahead", "distribution", "kind")

    def __init__(self, generator: Generator, distribution: str, kind: Any) -> None:
        self._generator = generator
        self.distribution = distribution
        self.kind = np.dtype(kind)
        self.ahead: Array | None = None

    def reserve(self, numbers: int) -> Stretch:
        """The next part of its stream."""
        return self._generator.reserve(numbers)

    def __call__(self, shape: Sequence[int]) -> Array:
        """The next numbers, in a shape."""
        numbers, self.ahead = self.ahead, None
        if numbers is None:
            count = math.prod(shape)
            numbers = self._generator.next(self.distribution, self.kind, count)
        return numbers.reshape(shape)


def draw_ahead(draws: Sequence[tuple[Draw, int]]) -> None:
    """Draws the next numbers of many operations, each a few, all at once.

    Args:
        draws: each with how many numbers it will be asked for.
    """
    groups: dict[tuple[str, Any], list[tuple[Draw, int]]] = {}
    for draw, numbers in draws:
        groups.setdefault((draw.distribution, draw.kind), []).append((draw, numbers))
    for (distribution, kind), members in groups.items():
        stretches = [draw.reserve(numbers) for draw, numbers in members]
        drawn = _DISTRIBUTIONS[distribution](stretches, kind)
        for (draw, _), values in zip(members, drawn, strict=True):
            draw.ahead = values


def _parted(
    numbers: Array, stretches: Sequence[Stretch], counts: list[int], size: int
) -> list[Array]:
    """The numbers of each stretch; `size` of them came from each of its blocks."""
    parts, begin = [], 0
    for stretch, count in zip(stretches, counts, strict=True):
        parts.append(numbers[begin : begin + stretch.numbers])
        begin += count * size
    return parts


def uniform(stretches: Sequence[Stretch], kind: np.dtype[Any]) -> list[Array]:
    """Floats in [0, 1)."""
    size = 2 if kind == np.float64 else 4
    words, counts = blocks(stretches, size)
    return _parted(uniform_of(words, kind), stretches, counts, size)


def _normal(stretches: Sequence[Stretch], kind: np.dtype[Any]) -> list[Array]:
    """Floats of mean 0 and standard deviation 1."""
    size = 2 if kind == np.float64 else 4
    words, counts = blocks(stretches, size)
    pairs = normal_of(words) if kind == np.float64 else _normal32(words)
    return _parted(pairs.reshape(-1).astype(kind), stretches, counts, size)


def _truncated_normal(stretches: Sequence[Stretch], kind: np.dtype[Any]) -> list[Array]:
    """As `normal`, but numbers beyond 2 are drawn again."""
    wide = kind == np.float64
    size = 2 if wide else 4  # numbers that share a part of the stream
    counts = [-(-stretch.numbers // size) for stretch in stretches]
    keys, streams, firsts = (
        np.repeat(np.array(column, np.uint64), counts)
        for column in list(zip(*stretches, strict=True))[:3]
    )
    steps = np.concatenate([np.arange(count, dtype=np.uint64) for count in counts])
    starts = firsts + steps * np.uint64(size * 64)
    result = np.empty((len(starts), size), np.float64 if wide else np.float32)
    left = np.arange(len(starts))
    take = 3 if wide else 2  # blocks tried at once; four times as many next time
    while left.size:
        lows = (starts[left, None] + np.arange(take, dtype=np.uint64)).reshape(-1)
        words = many_blocks(
            np.repeat(keys[left], take), np.repeat(streams[left], take), lows
        )
        drawn = (normal_of(words) if wide else _normal32(words)).reshape(left.size, -1)
        good = np.abs(drawn) < 2
        order = np.argsort(~good, axis=1, kind="stable")[:, :size]
        result[left] = np.take_along_axis(drawn, order, 1)
        left = left[good.sum(1) < size]
        take *= 4
    return _parted(result.reshape(-1).astype(kind), stretches, counts, size)


_DISTRIBUTIONS = {
    "uniform": uniform,
    "normal": _normal,
    "truncated_normal": _truncated_normal,
}


def uniform_of(words: Array, kind: np.dtype[Any]) -> Array:
    """Floats in [0, 1) of the words of whole blocks, in one row."""
    if kind == np.float64:
        high, low = words[:, 0::2].astype(np.uint64), words[:, 1::2].astype(np.uint64)
        return _double(high, low).reshape(-1)
    flat = words.reshape(-1)
    if kind == np.float16:
        bits = (flat.astype(np.uint16) & np.uint16(0x3FF)) | np.uint16(15 << 10)
        return bits.view(np.float16) - np.float16(1)
    return _float(flat)


def _float(words: Array) -> Array:
    bits = (words & np.uint32(0x7FFFFF)) | np.uint32(127 << 23)
    return bits.view(np.float32) - np.float32(1)


def _double(high: Array, low: Array) -> Array:
    bits = (high & np.uint64(0xFFFFF)) << np.uint64(32) | low | np.uint64(1023 << 52)
    result: Array = bits.view(np.float64) - 1.0
    return result


def _normal32(words: Array) -> Array:
    """Pairs of normal numbers of pairs of words (Box and Muller's method)."""
    radius = np.maximum(_float(words[..., 0::2]), np.float32(1e-7))
    turn = 2 * np.pi * _float(words[..., 1::2]).astype(np.float64)
    sine, cosine = libm.sincosf(turn.astype(np.float32))
    length = np.sqrt(np.float32(-2) * libm.logf(radius))
    return np.stack([sine * length, cosine * length], -1)


def _exactly(function: Callable[[float], float], numbers: Array) -> Array:
    """The C library's function; NumPy's own differs in the last bit at times."""
    flat = [function(number) for number in numbers.reshape(-1).tolist()]
    return np.array(flat).reshape(numbers.shape)


def normal_of(words: Array) -> Array:
    """Pairs of normal numbers of groups of four words."""
    wide = words.astype(np.uint64)
    radius = np.maximum(_double(wide[..., 0], wide[..., 1]), 1e-7)
    turn = 2 * np.pi * _double(wide[..., 2], wide[..., 3])
    length = np.sqrt(-2.0 * _exactly(math.log, radius))
    return np.stack(
        [_exactly(math.sin, turn) * length, _exactly(math.cos, turn) * length], -1
    )


name_functions(globals(), given_seeds="get_seed")
