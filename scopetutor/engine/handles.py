"""What a program sees of a resource variable's handle: the bytes of a message.

After state; a session makes it when a handle itself is fetched, as by
`sess.run(v.name)`. TF 1.15: an array of bytes, each a record with one field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.formats.wire import put_varint

if TYPE_CHECKING:
    from .operation import Operation
    from .shapes import Dims

_BYTE = np.dtype([("resource", "u1")])
_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
_KIND = "N10tensorflow3VarE"
_HASH = 17120488210734619367  # of the kind's name, in TF 1.15.5 for Linux
_DEVICE_FIELD, _CONTAINER, _NAME, _HASH_FIELD, _KIND_FIELD, _HOLDS = range(1, 7)


def shown(op: Operation) -> np.ndarray[Any, Any]:
    """The handle that a VarHandleOp gives, as a program gets it."""
    attrs = op._attrs
    message = b"".join(
        [
            _text(_DEVICE_FIELD, _DEVICE),
            _text(_CONTAINER, attrs["container"] or "localhost"),
            _text(_NAME, attrs["shared_name"] or op._name),
            _number(_HASH_FIELD, _HASH),
            _text(_KIND_FIELD, _KIND),
            _part(_HOLDS, _held(attrs["dtype"].as_datatype_enum, attrs["shape"])),
        ]
    )
    return np.frombuffer(message, np.uint8).view(_BYTE).copy()


def _held(kind: int, dims: Dims) -> bytes:
    if dims is None:
        return _number(1, kind) + _part(2, _number(3, 1))
    sizes = [b"" if size == 0 else _number(1, size or -1) for size in dims]
    return _number(1, kind) + _part(2, b"".join(_part(2, size) for size in sizes))


def _number(field: int, value: int) -> bytes:
    return put_varint(field << 3) + put_varint(value % (1 << 64))


def _part(field: int, data: bytes) -> bytes:
    return put_varint(field << 3 | 2) + put_varint(len(data)) + data


def _text(field: int, text: str) -> bytes:
    return _part(field, text.encode())
