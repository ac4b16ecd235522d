"""Candidate sampling: losses over many classes, computed from a few of them.

After embedding and softmax. Samplers draw the numbers that TF 1.15 draws.
"""

from __future__ import annotations

import math as scalar_math
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, random
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, joining, math, reshaping, rules, slicing
from .embedding import embedding_lookup
from .random import generator_of
from .softmax import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]

# -- drawing -----------------------------------------------------------------------


class _Ahead:
    """The words a sampler begins with, in this run and in the next ones.

    Computing them takes as long for some runs as for one. Where the next run begins
    is known: each sets the same number of blocks aside.
    """

    def __init__(self) -> None:
        self._words: dict[int, Array] = {}  # by the block where a run begins
        self._next = -1  # where the run after the last one begins

    def at(self, stretch: random.Stretch) -> Array:
        """The words at the beginning of a run's stretch."""
        apart = stretch.numbers * random.BLOCKS_PER_NUMBER
        if stretch.first not in self._words:
            runs = _RUNS if stretch.first == self._next else 1
            firsts = range(stretch.first, stretch.first + runs * apart, apart)
            parts = [stretch._replace(first=at, numbers=4 * _BLOCKS) for at in firsts]
            drawn, _ = random.blocks(parts, 4)
            self._words = dict(zip(firsts, drawn.reshape(runs, -1), strict=True))
        self._next = stretch.first + apart
        return self._words.pop(stretch.first)


class _Words:
    """Random words one after the other, as TF 1.15's samplers take them.

    Args:
        stretch: where they are.
        first: those at its beginning.
    """

    def __init__(self, stretch: random.Stretch, first: Array) -> None:
        self._stretch = stretch
        self._first = first

    def _parts(self) -> Iterator[Array]:
        """All words, an even number of them at once."""
        yield self._first
        done = self._stretch.first
        while True:
            done += _BLOCKS
            part = self._stretch._replace(first=done, numbers=4 * _BLOCKS)
            yield random.blocks([part], 4)[0].reshape(-1)

    def reals(self) -> Iterator[float]:
        """Numbers in [0, 1), of 52 bits."""
        for part in self._parts():
            pairs = part.reshape(-1, 2).astype(np.uint64)
            wide = (pairs[:, 0] & np.uint64(0xFFFFF)) << np.uint64(32) | pairs[:, 1]
            yield from (wide * 2.0**-52).tolist()

    def singles(self) -> Iterator[int]:
        """The words themselves, of 32 bits."""
        for part in self._parts():
            yield from part.tolist()

    def below(self, limit: int) -> Iterator[int]:
        """Numbers in [0, limit), each as likely as another."""
        even = limit & (limit - 1) == 0
        rest = 0 if even else ((1 << 64) - 1) % limit + 1
        for part in self._parts():
            for low, high in part.reshape(-1, 2).tolist():
                number = low | high << 32
                if number >= rest:
                    yield number % limit


_BLOCKS = 64  # that are computed at once
_RUNS = 8  # whose first blocks are computed at once
_PER_CLASS = 2  # numbers that are set aside for each sampled class


class _LogUniform:
    """Classes by Zipf's law: class k as often as log((k + 2) / (k + 1))."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        self.count = attrs["range_max"]
        self._log = scalar_math.log1p(self.count)

    def draws(self, words: _Words) -> Iterator[int]:
        """Classes, one after the other."""
        exp, log, count = scalar_math.exp, self._log, int(self.count)
        return ((int(exp(real * log)) - 1) % count for real in words.reals())

    def probability(self, values: Array) -> Any:
        """How likely classes are."""
        return np.log((values + 2.0) / (values + 1.0)) / self._log


class _Uniform:
    """All classes alike."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        self.count = attrs["range_max"]

    def draws(self, words: _Words) -> Iterator[int]:
        """Classes, one after the other."""
        return words.below(self.count)

    def probability(self, values: Array) -> Any:
        """How likely classes are."""
        return np.full(values.shape, 1.0 / self.count)


class _Weighted:
    """Classes by their counts, as a distribution that learns or is fixed."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        reserved = attrs.get("num_reserved_ids", 0)
        weights = [float(x) for x in attrs.get("unigrams", ())]
        if attrs.get("vocab_file"):
            weights = _weights_in(attrs["vocab_file"])
        power = attrs.get("distortion", 1.0)
        self.weights = [0.0] * reserved + [weight**power for weight in weights]
        self.count = len(self.weights)
        if attrs.get("range_max", self.count) != self.count:
            raise InvalidArgumentError(
                None,
                None,
                f"range_max is {attrs['range_max']} but there are {self.count} counts",
            )
        self._total = sum(self.weights)
        self._shares, self._others = _pairs(self.weights, self._total)

    def draws(self, words: _Words) -> Iterator[int]:
        """Classes, one after the other: one of two that share a place."""
        singles = words.singles()
        for word in singles:
            real, place = (word & 0x7FFFFF) * 2.0**-23, next(singles) % self.count
            yield place if real < self._shares[place] else self._others[place]

    def probability(self, values: Array) -> Any:
        """How likely classes are."""
        return np.array(self.weights)[values] / self._total


def _pairs(weights: list[float], total: float) -> tuple[list[float], list[int]]:
    """Places of the same size that hold one class or two: Walker's alias method.

    TF 1.15's order of pairing, which decides what is drawn.

    Returns:
        For each place, its own class' share of it, and the other class.
    """
    count = len(weights)
    shares = [weight * count / total for weight in weights]
    others = list(range(count))
    low = [place for place, share in enumerate(shares) if share < 1.0]
    high = [place for place, share in enumerate(shares) if share >= 1.0]
    while low and high:
        small, large = low.pop(), high.pop()
        others[small] = large
        shares[large] -= 1.0 - shares[small]
        (low if shares[large] < 1.0 else high).append(large)
    for place in low + high:  # all but 1 by rounding
        shares[place] = 1.0
    return [float(np.float32(share)) for share in shares], others


def _weights_in(path: str) -> list[float]:
    """The last comma-separated field of each line."""
    with open(path, encoding="utf-8") as file:
        return [float(line.rsplit(",", 1)[-1]) for line in file if line.strip()]


class _Learned:
    """Classes as often as they were true ones so far."""

    def __init__(self, attrs: dict[str, Any]) -> None:
        self.count = attrs["range_max"]
        self._weights = np.ones(self.count)

    def draws(self, words: _Words) -> Iterator[int]:
        """Classes, one after the other."""
        sums = np.cumsum(self._weights)
        aims = (word % int(sums[-1]) for word in words.singles())
        return (int(np.searchsorted(sums, aim, "right")) for aim in aims)

    def probability(self, values: Array) -> Any:
        """How likely classes are."""
        return self._weights[values] / self._weights.sum()

    def learn(self, values: Any) -> None:
        """Takes notice of true classes."""
        np.add.at(self._weights, values, 1)


def _expected(probability: Array, count: int, tries: int, *, unique: bool) -> Any:
    """How often classes are expected among the sampled ones."""
    if not unique or tries == count:
        return probability * count
    return -np.expm1(tries * np.log1p(-probability))


def _first_of(
    draws: Iterator[int], count: int, *, unique: bool
) -> tuple[list[int], int]:
    """The first classes drawn, each once if `unique`, and how many tries it took."""
    if not unique:
        return list(islice(draws, count)), count
    drawn: dict[int, None] = {}  # in order
    tries = 0
    while len(drawn) < count:
        drawn[next(draws)] = None
        tries += 1
    return list(drawn), tries


def _sampling(make: Callable[[dict[str, Any]], Any]) -> Any:
    def bind(op: Operation, state: State) -> Callable[[Array], Any]:
        generator = generator_of(op, state)
        attrs = op._attrs
        sampler = state.resources.setdefault((op._name, "sampler"), make(attrs))
        count, unique = attrs["num_sampled"], attrs["unique"]
        ahead = _Ahead()

        def kernel(true_classes: Array) -> Any:
            if unique and count > sampler.count:
                raise InvalidArgumentError(None, op, "Sampler's range is too small.")
            stretch = generator.reserve(_PER_CLASS * count)
            words = _Words(stretch, ahead.at(stretch))
            drawn, tries = _first_of(sampler.draws(words), count, unique=unique)
            sampled = np.array(drawn, np.int64)
            classes = np.append(true_classes, sampled)
            likely = sampler.probability(classes)
            often = _expected(likely, count, tries, unique=unique).astype(np.float32)
            true = true_classes.size
            if hasattr(sampler, "learn"):
                sampler.learn(true_classes.reshape(-1))
            return sampled, often[:true].reshape(true_classes.shape), often[true:]

        return kernel

    return bind


def _sampler_shape(op: Operation) -> list[Dims]:
    true = rules.with_rank(op._inputs[0]._dims, 2)
    count = op._attrs["num_sampled"]
    return [(count,), (true[0], op._attrs["num_true"]), (count,)]


for _type, _make in (
    ("LogUniformCandidateSampler", _LogUniform),
    ("UniformCandidateSampler", _Uniform),
    ("LearnedUnigramCandidateSampler", _Learned),
    ("FixedUnigramCandidateSampler", _Weighted),
):
    define(_type, shape=_sampler_shape, bind=_sampling(_make))


def _all_kernel(op: Operation) -> Callable[[Array], Any]:
    count = op._attrs["num_sampled"]

    def kernel(true_classes: Array) -> Any:
        ones = np.ones(count, np.float32)
        return np.arange(count), np.ones(true_classes.shape, np.float32), ones

    return kernel


define("AllCandidateSampler", shape=_sampler_shape, build=_all_kernel)


def _hits_kernel(true_classes: Array, sampled: Array) -> Any:
    places: dict[int, list[int]] = {}
    for i, value in enumerate(sampled.tolist()):
        places.setdefault(value, []).append(i)
    rows, ids = [], []
    for row, values in enumerate(true_classes.tolist()):
        for value in values:
            for place in places.get(value, ())[-1:]:
                rows.append(row)
                ids.append(place)
    lowest = np.full(len(rows), -np.finfo(np.float32).max, np.float32)
    return np.array(rows, np.int32), np.array(ids, np.int64), lowest


define(
    "ComputeAccidentalHits",
    shape=lambda op: [(None,), (None,), (None,)],
    kernel=_hits_kernel,
)


# -- the samplers of tf --------------------------------------------------------------


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes drawn alike: the classes, and how often each was to be expected."""
    return _sampled(
        "Uniform", true_classes, num_true, num_sampled, unique, seed, name,
        range_max=range_max,
    )  # fmt: skip


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes drawn by Zipf's law: for words sorted by how frequent they are."""
    return _sampled(
        "LogUniform", true_classes, num_true, num_sampled, unique, seed, name,
        range_max=range_max,
    )  # fmt: skip


def learned_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes drawn as often as they were true ones so far."""
    return _sampled(
        "LearnedUnigram", true_classes, num_true, num_sampled, unique, seed, name,
        range_max=range_max,
    )  # fmt: skip


def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Any = (),
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Classes drawn by given counts."""
    return _sampled(
        "FixedUnigram", true_classes, num_true, num_sampled, unique, seed, name,
        range_max=range_max, vocab_file=vocab_file, distortion=distortion,
        num_reserved_ids=num_reserved_ids, num_shards=num_shards, shard=shard,
        unigrams=unigrams,
    )  # fmt: skip


def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """All classes: for testing."""
    return _sampled("All", true_classes, num_true, num_sampled, unique, seed, name)


def _sampled(
    kind: str,
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None,
    name: str | None,
    **attrs: Any,
) -> Any:
    seed1, seed2 = random.get_seed(seed)
    return apply(
        f"{kind}CandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        seed=seed1,
        seed2=seed2,
        name=name,
        **attrs,
    )


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Where sampled classes are true ones: rows, places, and a very low number."""
    seed1, seed2 = random.get_seed(seed)
    return apply(
        "ComputeAccidentalHits",
        true_classes,
        sampled_candidates,
        num_true=num_true,
        seed=seed1,
        seed2=seed2,
        name=name,
    )


# -- losses ------------------------------------------------------------------------


def _sum_rows(x: Any) -> Any:
    columns = array.shape(x)[1]
    ones = array.ones(joining.stack([columns, 1]), x.dtype)
    return reshaping.reshape(math.matmul(x, ones), [-1])


def _sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str | None,
    seed: int | None = None,
) -> tuple[Any, Any]:
    """The logits of the true and the sampled classes, and their labels."""
    if isinstance(weights, PartitionedVariable):
        weights = list(weights)
    weights = weights if isinstance(weights, list) else [weights]
    with name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels]):
        if labels.dtype != dtypes.int64:
            labels = math.cast(labels, dtypes.int64)
        flat = reshaping.reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                true_classes=labels,
                num_true=num_true,
                num_sampled=num_sampled,
                unique=True,
                range_max=num_classes,
                seed=seed,
            )
        sampled, true_count, sampled_count = [
            array.stop_gradient(value) for value in sampled_values
        ]
        sampled = math.cast(sampled, dtypes.int64)
        ids = joining.concat([flat, sampled], 0)
        rows = _looked_up(weights, ids, partition_strategy, inputs.dtype)
        true_w, sampled_w = _split_rows(rows, flat)
        sampled_logits = math.matmul(inputs, sampled_w, transpose_b=True)
        offsets = _looked_up(biases, ids, partition_strategy, inputs.dtype)
        true_b = slicing.slice(offsets, [0], array.shape(flat))
        sampled_b = slicing.slice(offsets, array.shape(flat), [-1])
        true_logits = _true_logits(inputs, true_w, num_true)
        true_logits = true_logits + reshaping.reshape(true_b, [-1, num_true])
        sampled_logits = sampled_logits + sampled_b
        if remove_accidental_hits:
            sampled_logits = sampled_logits + _hits(
                labels, sampled, num_true, num_sampled, sampled_logits.dtype
            )
        true_logits = true_logits - math.log(true_count)
        sampled_logits = sampled_logits - math.log(sampled_count)
        logits = joining.concat([true_logits, sampled_logits], 1)
        ones = array.ones_like(true_logits) / num_true
        zeros = array.zeros_like(sampled_logits)
        return logits, joining.concat([ones, zeros], 1)


def _looked_up(params: Any, ids: Any, strategy: str, dtype: Any) -> Any:
    found = embedding_lookup(params, ids, partition_strategy=strategy)
    return math.cast(found, dtype) if found.dtype != dtype else found


def _split_rows(rows: Any, flat: Any) -> tuple[Any, Any]:
    """The rows of the true classes, and those of the sampled ones."""
    size = joining.stack([array.shape(flat)[0], -1])
    true_w = slicing.slice(rows, [0, 0], size)
    start = joining.stack([array.shape(flat)[0], 0])
    return true_w, slicing.slice(rows, start, [-1, -1])


def _true_logits(inputs: Any, true_w: Any, num_true: int) -> Any:
    width = array.shape(true_w)[1:2]
    sizes = joining.concat([[-1, num_true], width], 0)
    dots = math.multiply(
        reshaping.expand_dims(inputs, 1), reshaping.reshape(true_w, sizes)
    )
    matrix = reshaping.reshape(dots, joining.concat([[-1], width], 0))
    return reshaping.reshape(_sum_rows(matrix), [-1, num_true])


def _hits(labels: Any, sampled: Any, num_true: int, count: int, dtype: Any) -> Any:
    """Very low logits where a sampled class is a true one."""
    rows, ids, low = compute_accidental_hits(labels, sampled, num_true=num_true)
    rows = reshaping.reshape(rows, [-1, 1])
    ids = reshaping.reshape(math.cast(ids, dtypes.int32), [-1, 1])
    places = joining.concat([rows, ids], 1, "sparse_indices")
    sizes = joining.concat(
        [array.shape(labels)[:1], reshaping.expand_dims(count, 0)], 0
    )
    if low.dtype != dtype:
        low = math.cast(low, dtype)
    return apply("SparseToDense", places, sizes, low, 0.0, validate_indices=False)


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Any:
    """The loss of telling the true classes from some sampled ones.

    Args:
        weights: [classes, width], or parts of it.
        biases: [classes].
        labels: the true classes [batch, num_true].
        inputs: [batch, width].
        num_sampled: how many classes are sampled, for the whole batch.
        num_classes: how many there are.
        num_true: how many are true for each row.
        sampled_values: what a sampler gave; by Zipf's law, if None.
        remove_accidental_hits: whether sampled classes that are true do not count.
        partition_strategy: as in embedding_lookup.
        name: of the name scope.

    Returns:
        One loss per row.
    """
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true,
        sampled_values, remove_accidental_hits, partition_strategy, name,
    )  # fmt: skip
    losses = sigmoid_cross_entropy_with_logits(
        labels=targets, logits=logits, name="sampled_losses"
    )
    return _sum_rows(losses)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Any:
    """The softmax loss over the true and some sampled classes; see nce_loss."""
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true,
        sampled_values, remove_accidental_hits, partition_strategy, name, seed,
    )  # fmt: skip
    targets = array.stop_gradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)
