"""TensorProto to array and back: what a ``Const`` node or a summary carries.

``to_array`` reads every way TensorFlow writes one; ``from_array`` writes as
``tf.make_tensor_proto`` of TF 1.15 does. ``protos.py`` and ``arrays.py`` come before,
``checkpoint_v1.py``, ``summaries.py`` and the engine's constants after.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from scopetutor.errors import FileFormatError

from . import arrays, protos
from .arrays import Array
from .datatypes import STRING, DataType, datatype_numbered
from .message import Message
from .wire import LENGTH, VARINT, MalformedError, get_bytes, get_varint, skip

# A few values can stand for a tensor of any size; more than this is no constant.
_LARGEST_FILLED = 1 << 26
_CONTENT_LIMIT = 1 << 31
_CONTENT = 4
# varints are read in pieces of so many bytes, to bound what that takes
_CHUNK = 1 << 20


class _Home(NamedTuple):
    """The field of TensorProto that holds the values of some types.

    Attributes:
        name, number: the field's.
        stored: the NumPy type of what the field holds one after the other;
            ``""`` for strings, integers come as varints.
    """

    name: str
    number: int
    stored: str


_FLOAT = _Home("float_val", 5, "<f4")
_INT = _Home("int_val", 7, "<i8")
_HALF = _Home("half_val", 13, "<i8")
_SMALL_INTEGERS = (
    *("int32", "int16", "int8", "uint8"),
    *("qint32", "qint16", "qint8", "quint16", "quint8"),
)
_HOMES: dict[str, _Home] = {
    "float32": _FLOAT,
    "float64": _Home("double_val", 6, "<f8"),
    "string": _Home("string_val", 8, ""),
    "complex64": _Home("scomplex_val", 9, "<f4"),
    "int64": _Home("int64_val", 10, "<i8"),
    "bool": _Home("bool_val", 11, "<i8"),
    "complex128": _Home("dcomplex_val", 12, "<f8"),
    "float16": _HALF,
    "bfloat16": _HALF,
    "uint32": _Home("uint32_val", 16, "<u8"),
    "uint64": _Home("uint64_val", 17, "<u8"),
} | dict.fromkeys(("uint16", *_SMALL_INTEGERS), _INT)

# TF 1.15: only these travel as plain memory, and only from two elements on.
_AS_CONTENT = frozenset(
    ("float32", "float64", "int64", "uint64", "uint32", *_SMALL_INTEGERS)
)


def from_array(array: Array, *, shape: tuple[int, ...] | None = None) -> Any:
    """The ``TensorProto`` of an array.

    TF 1.15: numbers of the common types go to ``tensor_content`` if there are at
    least two, and everything else to the field of its type.

    Args:
        array: of a type ``arrays.datatype_of`` knows.
        shape: the shape to give it; if that has more elements, the last value
            stands for the rest and only those there are are written.

    Raises:
        TypeError: TensorFlow has no such type.
        ValueError: the array is too large, or has more elements than ``shape``.
    """
    datatype = arrays.datatype_of(array)
    sizes = array.shape if shape is None else shape
    proto = protos.TensorProto(dtype=datatype.number)
    proto.tensor_shape.dim.extend({"size": size} for size in sizes)
    proto.tensor_shape.SetInParent()
    elements = prod(sizes)
    if array.size > elements:
        raise ValueError(
            f"Too many elements provided. Needed at most {elements}, "
            f"but received {array.size}"
        )
    if datatype.name in _AS_CONTENT and array.size == elements > 1:
        if array.nbytes >= _CONTENT_LIMIT:
            raise ValueError(
                "Cannot create a tensor proto whose content is larger than 2GB."
            )
        proto.tensor_content = arrays.as_bytes(array).tobytes()
    elif elements:
        getattr(proto, _HOMES[datatype.name].name).extend(_values(array, datatype))
    return proto


def only_values(array: Array) -> Any:
    """A ``TensorProto`` without type and shape, as a V1 checkpoint holds it.

    Raises:
        TypeError: TensorFlow has no such type.
    """
    datatype = arrays.datatype_of(array)
    proto = protos.TensorProto()
    getattr(proto, _HOMES[datatype.name].name).extend(_values(array, datatype))
    return proto


def _values(array: Array, datatype: DataType) -> list[Any]:
    """The elements as the field of their type holds them."""
    if datatype is STRING:
        return arrays.as_strings(array)
    raw = arrays.as_bytes(array)
    home = _HOMES[datatype.name]
    # A half travels as its bits, a complex number as two numbers.
    stored = "<u2" if home is _HALF else home.stored
    if home is _HALF or datatype.layout[1] == "c":
        values = raw.view(stored)
    else:
        values = raw.view(datatype.layout)
    listed: list[Any] = values.tolist()
    return listed


def to_array(proto: Message, *, path: str | Path = "a tensor") -> Array:
    """The array a ``TensorProto`` stands for; it may be read-only.

    TF 1.15 (Tensor::FromProto): with fewer values than elements the last value
    repeats; with none, all are zero or empty.

    Args:
        proto: a ``TensorProto``.
        path: where it comes from, for the error.

    Raises:
        FileFormatError: it is no array: a resource, a shape that does not fit.
    """
    try:
        datatype = datatype_numbered(proto.dtype)
        shape = tuple(dim.size for dim in proto.tensor_shape.dim)
        if proto.tensor_shape.unknown_rank:
            raise MalformedError("its rank is not known")
        return array_from(proto.encode(), datatype, shape)
    except (MalformedError, IndexError, struct.error) as error:
        raise FileFormatError(
            f"this tensor cannot be read: {error}",
            path=path,
            hint="the file may be damaged",
        ) from error


def array_from(
    data: bytes, datatype: DataType, shape: tuple[int, ...], *, exact: bool = False
) -> Array:
    """The array that the bytes of a ``TensorProto`` hold, read-only.

    Args:
        data: the encoded message; its own type and shape are not looked at.
        datatype: the type of the elements.
        shape: the shape of the array.
        exact: whether there must be as many values as elements.

    Raises:
        MalformedError, IndexError, struct.error: they hold no such array.
    """
    arrays.check_shape(shape)
    elements = prod(shape)
    content, pieces = _stored_values(data, datatype)
    dtype = arrays.numpy_dtype(datatype)
    if datatype is STRING:
        values = arrays.string_array(pieces, (len(pieces),))
    elif content:
        if len(content) != elements * dtype.itemsize:
            raise MalformedError(
                f"shape {list(shape)} needs {elements * dtype.itemsize} bytes, "
                f"there are {len(content)}"
            )
        return np.frombuffer(content, dtype).reshape(shape)
    else:
        values = _numbers(pieces, datatype).view(dtype)
    if exact and len(values) != elements:
        raise MalformedError(
            f"shape {list(shape)} needs {elements} values, there are {len(values)}"
        )
    return _filled(values, shape)


def _numbers(pieces: list[Any], datatype: DataType) -> Array:
    """The pieces of a field as one array, in the bits of this type."""
    home = _HOMES[datatype.name]
    stored = np.concatenate([np.zeros(0, home.stored), *pieces])
    if home is _HALF:
        return stored.astype("<u2")
    if datatype.layout[1] == "c":
        return stored
    return stored.astype(datatype.layout)


def _filled(values: Array, shape: tuple[int, ...]) -> Array:
    """``values`` in ``shape``, the last one repeated as often as it takes."""
    elements = prod(shape)
    if not len(values):
        values = np.zeros(1, values.dtype)
        if values.dtype == object:
            values[0] = b""
    if len(values) >= elements:
        return values[:elements].reshape(shape)
    if len(values) == 1:
        return np.broadcast_to(values.reshape(()), shape)
    if elements * values.itemsize > _LARGEST_FILLED:
        raise MalformedError(
            f"{len(values)} values stand for {elements}, too many to fill"
        )
    rest = np.broadcast_to(values[-1:], (elements - len(values),))
    return np.concatenate([values, rest]).reshape(shape)


def _stored_values(data: bytes, datatype: DataType) -> tuple[bytes, list[Any]]:
    """(``tensor_content``, pieces of the field of this type) of a TensorProto."""
    if datatype.name not in _HOMES:
        raise MalformedError(f"a {datatype.name} tensor is a handle, not an array")
    home = _HOMES[datatype.name]
    content, pieces = b"", []
    for number, value in _fields(data, {_CONTENT, home.number}, home.stored):
        if number == _CONTENT:
            content = value
        elif home.stored and isinstance(value, bytes):
            pieces.append(_unpack(value, home.stored))
        else:
            pieces.append(value)
    return content, pieces


def _fields(data: bytes, wanted: set[int], stored: str) -> Iterator[tuple[int, Any]]:
    """(number, value) of the wanted fields, packed ones still as bytes."""
    position = 0
    while position < len(data):
        tag, position = get_varint(data, position)
        start, kind = position, tag & 7
        if tag >> 3 in wanted and kind == LENGTH:
            value, position = get_bytes(data, position)
            yield tag >> 3, value
            continue
        position = skip(data, position, kind)
        if tag >> 3 in wanted - {_CONTENT} and stored:
            yield tag >> 3, _single(data[start:position], kind, stored)
    if position != len(data):
        raise MalformedError("the data ends too early")


def _single(raw: bytes, kind: int, stored: str) -> Array:
    """One value that is not packed, as an array of one."""
    return _varints(raw).view(stored) if kind == VARINT else np.frombuffer(raw, stored)


def _unpack(raw: bytes, stored: str) -> Array:
    """The values of a packed field."""
    if stored[1] == "f":
        if len(raw) % int(stored[2:]):
            raise MalformedError("a number is cut off")
        return np.frombuffer(raw, stored)
    return _varints(raw).view(stored)


def _varints(raw: bytes) -> Array:
    """The unsigned 64-bit numbers of a row of varints."""
    rest = np.frombuffer(raw, np.uint8)
    numbers = [np.zeros(0, np.uint64)]
    while len(rest):
        lasts = np.flatnonzero(rest[:_CHUNK] < 128)
        if not len(lasts):
            raise MalformedError("a number is cut off")
        numbers.append(_some_varints(rest[: lasts[-1] + 1], lasts + 1))
        rest = rest[lasts[-1] + 1 :]
    return np.concatenate(numbers)


def _some_varints(everything: Array, ends: Array) -> Array:
    """The numbers that end at ``ends``, digit by digit for all at once."""
    starts = np.concatenate([[0], ends[:-1]]).astype(np.intp)
    numbers = np.zeros(len(ends), np.uint64)
    for place in range(int((ends - starts).max(initial=0))):
        if place > 9:
            raise MalformedError("a number has more than ten bytes")
        has_it = starts + place < ends
        digits = everything[starts[has_it] + place] & 127
        numbers[has_it] |= digits.astype(np.uint64) << np.uint64(7 * place)
    return numbers
