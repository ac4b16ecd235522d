"""Unpacking Snappy, the compression some writers use for blocks of a table.

TensorFlow 1.15 reads such blocks and never writes them; so do we.
``sstable.py`` comes next.
"""

from __future__ import annotations

from .wire import MalformedError, get_varint

# three bytes can stand for 64, never more; a block is a quarter of a megabyte
_BEST_RATIO = 22
_LARGEST = 1 << 22


def decompress(data: bytes) -> bytes:
    """The bytes that ``data`` stands for.

    Raises:
        MalformedError, IndexError: it is not Snappy's format.
    """
    size, position = get_varint(data, 0)
    if size > min(len(data) * _BEST_RATIO, _LARGEST):
        raise MalformedError(f"{len(data)} bytes cannot unpack to {size}")
    output = bytearray()
    while position < len(data):
        tag = data[position]
        position += 1
        if tag & 3:
            length, distance, position = _copy(data, position, tag)
            _repeat(output, length, distance)
        else:
            length, position = _literal(data, position, tag)
            output += data[position : position + length]
            position += length
        if len(output) > size:
            break
    if len(output) != size or position != len(data):
        raise MalformedError(f"compressed data does not unpack to {size} bytes")
    return bytes(output)


def _literal(data: bytes, position: int, tag: int) -> tuple[int, int]:
    """(how many bytes follow as they are, where they begin)."""
    length = tag >> 2
    if length < 60:
        return length + 1, position
    width = length - 59
    return int.from_bytes(data[position : position + width], "little") + 1, (
        position + width
    )


def _copy(data: bytes, position: int, tag: int) -> tuple[int, int, int]:
    """(how many bytes to copy, from how far back, where the next tag is)."""
    if tag & 3 == 1:
        return (tag >> 2 & 7) + 4, tag >> 5 << 8 | data[position], position + 1
    width = 2 if tag & 3 == 2 else 4
    distance = int.from_bytes(data[position : position + width], "little")
    return (tag >> 2) + 1, distance, position + width


def _repeat(output: bytearray, length: int, distance: int) -> None:
    """Append ``length`` bytes from ``distance`` back; they may overlap."""
    start = len(output) - distance
    if distance < 1 or start < 0:
        raise MalformedError("compressed data refers to what is not there")
    piece = output[start : start + length]
    while len(piece) < length:
        piece += piece[: length - len(piece)]
    output += piece
