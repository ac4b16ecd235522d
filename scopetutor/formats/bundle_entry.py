"""What an index says of one tensor: type, shape, where its bytes lie, their checksum.

A ``BundleEntryProto``, written and read by hand: an index may have a hundred thousand
of them, and this is ten times as fast as going by the schema. Whatever is not plain
goes by the schema all the same, so both ways give the same answers and the same errors.

``protos.py`` comes before, ``checkpoint_v2.py`` and ``checkpoint_writer.py`` after.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

from . import protos
from .checkpoint import shape_of
from .slices import Slice
from .wire import MalformedError, get_varint, put_varint

# the tags of the fields: number * 8 + wire type
_DTYPE, _SHAPE, _SHARD, _OFFSET, _SIZE, _CRC = 0x08, 0x12, 0x18, 0x20, 0x28, 0x35
# in a shape: a dimension; in a dimension: its size
_DIM, _DIM_SIZE = 0x12, 0x08
_NUMBERS = {_DTYPE: 31, _SHARD: 31, _OFFSET: 63, _SIZE: 63}
"""Fields with a number, and how many bits it has if it is not negative."""


class BundleEntry(NamedTuple):
    """One entry of an index.

    Attributes:
        dtype: number of the data type.
        shape: sizes; of a partitioned variable those of the whole.
        shard: in which data file its bytes are.
        offset: where they begin in it.
        size: how many there are.
        crc32c: their checksum, masked.
        slices: of a partitioned variable its parts; it has no bytes of its own then.
    """

    dtype: int
    shape: tuple[int, ...]
    shard: int = 0
    offset: int = 0
    size: int = 0
    crc32c: int = 0
    slices: tuple[Slice, ...] = ()

    def encode(self) -> bytes:
        """The bytes of the message, as TensorFlow writes it."""
        dims = b"".join(map(_dim, self.shape))
        made = b"\x12" + put_varint(len(dims)) + dims
        if self.dtype:
            made = b"\x08" + put_varint(self.dtype) + made
        if self.shard:
            made += b"\x18" + put_varint(self.shard)
        if self.offset:
            made += b"\x20" + put_varint(self.offset)
        if self.size:
            made += b"\x28" + put_varint(self.size)
        if self.crc32c:
            made += struct.pack("<BI", _CRC, self.crc32c)
        if self.slices:
            proto: Any = protos.BundleEntryProto()
            proto.slices.extend(part.to_proto() for part in self.slices)
            made += proto.encode()
        return made


def _dim(size: int) -> bytes:
    if not size:
        return b"\x12\x00"
    number = put_varint(size)
    return bytes((_DIM, len(number) + 1, _DIM_SIZE)) + number


def decode(data: bytes, path: str) -> BundleEntry:
    """Read an entry.

    Raises:
        FileFormatError: the bytes are no such message.
        MalformedError: a number in it is negative.
    """
    try:
        return _plain(data) or _by_schema(data, path)
    except (IndexError, struct.error, MalformedError):
        return _by_schema(data, path)


def _plain(data: bytes) -> BundleEntry | None:
    """An entry of which every field is as usual; None if one is not."""
    numbers = dict.fromkeys(_NUMBERS, 0)
    shape: tuple[int, ...] | None = None
    checksum, position, end = 0, 0, len(data)
    while position < end:
        tag = data[position]
        position += 1
        if tag in _NUMBERS:
            number, position = get_varint(data, position)
            if number >> _NUMBERS[tag]:
                return None
            numbers[tag] = number
        elif tag == _CRC:
            (checksum,) = struct.unpack_from("<I", data, position)
            position += 4
        elif tag == _SHAPE and shape is None:
            length, position = get_varint(data, position)
            shape = _sizes(data, position, position + length)
            if shape is None:
                return None
            position += length
        else:
            return None
    return BundleEntry(
        numbers[_DTYPE],
        shape or (),
        numbers[_SHARD],
        numbers[_OFFSET],
        numbers[_SIZE],
        checksum,
    )


def _sizes(data: bytes, position: int, end: int) -> tuple[int, ...] | None:
    """The sizes in a shape; None if there is more in it than sizes."""
    sizes = []
    while position < end:
        length = data[position + 1]
        if data[position] != _DIM or length > 127:
            return None
        position += 2
        size = 0
        if length:
            if data[position] != _DIM_SIZE:
                return None
            size, behind = get_varint(data, position + 1)
            if behind != position + length or size >> 63:
                return None
        sizes.append(size)
        position += length
    return tuple(sizes) if position == end <= len(data) else None


def _by_schema(data: bytes, path: str) -> BundleEntry:
    entry: Any = protos.BundleEntryProto.decode(data, path=path)
    return BundleEntry(
        entry.dtype,
        shape_of(entry.shape),
        entry.shard_id,
        entry.offset,
        entry.size,
        entry.crc32c,
        tuple(Slice.from_proto(proto) for proto in entry.slices),
    )
