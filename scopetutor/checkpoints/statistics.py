"""One tensor's values in figures, and how the values of two checkpoints differ.

Reads values, so it loads NumPy. ``contents.py`` comes before, the drawings after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from scopetutor.formats.arrays import Array
from scopetutor.formats.checkpoint import Checkpoint
from scopetutor.formats.open_checkpoint import open_checkpoint

from .compare import ValueChange
from .contents import Entry

BINS = 24


class Statistics(msgspec.Struct, frozen=True):
    """A tensor with its values in figures; what ``ckpt show --json`` prints.

    Attributes:
        entry: the tensor.
        low, high, mean, deviation: of the finite values; None if there are none, or
            they are no numbers.
        zeros, nans, infinities: how many of each.
        bins: how many finite values lie in each of equal steps from low to high.
        text: the values, shortened as NumPy does.
    """

    entry: Entry
    low: float | None
    high: float | None
    mean: float | None
    deviation: float | None
    zeros: int
    nans: int
    infinities: int
    bins: tuple[int, ...]
    text: str


def measure(checkpoint: Checkpoint, entry: Entry, *, full: bool = False) -> Statistics:
    """Read one tensor and describe its values.

    Args:
        checkpoint: that has it.
        entry: which.
        full: whether the text has every value.

    Raises:
        FileFormatError: it cannot be read.
    """
    values = checkpoint.read(entry.name)
    text = _text(values, full=full)
    numbers = as_numbers(values)
    if numbers is None:
        return Statistics(entry, None, None, None, None, 0, 0, 0, (), text)
    finite = numbers[np.isfinite(numbers)]
    nans = int(np.isnan(numbers).sum())
    infinities = numbers.size - finite.size - nans
    zeros = int((numbers == 0).sum())
    if not finite.size:
        return Statistics(
            entry, None, None, None, None, zeros, nans, infinities, (), text
        )
    low, high = float(finite.min()), float(finite.max())
    bins = np.histogram(finite, BINS, (low, high))[0] if low < high else ()
    return Statistics(
        entry=entry,
        low=low,
        high=high,
        mean=float(finite.mean()),
        deviation=float(finite.std()),
        zeros=zeros,
        nans=nans,
        infinities=infinities,
        bins=tuple(int(count) for count in bins),
        text=text,
    )


def value_changes(
    held: str, wanted: str, names: tuple[str, ...]
) -> Iterator[ValueChange]:
    """The tensors of two checkpoints whose values differ.

    Raises:
        FileFormatError: a tensor cannot be read.
    """
    one, other = open_checkpoint(held), open_checkpoint(wanted)
    for name in names:
        change = _change(name, one.read(name), other.read(name))
        if change.differing:
            yield change


def _change(name: str, a: Array, b: Array) -> ValueChange:
    left, right = as_numbers(a), as_numbers(b)
    if left is None or right is None:
        return ValueChange(name, int(np.sum(a != b)), a.size, None)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    differing = int(left.size - same.sum())
    # Infinity less infinity is a number nobody asks for.
    with np.errstate(invalid="ignore"):
        gaps = np.abs(left - right)[~same]
    finite = gaps[np.isfinite(gaps)]
    return ValueChange(
        name, differing, a.size, float(finite.max()) if finite.size else None
    )


def as_numbers(values: Array) -> Any:
    """The values as float64, flat; of complex ones the sizes; None for strings."""
    if values.dtype == object:
        return None
    if values.dtype.names:
        (kind,) = values.dtype.names
        bits = values[kind]
        if kind == "bfloat16":
            bits = (bits.astype(np.uint32) << 16).view(np.float32)
        values = bits
    if values.dtype.kind == "c":
        values = np.abs(values)
    return values.reshape(-1).astype(np.float64)


def _text(values: Array, *, full: bool) -> str:
    if values.dtype.names and values.dtype.names[0] == "bfloat16":
        values = as_numbers(values).astype(np.float32).reshape(values.shape)
    limit = values.size + 1 if full else 60
    return str(np.array2string(values, threshold=limit, edgeitems=3, max_line_width=76))
