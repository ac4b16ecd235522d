"""Writing a checkpoint, byte for byte as TensorFlow 1.15 does.

Everything is written under temporary names first and appears at once, data files
before the index: whatever kills the writer, a complete checkpoint remains.

``crash_safe.py`` and ``sstable.py`` come before; ``checkpoint_state.py`` is what a
Saver writes next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, BinaryIO

from . import protos
from .arrays import Array, as_bytes, as_strings, datatype_of, pack_strings
from .bundle_entry import BundleEntry
from .checkpoint_v2 import data_path
from .checksum import crc32c, mask
from .crash_safe import FilesTogether, finish_interrupted
from .datatypes import STRING
from .slices import Slice, slice_key
from .sstable import write_table


@dataclass(frozen=True, slots=True)
class Part:
    """Where a piece of a partitioned variable belongs.

    Attributes:
        shape: the shape of the whole variable.
        box: the part of it that is saved.
    """

    shape: tuple[int, ...]
    box: Slice


@dataclass(frozen=True, slots=True, eq=False)
class TensorToSave:
    """One tensor, or one part of a partitioned variable.

    Attributes:
        name: its key.
        values: any array of a type that ``arrays.datatype_of`` knows; strings as
            an object array of ``bytes`` or ``str``, or NumPy's own string types.
        part: where it belongs, if it is a part; its shape is then the part's.
    """

    name: str
    values: Array
    part: Part | None = None


def write_checkpoint(
    prefix: str | PathLike[str], *shards: Iterable[TensorToSave]
) -> None:
    """Save tensors as ``PREFIX.index`` and one data file per shard.

    Args:
        prefix: where to; its folder must be there.
        shards: the tensors of each data file, in the order they are to lie
            there. A Saver gives them sorted by name, one shard per device if
            ``sharded``. None makes an empty checkpoint.

    Raises:
        ValueError: two tensors have one name, or two parts one place; a part
            does not have the shape it says.
        TypeError: files of TensorFlow have no such type.
        OSError: the folder is not there, or the disk is full. What was at
            ``prefix`` before is then still there.
    """
    path, shards = fspath(prefix), shards or ((),)
    index = _Index(len(shards))
    with FilesTogether() as files:
        for number, tensors in enumerate(shards):
            file = files.create(data_path(path, number, len(shards)))
            for tensor in tensors:
                index.add(tensor, number, file.tell(), *_write(file, tensor.values))
        write_table(files.create(f"{path}.index"), index.entries())
        finish_interrupted(path)


def _write(file: BinaryIO, values: Array) -> tuple[int, int]:
    """Append the values; (bytes, checksum)."""
    data: Any
    if datatype_of(values) is STRING:
        data, checksum = pack_strings(as_strings(values))
    else:
        data = as_bytes(values)
        checksum = crc32c(data)
    file.write(data)
    return len(data), checksum


class _Index:
    """The entries of an index, growing."""

    def __init__(self, shards: int) -> None:
        header: Any = protos.BundleHeaderProto(num_shards=shards)
        header.version.producer = 1
        self._header = header.encode()
        self._entries: dict[bytes, BundleEntry] = {}

    def add(
        self, tensor: TensorToSave, shard: int, offset: int, size: int, checksum: int
    ) -> None:
        """Note one tensor and where its values lie."""
        key, values = tensor.name.encode(), tensor.values
        if not key or key[0] == 0:
            raise ValueError(f"a tensor cannot be saved under the name {tensor.name!r}")
        dtype = datatype_of(values).number
        entry = BundleEntry(dtype, values.shape, shard, offset, size, mask(checksum))
        part = tensor.part
        if part is not None and not part.box.covers(part.shape):
            key = self._add_part(tensor.name, part, entry)
        if key in self._entries:
            raise ValueError(f"{tensor.name} is saved twice")
        self._entries[key] = entry

    def _add_part(self, name: str, part: Part, entry: BundleEntry) -> bytes:
        """Note a part in the entry of the whole; the key of the part's own."""
        if part.box.within(part.shape).lengths != entry.shape:
            raise ValueError(f"a part of {name} does not have the shape of {part.box}")
        fresh = BundleEntry(entry.dtype, part.shape, entry.shard)
        whole = self._entries.get(name.encode(), fresh)
        if whole.shape != part.shape:
            raise ValueError(f"parts of {name} disagree on its shape")
        self._entries[name.encode()] = whole._replace(
            dtype=entry.dtype, slices=(*whole.slices, part.box)
        )
        return slice_key(name, part.box)

    def entries(self) -> list[tuple[bytes, bytes]]:
        """(key, bytes) of every entry, sorted."""
        rows = [(key, entry.encode()) for key, entry in sorted(self._entries.items())]
        return [(b"", self._header), *rows]
