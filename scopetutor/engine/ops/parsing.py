"""Parsing: records of Examples, lines of CSV files, and raw bytes as tensors.

After text; the functions of `tf` are in ``parsing.py``.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.dtypes import runtime_name
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.errors import FileFormatError
from scopetutor.formats import protos

from . import rules
from .io import text_of
from .text import number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
LISTS = {"bytes_list": dtypes.string, "float_list": dtypes.float32,
          "int64_list": dtypes.int64}  # fmt: skip


def refused(text: str) -> InvalidArgumentError:
    """The error of a kernel that cannot take its input."""
    return InvalidArgumentError(None, None, text)


# -- Examples --------------------------------------------------------------------------


class _Wanted(NamedTuple):
    """What an operation asks of each Example."""

    sparse: list[tuple[str, Any]]  # key, type
    dense: list[tuple[str, Any, Dims]]  # key, type, shape


class Where(NamedTuple):
    """Which Example errors speak of; the default: the only one."""

    name: str = ""
    place: int = 0

    def key(self, key: str) -> str:
        """The beginning of what is said of a feature."""
        if not self.name:
            return f"Key: {key}.  "
        return f"Name: {self.name}, Key: {key}, Index: {self.place}.  "

    def example(self) -> str:
        """The beginning of what is said of the Example."""
        return f"Name: {self.name}, " if self.name else ""


def features_of(serialized: bytes, where: Where) -> dict[str, Any]:
    """The features of an Example: by key, its type and values."""
    try:
        message = protos.Example()
        message.ParseFromString(serialized)
    except (FileFormatError, ValueError):
        shown = serialized[:100].decode("latin-1")
        raise refused(
            f"{where.example()}Could not parse example input, value: '{shown}'"
        ) from None
    found = {}
    for key, feature in message.features.feature.items():
        kind = feature.WhichOneof("kind")
        if kind is not None:
            found[key] = LISTS[kind], list(getattr(feature, kind).value)
    return found


def array_of(values: Sequence[Any], dtype: Any) -> Array:
    """The values of a feature, as they are held in tensors of a type."""
    array = np.empty(len(values), dtype.as_numpy_dtype)
    array[:] = values
    return array


def _sparse(features: dict[str, Any], key: str, dtype: Any, where: Where) -> list[Any]:
    """The values of a sparse feature of one Example."""
    kind, values = features.get(key, (dtype, []))
    if kind != dtype:
        raise refused(
            f"{where.key(key)}Data types don't match. Expected type: "
            f"{runtime_name(dtype)}, Actual type: {runtime_name(kind)}"
        )
    found: list[Any] = values
    return found


def _dense(
    features: dict[str, Any],
    wanted: tuple[str, Any, Dims],
    default: Array,
    where: Where,
) -> Array:
    """A dense feature of one Example."""
    key, dtype, dims = wanted
    kind, values = features.get(key, (dtype, None))
    if kind != dtype:
        raise refused(
            f"{where.key(key)}Data types don't match. Data type: {runtime_name(kind)} "
            f"but expected type: {runtime_name(dtype)}"
        )
    sizes: tuple[Any, ...] = tuple(dims or ())
    if sizes and sizes[0] is None:
        rows = array_of(values or [], dtype)
        return rows.reshape(-1, *(size or 1 for size in sizes[1:]))
    if values is None:
        if not default.size and 0 not in sizes:
            raise refused(
                f"{where.example()}Feature: {key} (data type: {runtime_name(dtype)}) "
                "is required but could not be found."
            )
        return default.reshape(sizes)
    if len(values) != int(np.prod(sizes)):
        if not where.name:
            raise refused(f"{where.key(key)}Can't parse serialized Example.")
        raise refused(
            f"{where.key(key)}Number of {runtime_name(dtype)} values != expected.  "
            f"Values size: {len(values)} but output shape: {dims_text(sizes)}"
        )
    return array_of(values, dtype).reshape(sizes)


def _parse_one_kernel(op: Operation) -> Callable[..., Any]:
    attrs = op._attrs
    wanted = _Wanted(
        list(zip(attrs["sparse_keys"], attrs["sparse_types"], strict=True)),
        list(
            zip(
                attrs["dense_keys"],
                attrs["Tdense"],
                attrs["dense_shapes"],
                strict=True,
            )
        ),
    )

    def kernel(serialized: Any, *defaults: Any) -> Any:
        item = serialized.item() if isinstance(serialized, np.ndarray) else serialized
        features = features_of(item, Where())
        sparse = [
            array_of(_sparse(features, key, dtype, Where()), dtype)
            for key, dtype in wanted.sparse
        ]
        dense = [
            _dense(features, want, np.asarray(default), Where())
            for want, default in zip(wanted.dense, defaults, strict=True)
        ]
        indices = [np.arange(len(v), dtype=np.int64)[:, None] for v in sparse]
        sizes = [np.array([len(v)], np.int64) for v in sparse]
        return _results([*indices, *sparse, *sizes, *dense])

    return kernel


def _results(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)


def _parse_one_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    count = len(op._attrs["sparse_keys"])
    return [
        *[(None, 1)] * count, *[(None,)] * count, *[(1,)] * count,
        *op._attrs["dense_shapes"],
    ]  # fmt: skip


define("ParseSingleExample", shape=_parse_one_shape, build=_parse_one_kernel)


def _parse_many_kernel(op: Operation) -> Callable[..., Any]:
    attrs = op._attrs
    sparse_count, dense_count = attrs["Nsparse"], attrs["Ndense"]

    def kernel(serialized: Any, names: Any, *rest: Any) -> Any:
        keys = [text_of(key) for key in rest[: sparse_count + dense_count]]
        defaults = [np.asarray(value) for value in rest[sparse_count + dense_count :]]
        items = np.asarray(serialized, object).tolist()
        labels = [text_of(name) for name in np.asarray(names).reshape(-1)]
        places = list(map(Where, labels or ["<unknown>"] * len(items), count()))
        examples = [
            (features_of(item, where), where)
            for item, where in zip(items, places, strict=True)
        ]
        sparse = [
            _sparse_columns(examples, key, dtype)
            for key, dtype in zip(
                keys[:sparse_count], attrs["sparse_types"], strict=True
            )
        ]
        wanted = zip(
            keys[sparse_count:], attrs["Tdense"], attrs["dense_shapes"], strict=True
        )
        dense = [
            dense_column(examples, want, default)
            for want, default in zip(wanted, defaults, strict=True)
        ]
        parts = [column[i] for i in range(3) for column in sparse]
        return _results([*parts, *dense])

    return kernel


def _sparse_columns(
    examples: list[Any], key: str, dtype: Any
) -> tuple[Array, Array, Array]:
    """A feature of many Examples as a sparse matrix."""
    rows = [_sparse(features, key, dtype, where) for features, where in examples]
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    shape = [len(rows), max(map(len, rows), default=0)]
    return (
        np.array(places, np.int64).reshape(-1, 2),
        array_of([value for row in rows for value in row], dtype),
        np.array(shape, np.int64),
    )


def dense_column(
    examples: list[Any], wanted: tuple[str, Any, Dims], default: Array
) -> Array:
    """A feature of many Examples as one tensor."""
    rows = [_dense(features, wanted, default, where) for features, where in examples]
    longest = max((row.shape for row in rows), default=())
    if all(row.shape == longest for row in rows):
        return np.stack(rows)
    made = np.empty((len(rows), *longest), rows[0].dtype)
    made[...] = default.item() if default.size else _zero(rows[0].dtype)
    for place, row in enumerate(rows):
        made[place, : len(row)] = row
    return made


def _zero(kind: Any) -> Any:
    return b"" if np.dtype(kind) == object else 0


def _parse_many_shape(op: Operation) -> list[Dims]:
    (batch,) = rules.with_rank(op._inputs[0]._dims, 1)
    count = op._attrs["Nsparse"]
    dense = [(batch, *(dims or ())) for dims in op._attrs["dense_shapes"]]
    return [
        *[(None, 2)] * count, *[(None,)] * count, *[(2,)] * count, *dense
    ]  # fmt: skip


define("ParseExample", shape=_parse_many_shape, build=_parse_many_kernel)


# -- CSV -------------------------------------------------------------------------------


def fields_of(line: str, delimiter: str, quotes: bool) -> list[str]:
    """The fields of a line.

    Raises:
        tf.errors.InvalidArgumentError: quotes are not where they may be.
    """
    fields, at = [], 0
    while True:
        if quotes and line[at : at + 1] == '"':
            field, at = _quoted(line, at + 1, delimiter)
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            field, at = line[at:end], end
            if quotes and '"' in field:
                raise refused("Unquoted fields cannot have quotes/CRLFs inside")
        fields.append(field)
        if at >= len(line):
            return fields
        at += 1
        if at == len(line):
            return [*fields, ""]


def _quoted(line: str, at: int, delimiter: str) -> tuple[str, int]:
    field = ""
    while at < len(line):
        end = line.find('"', at)
        if end < 0:
            break
        field += line[at:end]
        at = end + 1
        if line[at : at + 1] != '"':
            if at < len(line) and line[at] != delimiter:
                raise refused(
                    "Quote inside a string has to be escaped by another quote"
                )
            return field, at
        field += '"'
        at += 1
    raise refused("Quoted field has to end with quote followed by delim or end")


def _csv_kernel(op: Operation) -> Callable[..., Any]:
    attrs = op._attrs
    types, chosen = attrs["OUT_TYPE"], attrs["select_cols"]
    delimiter, quotes = attrs["field_delim"], attrs["use_quote_delim"]

    def kernel(records: Any, *defaults: Any) -> Any:
        array = np.asarray(records, object)
        columns = [np.empty(array.size, dtype.as_numpy_dtype) for dtype in types]
        for row, line in enumerate(array.reshape(-1).tolist()):
            fields = fields_of(line.decode(errors="surrogateescape"), delimiter, quotes)
            if chosen:
                fields = [fields[i] for i in chosen if i < len(fields)]
            if len(fields) != len(types):
                raise refused(
                    f"Expect {len(types)} fields but have {len(fields)} in record {row}"
                )
            for place, field in enumerate(fields):
                columns[place][row] = field_value(
                    field, types[place], defaults[place], attrs["na_value"],
                    (place, f"record {row}"),
                )  # fmt: skip
        return _results([column.reshape(array.shape) for column in columns])

    return kernel


def field_value(
    field: str, dtype: Any, default: Any, missing: str, at: tuple[int, str]
) -> Any:
    """A field as a value of its column.

    Args:
        field: its text.
        dtype: of the column.
        default: of the column; empty: there is none.
        missing: what stands for a missing value, beside nothing.
        at: the number of the column, and what errors call the line.

    Raises:
        tf.errors.InvalidArgumentError: it has no value of that type.
    """
    place, record = at
    if field in ("", missing):
        if not np.size(default):
            raise refused(f"Field {place} is required but missing in {record}!")
        return np.asarray(default).reshape(-1)[0]
    if dtype == dtypes.string:
        return field.encode(errors="surrogateescape")
    number = number_of(field.encode(), dtype.as_numpy_dtype)
    if number is None:
        raise refused(f"Field {place} in {record} is not a valid {dtype.name}: {field}")
    return number


def _csv_shape(op: Operation) -> list[Dims]:
    return [op._inputs[0]._dims] * len(op._outputs)


define("DecodeCSV", shape=_csv_shape, build=_csv_kernel, gradient=None)


# -- raw bytes -------------------------------------------------------------------------


def _raw_kernel(op: Operation) -> Callable[[Any], Array]:
    dtype = op._attrs["out_type"]
    kind = np.dtype(dtype.as_numpy_dtype).newbyteorder(
        "<" if op._attrs["little_endian"] else ">"
    )

    def kernel(values: Any) -> Array:
        array = np.asarray(values, object)
        texts = array.reshape(-1).tolist()
        length = len(texts[0]) if texts else 0
        for place, text in enumerate(texts):
            if len(text) != length:
                raise refused(
                    "DecodeRaw requires input strings to all be the same size, but "
                    f"element {place} has size {length} != {len(text)}"
                )
        if length % kind.itemsize:
            raise refused(
                f"Input to DecodeRaw has length {length} that is not a multiple of "
                f"{kind.itemsize}, the size of {runtime_name(dtype)}"
            )
        found = np.frombuffer(b"".join(texts), kind).astype(dtype.as_numpy_dtype)
        return found.reshape(*array.shape, length // kind.itemsize)

    return kernel


def _raw_shape(op: Operation) -> list[Dims]:
    dims = op._inputs[0]._dims
    return [None if dims is None else (*dims, None)]


define("DecodeRaw", shape=_raw_shape, build=_raw_kernel, gradient=None)
