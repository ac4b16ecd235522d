"""Sparse tensors as texts: `tf.serialize_sparse` and `tf.deserialize_many_sparse`.

After encodings. A sparse tensor is three texts: the messages of its indices, values and
dense shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.errors import FileFormatError
from scopetutor.formats import arrays, protos, tensors
from scopetutor.formats.datatypes import STRING
from scopetutor.formats.wire import get_varint, put_varint

from . import rules
from .encodings import serialized
from .sparse import as_sparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- writing ---------------------------------------------------------------------------


def serialize_sparse(
    sp_input: Any, name: str | None = None, out_type: Any = dtypes.string
) -> Any:
    """A sparse tensor as three texts, or three variants."""
    return _written("SerializeSparse", sp_input, name, out_type)


def serialize_many_sparse(
    sp_input: Any, name: str | None = None, out_type: Any = dtypes.string
) -> Any:
    """Each row of a sparse tensor as three texts: [rows, 3]."""
    return _written("SerializeManySparse", sp_input, name, out_type)


def _written(op_type: str, sp_input: Any, name: str | None, out_type: Any) -> Any:
    sp_input = as_sparse(sp_input)
    return apply(
        op_type,
        sp_input.indices,
        sp_input.values,
        sp_input.dense_shape,
        out_type=out_type,
        name=name,
    )


def _message(op: Operation) -> Callable[[Array], Any]:
    """What makes a text or a variant of an array."""
    return _text_of if op._attrs["out_type"] == dtypes.string else np.asarray


def _text_of(array: Array) -> bytes:
    """TF 1.15: here texts are plain memory, too: all their lengths, then they."""
    if array.dtype != object:
        return serialized(array)
    texts = arrays.as_strings(array)
    proto = protos.TensorProto(dtype=STRING.number)
    proto.tensor_shape.dim.extend({"size": size} for size in array.shape)
    lengths = b"".join(put_varint(len(text)) for text in texts)
    proto.tensor_content = lengths + b"".join(texts)
    found: bytes = proto.SerializeToString()
    return found


def _row(parts: tuple[Array, ...], message: Callable[[Array], Any]) -> Array:
    row = np.empty(3, object)
    for place, part in enumerate(parts):
        row[place] = message(part)
    return row


def _one_kernel(op: Operation) -> Callable[..., Array]:
    message = _message(op)
    return lambda *parts: _row(parts, message)


def _many_kernel(op: Operation) -> Callable[..., Array]:
    message = _message(op)

    def kernel(indices: Array, values: Array, shape: Array) -> Array:
        if len(shape) < 2:
            raise _refused(
                f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}"
            )
        rows = np.empty((int(shape[0]), 3), object)
        for number in range(len(rows)):
            mine = indices[:, 0] == number
            parts = indices[mine, 1:], values[mine], shape[1:]
            rows[number] = _row(parts, message)
        return rows

    return kernel


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


def _check_ranks(op: Operation) -> None:
    for taken, rank in zip(op._inputs, (2, 1, 1), strict=True):
        rules.with_rank(taken._dims, rank)


def _one_shape(op: Operation) -> list[Dims]:
    _check_ranks(op)
    return [(3,)]


def _many_shape(op: Operation) -> list[Dims]:
    _check_ranks(op)
    return [(None, 3)]


define("SerializeSparse", shape=_one_shape, build=_one_kernel)
define("SerializeManySparse", shape=_many_shape, build=_many_kernel)


# -- reading ---------------------------------------------------------------------------


def deserialize_many_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> SparseTensor:
    """A sparse tensor whose rows are those of `serialize_sparse`.

    Args:
        serialized_sparse: [rows, 3], texts.
        dtype: of the values.
        rank: of the result, if it is known.
        name: of the operation.
    """
    indices, values, shape = apply(
        "DeserializeManySparse", serialized_sparse, dtype=dtype, name=name
    )
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)


def _part(text: Any) -> Array:
    try:
        proto = protos.TensorProto.FromString(text)
        if proto.dtype == STRING.number:
            return _texts_in(proto)
        return tensors.to_array(proto)
    except (ValueError, FileFormatError):
        raise _refused("Could not parse serialized proto") from None


def _texts_in(proto: Any) -> Array:
    """What `_text_of` wrote of texts; they are in one row."""
    data, place, lengths = proto.tensor_content, 0, []
    for _ in range(proto.tensor_shape.dim[0].size):
        length, place = get_varint(data, place)
        lengths.append(length)
    texts = np.empty(len(lengths), object)
    for number, length in enumerate(lengths):
        texts[number] = data[place : place + length]
        place += length
    return texts


def _read_kernel(op: Operation) -> Callable[[Array], Any]:
    wanted = op._attrs["dtype"]

    def kernel(rows: Array) -> Any:
        if rows.ndim != 2 or rows.shape[1] != 3:
            raise _refused(
                "Serialized sparse should have 3 as the last dimension "
                f"{dims_text(rows.shape)}"
            )
        indices, values, shapes = [], [], []
        for number, row in enumerate(rows):
            places, found, shape = map(_part, row)
            _check_row(number, places, found, shape, wanted)
            front = np.full((len(places), 1), number, np.int64)
            indices.append(np.concatenate([front, places], axis=1))
            values.append(found)
            shapes.append(shape)
        largest = np.max(shapes, axis=0)
        whole = np.array([len(rows), *largest.tolist()], np.int64)
        return np.concatenate(indices), np.concatenate(values), whole

    return kernel


def _check_row(
    number: int, places: Array, values: Array, shape: Array, wanted: Any
) -> None:
    found = dtypes.as_dtype(values.dtype)
    if found != wanted:
        raise _refused(
            f"Requested SparseTensor of type {dtypes.runtime_name(wanted)} but "
            f"SparseTensor[{number}].values.dtype() == {dtypes.runtime_name(found)}"
        )


def _read_shape(op: Operation) -> list[Dims]:
    rows = rules.with_rank(op._inputs[0]._dims, 2)
    rules.with_size(rows[1], 3)
    return [(None, None), (None,), (None,)]


define("DeserializeManySparse", shape=_read_shape, build=_read_kernel)
