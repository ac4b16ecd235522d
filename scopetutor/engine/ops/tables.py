"""What runs lookup tables: keys and values in one session.

After array; the classes of `tf` are in ``lookup.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
)
from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

WHOLE_LINE, LINE_NUMBER = -2, -1


class Table:
    """Keys and their values.

    Attributes:
        values: by key.
        kinds: the types of keys and values.
        changes: whether keys can be added; else it is filled once.
        ready: whether it may be asked.
    """

    def __init__(self, op: Operation, *, changes: bool) -> None:
        self.values: dict[Any, Any] = {}
        self.changes = self.ready = changes
        self.kinds = [op._attrs["key_dtype"], op._attrs["value_dtype"]]

    def fill(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Gives it its keys and values, once.

        Raises:
            tf.errors.FailedPreconditionError: a key has two values.
        """
        if self.ready:
            return  # TF 1.15: filling it again changes nothing
        for key, value in pairs:
            known = self.values.setdefault(key, value)
            if known != value:
                raise FailedPreconditionError(
                    None,
                    None,
                    f"HashTable has different value for same key. Key {_text(key)} "
                    f"has {_text(known)} and trying to add value {_text(value)}",
                )
        self.ready = True

    def find(self, keys: Any, default: Any) -> Any:
        """The values of some keys."""
        self.check()
        array = np.asarray(keys, object if self.kinds[0].name == "string" else None)
        flat = [self.values.get(key, _MISSING) for key in array.reshape(-1).tolist()]
        fallback = np.asarray(default)
        default = fallback.item() if fallback.ndim == 0 else fallback
        made = np.empty(array.shape + fallback.shape, _numpy_of(self.kinds[1]))
        rows = made.reshape(len(flat), *fallback.shape)
        for place, found in enumerate(flat):
            rows[place] = default if found is _MISSING else found
        return made

    def check(self) -> None:
        """FailedPreconditionError unless it is initialized."""
        if not self.ready:
            raise FailedPreconditionError(None, None, "Table not initialized.")

    def exported(self) -> tuple[Any, Any]:
        """All keys, and their values."""
        self.check()
        key_kind, value_kind = self.kinds
        return (
            _array(list(self.values), key_kind),
            _array(list(self.values.values()), value_kind),
        )


_MISSING = object()


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _numpy_of(kind: Any) -> Any:
    return object if kind.name == "string" else kind.as_numpy_dtype


def _array(items: list[Any], kind: Any) -> Any:
    if kind.name != "string":
        return np.array(items, kind.as_numpy_dtype)
    made = np.empty(len(items), object)
    made[:] = items
    return made


# -- tables ----------------------------------------------------------------------------


def _table(*, changes: bool) -> Callable[[Operation, State], Callable[..., Table]]:
    def bind(op: Operation, state: State) -> Callable[..., Table]:
        shared = op._attrs["shared_name"]
        if not shared and not op._attrs["use_node_name_sharing"]:
            shared = op._name
        key = ("table", op._attrs["container"], shared or op._name)
        table = state.resources.setdefault(key, Table(op, changes=changes))
        return lambda *_keys: table

    return bind


for _type in ("HashTableV2", "HashTable"):
    define(_type, shape=rules.scalar, bind=_table(changes=False), gradient=None)
for _type in (
    "MutableHashTableV2",
    "MutableHashTableOfTensorsV2",
    "MutableDenseHashTableV2",
):
    define(_type, shape=rules.scalar, bind=_table(changes=True), gradient=None)


def _initialize(table: Table, keys: Any, values: Any) -> None:
    table.fill(zip(_items(keys), _items(values), strict=True))


def _items(values: Any) -> list[Any]:
    return list(np.asarray(values).reshape(-1).tolist())


define("InitializeTableV2", shape=rules.no_outputs, kernel=_initialize, gradient=None)


# -- from files ------------------------------------------------------------------------


def _from_file_kernel(op: Operation) -> Callable[[Table, Any], None]:
    attrs = op._attrs
    places = attrs["key_index"], attrs["value_index"]
    most, mark = attrs["vocab_size"], attrs["delimiter"]
    mark = mark if isinstance(mark, bytes) else str(mark).encode()

    def kernel(table: Table, filename: Any) -> None:
        item = filename.item() if hasattr(filename, "item") else filename
        path = item.decode()
        lines = _lines(path)
        if most >= 0:
            _check_size(len(lines), most, path)
            lines = lines[:most]
        rows = enumerate(lines)
        table.fill(_pair(path, row, places, mark, table.kinds) for row in rows)

    return kernel


def _lines(path: str) -> list[bytes]:
    try:
        with open(path, "rb") as file:
            return file.read().splitlines()
    except OSError:
        raise NotFoundError(None, None, f"{path}; No such file or directory") from None


def _check_size(count: int, wanted: int, path: str) -> None:
    if count < wanted:
        raise InvalidArgumentError(
            None,
            None,
            f"Invalid vocab_size in {path}: expected {wanted} but got {count}",
        )


def _pair(
    path: str,
    row: tuple[int, bytes],
    places: tuple[int, int],
    mark: bytes,
    kinds: list[Any],
) -> tuple[Any, Any]:
    """The key and the value that a line says."""
    number, line = row
    parts = line.split(mark)
    if max(places) >= len(parts):
        raise InvalidArgumentError(
            None,
            None,
            f"Invalid number of columns in {path} line {number} ({_text(line)}) : "
            f"expected {max(places)} got {len(parts)}",
        )
    fields = dict(enumerate(parts))
    fields.update({WHOLE_LINE: line, LINE_NUMBER: str(number).encode()})
    key, value = (
        _typed(fields[place], number, kind)
        for place, kind in zip(places, kinds, strict=True)
    )
    return key, value


def _typed(text: bytes, number: int, kind: Any) -> Any:
    if kind.name == "string":
        return text
    try:
        return int(text) if kind.is_integer else float(text)
    except ValueError:
        raise InvalidArgumentError(
            None,
            None,
            f"Field {_text(text)} in line {number} is not a valid {kind.name}.",
        ) from None


define(
    "InitializeTableFromTextFileV2",
    shape=rules.no_outputs,
    build=_from_file_kernel,
    gradient=None,
)


# -- asking and changing ---------------------------------------------------------------


def _find_shape(op: Operation) -> list[Dims]:
    table, keys = op.inputs[0].op, op.inputs[1]._dims
    if table.type == "MutableHashTableOfTensorsV2":
        values = table._attrs["value_shape"]
        return [None if keys is None or values is None else (*keys, *values)]
    return [keys]


def _export_shape(op: Operation) -> list[Dims]:
    values = op.inputs[0].op._attrs.get("value_shape", ())
    return [(None,), None if values is None else (None, *values)]


def _insert(table: Table, keys: Any, values: Any) -> None:
    rows = np.asarray(values)
    flat = np.asarray(keys).reshape(-1).tolist()
    rows = rows.reshape(len(flat), *rows.shape[np.ndim(keys) :])
    items = rows.tolist() if rows.ndim == 1 else list(rows)
    table.values.update(zip(flat, items, strict=True))


def _import(table: Table, keys: Any, values: Any) -> None:
    if not table.changes:
        _initialize(table, keys, values)
        return
    table.values.clear()
    _insert(table, keys, values)


def _remove(table: Table, keys: Any) -> None:
    for key in _items(keys):
        table.values.pop(key, None)


def _size(table: Table) -> Any:
    return np.asarray(len(table.values), np.int64)


define(
    "LookupTableFindV2",
    shape=_find_shape,
    kernel=lambda table, keys, default: table.find(keys, default),
    gradient=None,
)
define(
    "LookupTableExportV2",
    shape=_export_shape,
    kernel=lambda table: table.exported(),
    gradient=None,
)
define("LookupTableSizeV2", shape=rules.scalar, kernel=_size, gradient=None)
define("LookupTableInsertV2", shape=rules.no_outputs, kernel=_insert, gradient=None)
define("LookupTableImportV2", shape=rules.no_outputs, kernel=_import, gradient=None)
define("LookupTableRemoveV2", shape=rules.no_outputs, kernel=_remove, gradient=None)
