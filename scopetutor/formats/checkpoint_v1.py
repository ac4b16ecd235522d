"""A checkpoint of TensorFlow before 1.0, or of ``Saver(write_version=V1)``.

One file, or one per shard, each a sorted table. The key "" holds a
``SavedTensorSlices`` that lists all tensors with their parts; every other key is
a part, and its value another ``SavedTensorSlices`` with the data in it. A tensor
that is not partitioned has one part.

``checkpoint.py`` and ``sstable.py`` come before, ``open_checkpoint.py`` after.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scopetutor.errors import FileFormatError

from . import protos
from .checkpoint import Checkpoint, TensorInfo, shape_of
from .datatypes import datatype_numbered
from .slices import Slice, slice_key
from .sstable import SortedTable
from .wire import MalformedError, get_bytes, get_varint, skip

if TYPE_CHECKING:
    from .arrays import Array

# where a part's TensorProto is: SavedTensorSlices.data, then SavedSlice.data
_DATA, _TENSOR = 2, 3


class ListsNothingError(FileFormatError):
    """A table that is no V1 checkpoint, such as the index of a V2 one."""


class CheckpointV1(Checkpoint):
    """A checkpoint in one kind of file."""

    version = "V1"

    def __init__(self, prefix: str, paths: Sequence[str] = ()) -> None:
        """Read the lists of tensors.

        Args:
            prefix: what TensorFlow calls it.
            paths: its files; none means the one file at ``prefix``.

        Raises:
            FileMissingError: a file is not there.
            FileFormatError: it is not a V1 checkpoint, or is damaged.
        """
        super().__init__(prefix, (*paths, prefix)[0])
        self._tables = [SortedTable(path) for path in paths or (prefix,)]
        self._infos: dict[str, TensorInfo] = {}
        self._home: dict[str, dict[Slice, SortedTable]] = {}
        for table in self._tables:
            self._read_list(table)

    def _read_list(self, table: SortedTable) -> None:
        raw = table.get(b"") or b""
        listed: Any = protos.SavedTensorSlices.decode(raw, path=table.path)
        if not listed.HasField("meta"):
            raise ListsNothingError(
                "this table is not a V1 checkpoint: it lists no tensors",
                path=table.path,
                hint="a V2 checkpoint is named without .index",
            )
        try:
            for tensor in listed.meta.tensor:
                self._add(table, tensor)
        except MalformedError as error:
            raise self._damaged(error) from error

    def _add(self, table: SortedTable, tensor: Any) -> None:
        name: str = tensor.name
        datatype = datatype_numbered(tensor.type)
        self._infos[name] = TensorInfo(name, datatype, shape_of(tensor.shape))
        parts = self._home.setdefault(name, {})
        for proto in tensor.slice:
            parts[Slice.from_proto(proto)] = table
        if not parts:
            raise MalformedError(f"tensor {name} has no part")

    def _names(self) -> list[str]:
        return sorted(self._infos, key=str.encode)

    def _describe(self, name: str) -> TensorInfo:
        info, parts = self._infos[name], tuple(self._home[name])
        if len(parts) == 1 and parts[0].covers(info.shape):
            return info
        return replace(info, parts=parts)

    @cached_property
    def _total(self) -> int:
        return sum(os.path.getsize(table.path) for table in self._tables)

    def _stored_bytes(self) -> int:
        return self._total

    def _read_stored(self, info: TensorInfo, part: Slice | None) -> Array:
        from .tensors import array_from  # noqa: PLC0415 - listing must not load NumPy

        parts = self._home[info.name]
        stored = next(iter(parts)) if part is None else part
        value = parts[stored].get(slice_key(info.name, stored))
        if value is None:
            raise MalformedError(f"its part {stored} is not in the file")
        shape = stored.within(info.shape).lengths
        tensor = _field(_field(value, _DATA), _TENSOR)
        return array_from(tensor, info.datatype, shape, exact=True).copy()


def _field(message: bytes, wanted: int) -> bytes:
    """One message inside another, not decoded: it may be a gigabyte of numbers."""
    position = 0
    while position < len(message):
        tag, position = get_varint(message, position)
        if tag >> 3 == wanted:
            return get_bytes(message, position)[0]
        position = skip(message, position, tag & 7)
    raise MalformedError("a part has no data")
