"""`tf.keras.preprocessing.sequence`: lists of numbers made arrays, and pairs.

Before a model, in plain NumPy: its arrays go into `fit`. TF 1.15: `pad_sequences` pads
and cuts at the beginning unless it is told otherwise.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> Any:
    """Sequences of different lengths as one array.

    Args:
        sequences: a list of lists.
        maxlen: how long all are afterwards; None: as long as the longest.
        dtype: of the array.
        padding: "pre" or "post": where short ones are filled.
        truncating: "pre" or "post": where long ones are cut.
        value: what short ones are filled with.

    Raises:
        ValueError: they are no lists, their elements have different shapes, or an
            argument is not understood.
    """
    lengths = _lengths(sequences)
    first = next((one for one in sequences if len(one)), ())
    shape = np.asarray(first).shape[1:] if len(first) else ()
    takes_text = np.dtype(dtype).kind in "OU"
    if isinstance(value, str) and not takes_text:
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )
    longest = max(lengths) if maxlen is None else maxlen
    found = np.full((len(sequences), longest, *shape), value, dtype=dtype)
    for i, one in enumerate(sequences):
        if not len(one):
            continue
        if truncating not in ("pre", "post"):
            raise ValueError(f'Truncating type "{truncating}" not understood')
        kept = one[-longest:] if truncating == "pre" else one[:longest]
        part = np.asarray(kept, dtype=dtype)
        if part.shape[1:] != shape:
            raise ValueError(
                f"Shape of sample {part.shape[1:]} of sequence at position {i} is "
                f"different from expected shape {shape}"
            )
        if padding not in ("pre", "post"):
            raise ValueError(f'Padding type "{padding}" not understood')
        place = slice(-len(part), None) if padding == "pre" else slice(len(part))
        found[i, place] = part
    return found


def _lengths(sequences: Any) -> list[int]:
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for one in sequences:
        if not hasattr(one, "__len__"):
            raise ValueError(
                f"`sequences` must be a list of iterables. Found non-iterable: {one}"
            )
    return [len(one) for one in sequences]


def make_sampling_table(size: int, sampling_factor: float = 1e-05) -> Any:
    """How likely each word is kept for `skipgrams`, if words are sorted by frequency.

    Args:
        size: how many words there are.
        sampling_factor: as in word2vec.
    """
    rank = np.arange(size)
    rank[0] = 1
    rareness = rank * (np.log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank)
    found = sampling_factor * rareness
    return np.minimum(1.0, found / np.sqrt(found))


def skipgrams(
    sequence: Any,
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: Any = None,
) -> Any:
    """Pairs of words that stand near each other, and pairs by chance.

    Args:
        sequence: numbers of words; 0 is none.
        vocabulary_size: how many there are.
        window_size: how near counts.
        negative_samples: how many pairs by chance there are for each of the others.
        shuffle: whether they are in no order.
        categorical: whether labels are [0, 1] and [1, 0], and not 1 and 0.
        sampling_table: how likely each word is looked at; None: all are.
        seed: of the order.

    Returns:
        The pairs, and their labels.
    """
    near, chance = ([0, 1], [1, 0]) if categorical else (1, 0)
    pairs = []
    for i, word in enumerate(sequence):
        if not word:
            continue
        if sampling_table is not None and sampling_table[word] < random.random():
            continue
        first, last = max(0, i - window_size), min(len(sequence), i + window_size + 1)
        pairs += [
            [word, sequence[j]] for j in range(first, last) if j != i and sequence[j]
        ]
    labels: list[Any] = [near] * len(pairs)
    if negative_samples > 0:
        count = int(len(labels) * negative_samples)
        words = [pair[0] for pair in pairs]
        random.shuffle(words)
        pairs += [
            [words[i % len(words)], random.randint(1, vocabulary_size - 1)]
            for i in range(count)
        ]
        labels += [chance] * count
    if shuffle:
        seed = random.randint(0, int(10e6)) if seed is None else seed
        for one in (pairs, labels):
            random.seed(seed)
            random.shuffle(one)
    return pairs, labels
