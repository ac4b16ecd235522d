"""The order in which TF 1.15 lists the names in a checkpoint.

`print(reader.get_variable_to_shape_map())` is in every tutorial. TF 1.15 fills an
``unordered_map`` of the C++ library in the order of the file; what comes out of it
depends on the hashes of the names only, and is the same on every Linux machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = (1 << 64) - 1
_SEED = 0xC70F6907
_MULTIPLIER = 0xC6A4A7935BD1E995
# How many buckets the map has, one size after the other: it moves to the next one
# before it is full. No checkpoint has more tensors than the last one.
_SIZES = (3, 7, 17, 37, 79, 167, 337, 709, 1493, 3209, 6427, 12983, 26267, 53201,
          107897, 218971, 444487, 902483, 1832561, 3721303)  # fmt: skip


def _mixed(word: int) -> int:
    return word ^ word >> 47


def name_hash(name: bytes) -> int:
    """The hash of a string: MurmurHash64A, as GCC's C++ library has it."""
    aligned = len(name) & ~7
    result = _SEED ^ len(name) * _MULTIPLIER & _WORD
    for start in range(0, aligned, 8):
        word = int.from_bytes(name[start : start + 8], "little") * _MULTIPLIER & _WORD
        result ^= _mixed(word) * _MULTIPLIER & _WORD
        result = result * _MULTIPLIER & _WORD
    if aligned < len(name):
        result ^= int.from_bytes(name[aligned:], "little")
        result = result * _MULTIPLIER & _WORD
    return _mixed(_mixed(result) * _MULTIPLIER & _WORD)


def in_hash_order(names: Iterable[str]) -> list[str]:
    """The names in the order of a hash map that they were put into in this order."""
    entries = [(name_hash(name.encode()), name) for name in names]
    listed: list[tuple[int, str]] = []
    done = 0
    for size in _SIZES:
        # Into new buckets it moves from its first entry to its last.
        listed = _filled([*listed, *entries[done : size - 1]], size)
        done = size - 1
        if done >= len(entries):
            break
    return [name for _, name in listed]


def _filled(entries: list[tuple[int, str]], size: int) -> list[tuple[int, str]]:
    """The entries as a map of a size lists them, put in one after the other.

    A new bucket comes before all others, a new entry before those of its bucket.
    """
    buckets: dict[int, list[tuple[int, str]]] = {}
    for entry in entries:
        buckets.setdefault(entry[0] % size, []).append(entry)
    return [
        entry for bucket in reversed(buckets.values()) for entry in reversed(bucket)
    ]
