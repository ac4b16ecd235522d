"""Which part of a tensor: ``"7 5 2,2:0,5"``, and the key such a part has.

A partitioned variable is saved in parts. A graph names a part in text, a
checkpoint's index names it in a key that sorts by name and position. Before
this: ``wire.py``; after: ``checkpoint.py`` and ``checkpoint_writer.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

from . import protos
from .wire import MalformedError

WHOLE = -1


@dataclass(frozen=True, slots=True)
class Slice:
    """A box inside a tensor.

    Attributes:
        starts: where it begins, per axis.
        lengths: how long it is, per axis; -1 (and start 0) is the whole axis.
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read TensorFlow's spelling: ``"2,2:-"`` is rows 2 and 3, all columns.

        Raises:
            ValueError: it is not such a spelling; TF 1.15's text.
        """
        axes = [axis for axis in text.split(":") if axis]
        pairs = [(0, WHOLE) if axis == "-" else _pair(axis, text) for axis in axes]
        return cls(tuple(start for start, _ in pairs), tuple(n for _, n in pairs))

    @classmethod
    def from_proto(cls, proto: Any) -> Self:
        """Read a ``TensorSliceProto``.

        Raises:
            MalformedError: a number in it is negative.
        """
        starts = tuple(extent.start for extent in proto.extent)
        lengths = tuple(
            extent.length if extent.HasField("length") else WHOLE
            for extent in proto.extent
        )
        if min(starts, default=0) < 0 or min(lengths, default=0) < WHOLE:
            raise MalformedError("a slice has a negative start or length")
        return cls(starts, lengths)

    def to_proto(self) -> Any:
        """The ``TensorSliceProto``; a whole axis is an empty extent."""
        proto = protos.TensorSliceProto()
        for start, length in zip(self.starts, self.lengths, strict=True):
            extent = proto.extent.add()
            if length != WHOLE:
                extent.start, extent.length = start, length
        return proto

    def within(self, shape: tuple[int, ...]) -> Self:
        """This slice of a tensor of ``shape``, with every length spelled out.

        Raises:
            MalformedError: it is not inside; TF 1.15's text.
        """
        where = f"shape = [{','.join(map(str, shape))}], slice = {self}"
        if len(shape) != len(self.starts):
            raise MalformedError(f"Mismatching ranks: {where}")
        lengths = []
        for axis, size in enumerate(shape):
            start, length = self.starts[axis], self.lengths[axis]
            lengths.append(size if length == WHOLE else length)
            if start + lengths[-1] > size:
                raise MalformedError(
                    f"Extent in dimension {axis} out of bounds: {where}"
                )
        return type(self)(self.starts, tuple(lengths))

    def covers(self, shape: tuple[int, ...]) -> bool:
        """Whether it is all of a tensor of ``shape``."""
        return self.within(shape).lengths == shape

    def overlap(self, other: Self) -> Self | None:
        """What both have in common, or None; only after ``within``."""
        starts = tuple(map(max, self.starts, other.starts))
        ends = [
            min(a + n, b + m)
            for a, n, b, m in zip(
                self.starts, self.lengths, other.starts, other.lengths, strict=True
            )
        ]
        lengths = tuple(end - start for start, end in zip(starts, ends, strict=True))
        return type(self)(starts, lengths) if min(lengths, default=1) > 0 else None

    def seen_from(self, other: Self) -> Self:
        """This slice as a slice of ``other``, which contains it."""
        starts = tuple(a - b for a, b in zip(self.starts, other.starts, strict=True))
        return type(self)(starts, self.lengths)

    def __str__(self) -> str:
        axes = zip(self.starts, self.lengths, strict=True)
        return ":".join("-" if n == WHOLE else f"{start},{n}" for start, n in axes)


def _pair(axis: str, text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(-?\d+),(-?\d+)", axis)
    if match is None:
        raise ValueError(
            f"Expected a pair of numbers or '-' but got '{axis}': string = {text}"
        )
    start, length = int(match[1]), int(match[2])
    if start < 0 or length < 1:
        raise ValueError(
            "Expected non-negative start and positive length but got "
            f"start = {start}, length = {length}: string = {text}"
        )
    return start, length


def parse_shape_and_slice(text: str) -> tuple[tuple[int, ...], Slice]:
    """Read what SaveV2 and RestoreV2 get: ``"7 5 2,2:0,5"``.

    Returns:
        (shape of the whole tensor, the part).

    Raises:
        ValueError: it is not such a spelling, or the part is not inside; TF
            1.15's text.
    """
    *sizes, last = text.split(" ")
    if not sizes:
        raise ValueError(
            f"Need least two elements in shape_and_slice specification: {text}"
        )
    part = Slice.parse(last)
    if not all(size.isdecimal() for size in sizes):
        raise ValueError(f"Non numerical dimension in shape_and_slice: {text}")
    shape = tuple(int(size) for size in sizes)
    part.within(shape)
    return shape, part


def slice_key(name: str, part: Slice) -> bytes:
    """The key of one part of a variable.

    TF 1.15: EncodeTensorNameSlice, in OrderedCode: a zero, the name with 0 and
    255 escaped and an end mark, the rank, then start and length of each axis.
    """
    escaped = b"\0\xff".join(
        piece.replace(b"\xff", b"\xff\0") for piece in name.encode().split(b"\0")
    )
    numbers = b"".join(
        _signed(start) + _signed(length)
        for start, length in zip(part.starts, part.lengths, strict=True)
    )
    return _unsigned(0) + escaped + b"\0\x01" + _unsigned(len(part.starts)) + numbers


def _unsigned(number: int) -> bytes:
    """How many bytes, then the bytes, highest first."""
    size = (number.bit_length() + 7) // 8
    return bytes((size,)) + number.to_bytes(size, "big")


def _signed(number: int) -> bytes:
    """The number, highest bits first, behind as many ones as it has bytes.

    All leading bits are flipped for negative numbers, so that bytes sort as
    numbers do.
    """
    size = (number if number >= 0 else ~number).bit_length() // 7 + 1
    bits = 8 * size
    ones = (1 << bits) - (1 << (bits - size))
    return ((number & (1 << bits) - 1) ^ ones).to_bytes(size, "big")
