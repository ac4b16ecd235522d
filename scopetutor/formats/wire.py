"""The bytes of protocol buffers: varints, tags, and one line per scalar kind.

Everything a message is made of below the level of names. ``fields.py`` comes
next: it gives numbers their names.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from typing import Any

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


class MalformedError(ValueError):
    """These bytes, or this text, break the format's rules.

    Only ever raised towards the function that knows the file's path and makes
    a ``FileFormatError`` of it.
    """


class ChecksumError(MalformedError):
    """Bytes do not have the checksum that is stored for them.

    Attributes:
        stored, calculated: the two checksums, not masked.
    """

    def __init__(self, problem: str, stored: int, calculated: int) -> None:
        super().__init__(problem)
        self.stored = stored
        self.calculated = calculated


def put_varint(number: int) -> bytes:
    """``number`` in base 128, lowest digits first; negative as two's complement."""
    if 0 <= number < 128:
        return bytes((number,))
    number &= 0xFFFFFFFFFFFFFFFF
    digits = bytearray()
    while number > 127:
        digits.append(number & 127 | 128)
        number >>= 7
    digits.append(number)
    return bytes(digits)


def get_varint(data: bytes, position: int) -> tuple[int, int]:
    """The unsigned number at ``position``, and the position behind it.

    Raises:
        IndexError: the data ends within the number.
        MalformedError: the number is longer than 64 bits can be.
    """
    byte = data[position]
    if byte < 128:
        return byte, position + 1
    number, shift = byte & 127, 7
    while shift < 70:
        position += 1
        byte = data[position]
        number |= (byte & 127) << shift
        if byte < 128:
            return number & 0xFFFFFFFFFFFFFFFF, position + 1
        shift += 7
    raise MalformedError("a number has more than ten bytes")


def skip(data: bytes, position: int, wire_type: int) -> int:
    """The position behind a value of ``wire_type`` that nobody wants to read."""
    if wire_type == VARINT:
        return get_varint(data, position)[1]
    if wire_type == LENGTH:
        size, position = get_varint(data, position)
        return position + size
    if wire_type == FIXED64:
        return position + 8
    if wire_type == FIXED32:
        return position + 4
    raise MalformedError(f"{wire_type} is not a wire type")


def get_bytes(data: bytes, position: int) -> tuple[bytes, int]:
    """The length-delimited bytes at ``position``, and the position behind them."""
    size, start = get_varint(data, position)
    end = start + size
    if end > len(data):
        raise MalformedError(f"{size} bytes are announced, fewer are left")
    return data[start:end], end


@dataclass(frozen=True, slots=True)
class Kind:
    """One scalar kind of protocol buffers.

    Attributes:
        wire_type: how a single value travels.
        default: the value of a field that is not there.
        pack: value -> bytes, without the tag.
        unpack: (data, position) -> (value, position behind it).
        check: turns what a program assigns into the value that is kept, or
            raises TypeError or ValueError as Google's library does.
        packed: the struct letter when many values are plain memory.
    """

    wire_type: int
    default: Any
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes, int], tuple[Any, int]]
    check: Callable[[Any], Any]
    packed: str = ""


def _wrong_type(value: object, expected: str) -> TypeError:
    name = type(value).__name__
    return TypeError(f"{value!r} has type {name}, but expected one of: {expected}")


def _integer(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        try:
            number = index(value)
        except TypeError:
            raise _wrong_type(value, "int") from None
        if not low <= number <= high:
            raise ValueError(f"Value out of range: {number}")
        return number

    return check


def _boolean(value: Any) -> bool:
    try:
        # NumPy's own bool is no integer
        is_bool = type(value).__name__ in ("bool", "bool_")
        return bool(value if is_bool else index(value))
    except TypeError:
        raise _wrong_type(value, "int, bool") from None


def _real(value: Any) -> float:
    if not hasattr(value, "__float__"):
        raise _wrong_type(value, "int, float")
    return float(value)


def _single_precision(value: Any) -> float:
    number = _real(value)
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ValueError(
                f"{value!r} has type str, but isn't valid UTF-8 encoding. "
                "Non-UTF-8 strings must be converted to unicode objects before "
                "being added."
            ) from None
    if not isinstance(value, str):
        raise _wrong_type(value, "bytes, unicode")
    return str(value)


def _raw(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise _wrong_type(value, "bytes")
    return bytes(value)


def _get_signed(bits: int) -> Callable[[bytes, int], tuple[int, int]]:
    limit, mask = 1 << (bits - 1), (1 << bits) - 1

    def unpack(data: bytes, position: int) -> tuple[int, int]:
        number, position = get_varint(data, position)
        if number < limit:
            return number, position
        number &= mask
        return (number - mask - 1 if number >= limit else number), position

    return unpack


def _get_uint32(data: bytes, position: int) -> tuple[int, int]:
    number, position = get_varint(data, position)
    return number & 0xFFFFFFFF, position


def _get_zigzag(data: bytes, position: int) -> tuple[int, int]:
    number, position = get_varint(data, position)
    return number >> 1 ^ -(number & 1), position


def _put_zigzag(number: int) -> bytes:
    return put_varint(number << 1 ^ number >> 63)


def _get_bool(data: bytes, position: int) -> tuple[bool, int]:
    number, position = get_varint(data, position)
    return number != 0, position


def _get_text(data: bytes, position: int) -> tuple[str, int]:
    raw, position = get_bytes(data, position)
    return raw.decode(), position


def _put_text(value: str) -> bytes:
    return _put_bytes(value.encode())


def _put_bytes(value: bytes) -> bytes:
    return put_varint(len(value)) + value


def _fixed(letter: str, wire_type: int, check: Callable[[Any], Any]) -> Kind:
    layout = struct.Struct("<" + letter)

    def unpack(data: bytes, position: int) -> tuple[Any, int]:
        return layout.unpack_from(data, position)[0], position + layout.size

    default = 0.0 if letter in "fd" else 0
    return Kind(wire_type, default, layout.pack, unpack, check, letter)


_INT32 = _integer(-(1 << 31), (1 << 31) - 1)
_INT64 = _integer(-(1 << 63), (1 << 63) - 1)
_UINT32 = _integer(0, (1 << 32) - 1)
_UINT64 = _integer(0, (1 << 64) - 1)

KINDS: dict[str, Kind] = {
    "int32": Kind(VARINT, 0, put_varint, _get_signed(32), _INT32),
    "int64": Kind(VARINT, 0, put_varint, _get_signed(64), _INT64),
    "uint32": Kind(VARINT, 0, put_varint, _get_uint32, _UINT32),
    "uint64": Kind(VARINT, 0, put_varint, get_varint, _UINT64),
    "sint64": Kind(VARINT, 0, _put_zigzag, _get_zigzag, _INT64),
    "enum": Kind(VARINT, 0, put_varint, _get_signed(32), _INT32),
    "bool": Kind(VARINT, False, put_varint, _get_bool, _boolean),
    "float": _fixed("f", FIXED32, _single_precision),
    "double": _fixed("d", FIXED64, _real),
    "fixed32": _fixed("I", FIXED32, _UINT32),
    "string": Kind(LENGTH, "", _put_text, _get_text, _text),
    "bytes": Kind(LENGTH, b"", _put_bytes, get_bytes, _raw),
}
