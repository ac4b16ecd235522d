"""Elements as bytes, and bytes as NumPy arrays, for every type a file can hold.

NumPy has no bfloat16 and no quantized types. bfloat16 comes as ``ml_dtypes``'s if
that package is installed; otherwise, and for the quantized types, as a dtype
with one field that carries the name, ``[("bfloat16", "<u2")]``, which TensorFlow 1
does for its quantized types too: ``array["bfloat16"]`` are the bits, and the
array saves as what it was. Strings are arrays of ``bytes`` objects.

``datatypes.py`` comes before, the checkpoints and ``tensors.py`` after.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from functools import cache
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from .checksum import crc32c, mask, unmask
from .datatypes import BY_NAME, STRING, DataType
from .wire import MalformedError, get_varint, put_varint

Array = np.ndarray[Any, Any]

# NumPy's own limit before 2.0; TensorFlow's kernels end at 8
HIGHEST_RANK = 32
# the largest element has 16 bytes, the largest array 2**63
MOST_ELEMENTS = 1 << 58


@cache
def numpy_dtype(datatype: DataType) -> np.dtype[Any]:
    """The dtype of arrays of this type; ``object`` for strings.

    Raises:
        MalformedError: there are no arrays of resources and variants.
    """
    if datatype is STRING:
        return np.dtype(object)
    if not datatype.layout:
        raise MalformedError(f"a {datatype.name} tensor is a handle, not an array")
    if datatype.name == "bfloat16":
        with suppress(ImportError):
            bfloat16: np.dtype[Any] = np.dtype(import_module("ml_dtypes").bfloat16)
            return bfloat16
    if datatype.name.startswith(("q", "bf")):
        return np.dtype([(datatype.name, datatype.layout)])
    return np.dtype(datatype.layout)


def datatype_of(array: Array) -> DataType:
    """The type ``array`` saves as.

    Raises:
        TypeError: files of TensorFlow have no such type.
    """
    return _datatype_of(array.dtype)


@cache
def _datatype_of(dtype: np.dtype[Any]) -> DataType:
    if dtype.kind in "OSU":
        return STRING
    name = dtype.names[0] if dtype.names and len(dtype.names) == 1 else dtype.name
    datatype = BY_NAME.get(name)
    if datatype is None or datatype.size != dtype.itemsize:
        raise TypeError(f"TensorFlow has no data type for NumPy's {dtype}")
    return datatype


def check_shape(shape: tuple[int, ...]) -> None:
    """Refuse a shape no array can have.

    Raises:
        MalformedError: a size is negative or unknown, or there are too many, or
            they are too large, even if another one is zero.
    """
    largest = prod(max(size, 1) for size in shape[:HIGHEST_RANK])
    if (
        len(shape) > HIGHEST_RANK
        or min(shape, default=0) < 0
        or largest > MOST_ELEMENTS
    ):
        raise MalformedError(f"no array has the shape {list(shape[:40])}")


def empty(shape: tuple[int, ...], datatype: DataType) -> Array:
    """A new array; the caller has checked that the file holds this much."""
    check_shape(shape)
    return np.empty(shape, numpy_dtype(datatype))


@cache
def _little_endian(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype.newbyteorder("<")


def as_bytes(array: Array) -> Array:
    """The elements in row-major order and little endian, as an array of bytes."""
    little = array.astype(_little_endian(array.dtype), copy=False)
    return np.ascontiguousarray(little).reshape(-1).view(np.uint8)


def as_strings(array: Array) -> list[bytes]:
    """The strings in row-major order; text becomes UTF-8.

    Raises:
        TypeError: an element is neither text nor bytes.
    """
    flat: list[Any] = array.reshape(-1).tolist()
    strings = [each.encode() if isinstance(each, str) else each for each in flat]
    for each in strings:
        if not isinstance(each, bytes):
            raise TypeError(f"a string tensor cannot hold {each!r}")
    return strings


def pack_strings(strings: list[bytes]) -> tuple[bytes, int]:
    """How a checkpoint's data file holds strings.

    Returns:
        (bytes, checksum). The bytes are the lengths as varints, the masked
        checksum of the lengths, the strings. The checksums run over each length
        as four bytes (eight if it needs them), not over the varints.
    """
    lengths = b"".join(_fixed_length(len(each), "<") for each in strings)
    of_lengths = struct.pack("<I", mask(crc32c(lengths)))
    body = of_lengths + b"".join(strings)
    varints = b"".join(put_varint(len(each)) for each in strings)
    return varints + body, crc32c(body, crc32c(lengths))


def _fixed_length(length: int, order: str) -> bytes:
    return struct.pack(order + ("I" if length < 1 << 32 else "Q"), length)


def unpack_strings(data: bytes, count: int, order: str) -> tuple[list[bytes], int]:
    """Undo ``pack_strings``.

    Args:
        data: all bytes of one tensor.
        count: how many strings there are.
        order: ``<`` or ``>``, the byte order of the machine that wrote it.

    Returns:
        (strings, checksum).

    Raises:
        MalformedError, IndexError, struct.error: the bytes are no such tensor.
    """
    if count > len(data):
        raise MalformedError(f"{len(data)} bytes cannot hold {count} strings")
    sizes, position = [], 0
    for _ in range(count):
        size, position = get_varint(data, position)
        sizes.append(size)
    start = position + 4
    if start + sum(sizes) != len(data):
        raise MalformedError("the strings do not have the length they should have")
    lengths = crc32c(b"".join(_fixed_length(size, order) for size in sizes))
    if unmask(struct.unpack_from(order + "I", data, position)[0]) != lengths:
        raise MalformedError("the lengths do not have the checksum they should have")
    checksum = crc32c(data[position:], lengths)
    strings = []
    for size in sizes:
        strings.append(data[start : start + size])
        start += size
    return strings, checksum


def string_array(strings: list[bytes], shape: tuple[int, ...]) -> Array:
    """An array of these ``bytes`` objects.

    NumPy's own conversion would cut zeros off their ends.
    """
    array = np.empty(len(strings), object)
    array[:] = strings
    return array.reshape(shape)
