"""A checkpoint of today: ``PREFIX.index`` and ``PREFIX.data-00000-of-00001``.

The index is a sorted table. Its key "" holds a ``BundleHeaderProto``, every other
key is a tensor's name with a ``BundleEntryProto``: type, shape, and which bytes of
which data file. Of a partitioned variable the entry lists the parts, and each
part has an entry of its own under a key that begins with a zero byte.

``checkpoint.py`` and ``sstable.py`` come before, ``open_checkpoint.py`` after.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from math import prod
from typing import TYPE_CHECKING

from scopetutor.errors import FileFormatError

from . import protos
from .bundle_entry import BundleEntry, decode
from .checkpoint import Checkpoint, TensorInfo
from .checksum import crc32c, unmask
from .crash_safe import interrupted
from .datatypes import STRING, DataType, datatype_numbered
from .file_ranges import FileRanges
from .slices import Slice, slice_key
from .sstable import SortedTable
from .wire import ChecksumError, MalformedError

if TYPE_CHECKING:
    from .arrays import Array

_BIG_ENDIAN = 1
# the first byte of the key of a part
_PART = b"\0"


def data_path(prefix: str, shard: int, shards: int) -> str:
    """The name of one data file."""
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


class CheckpointV2(Checkpoint):
    """A checkpoint in an index file and data files."""

    version = "V2"

    def __init__(self, prefix: str) -> None:
        """Read the index; data files are looked at when a tensor is read.

        Raises:
            FileMissingError: there is no index.
            FileFormatError: it is damaged.
        """
        self._waiting = interrupted(prefix)
        index = self._waiting.get(f"{prefix}.index", f"{prefix}.index")
        super().__init__(prefix, index)
        self._entries = dict(
            SortedTable(index, missing_hint="a checkpoint needs its .index file")
        )
        if b"" not in self._entries:
            raise FileFormatError(
                "this table is not the index of a checkpoint: it has no header",
                path=index,
                hint="a V1 checkpoint is named without .index",
            )
        header = protos.BundleHeaderProto.decode(self._entries.pop(b""), path=index)
        self.shards: int = header.num_shards
        # describing a tensor and then reading it needs its entry twice
        self._entry = lru_cache(maxsize=8)(self._decode_entry)
        self._file = lru_cache(maxsize=64)(self._look_at_file)
        self._order = ">" if header.endianness == _BIG_ENDIAN else "<"

    def _names(self) -> list[str]:
        return [key.decode() for key in self._entries if key[:1] != _PART]

    def _decode_entry(self, key: bytes) -> BundleEntry:
        return decode(self._entries[key], self._index_path)

    def _describe(self, name: str) -> TensorInfo:
        if name[:1] == "\0":
            raise KeyError(name)
        entry = self._entry(name.encode())
        return TensorInfo(
            name, datatype_numbered(entry.dtype), entry.shape, entry.slices
        )

    def stored(self) -> Iterator[tuple[bytes, DataType, tuple[int, ...]]]:
        """(key, type, shape) of everything that holds values, in the index's order."""
        for key in self._entries:
            entry = self._entry(key)
            if not entry.slices:
                yield key, datatype_numbered(entry.dtype), entry.shape

    def _look_at_file(self, shard: int) -> FileRanges:
        if not 0 <= shard < self.shards:
            raise MalformedError(f"there are {self.shards} data files, none is {shard}")
        path = data_path(self.prefix, shard, self.shards)
        hint = "the .index and all .data files must lie together"
        return FileRanges(self._waiting.get(path, path), missing_hint=hint)

    @cached_property
    def _total(self) -> int:
        shards = {self._entry(key).shard for key in self._entries}
        return sum(self._file(shard).size for shard in shards)

    def _stored_bytes(self) -> int:
        return self._total

    def _read_stored(self, info: TensorInfo, part: Slice | None) -> Array:
        shape = info.shape
        key = info.name.encode()
        if part is not None:
            shape, key = part.within(shape).lengths, slice_key(info.name, part)
            if key not in self._entries:
                raise MalformedError(f"its part {part} is not in the index")
        entry = self._entry(key)
        file = self._file(entry.shard)
        # Before any memory is taken: the file must have these bytes.
        file.check(entry.offset, entry.size)
        if info.datatype is STRING:
            return self._read_strings(entry, file, shape)
        return self._read_numbers(entry, file, info, shape)

    def _read_numbers(
        self,
        entry: BundleEntry,
        file: FileRanges,
        info: TensorInfo,
        shape: tuple[int, ...],
    ) -> Array:
        from . import arrays  # noqa: PLC0415 - listing must not load NumPy

        needed = prod(shape) * info.datatype.size
        if needed != entry.size:
            raise MalformedError(f"its shape needs {needed} bytes, it has {entry.size}")
        values = arrays.empty(shape, info.datatype)
        raw = values.reshape(-1).view("u1")
        file.read_into(entry.offset, raw.data)
        _check(entry, crc32c(raw))
        return values if self._order == "<" else values.byteswap()

    def _read_strings(
        self, entry: BundleEntry, file: FileRanges, shape: tuple[int, ...]
    ) -> Array:
        from . import arrays  # noqa: PLC0415 - listing must not load NumPy

        arrays.check_shape(shape)
        data = file.read(entry.offset, entry.size)
        strings, checksum = arrays.unpack_strings(data, prod(shape), self._order)
        _check(entry, checksum)
        return arrays.string_array(strings, shape)


def _check(entry: BundleEntry, checksum: int) -> None:
    stored = unmask(entry.crc32c)
    if stored != checksum:
        raise ChecksumError(
            f"checksum does not match: stored {stored}, calculated on the bytes "
            f"{checksum}",
            stored,
            checksum,
        )
