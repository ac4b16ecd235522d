"""Several checkpoints as one: how a sharded save ends.

Each device writes a checkpoint of its own, ``PREFIX_temp_…/part-00000-of-00002``;
then their data files are renamed to ``PREFIX.data-00000-of-00002`` and one index is
written for all. ``checkpoint_writer.py`` and ``crash_safe.py`` come before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import protos
from .checkpoint_v2 import data_path
from .crash_safe import FilesTogether, finish_interrupted
from .sstable import SortedTable, write_table


def merge_checkpoints(parts: Sequence[str], prefix: str) -> None:
    """Make one checkpoint of several; their own files are gone then.

    Args:
        parts: the prefixes of complete V2 checkpoints on the same disk.
        prefix: of the whole.

    Raises:
        FileMissingError, FileFormatError: a part is not there, or damaged.
        ValueError: a tensor is in two parts, and not as two pieces of it.
        OSError: a file cannot be moved.
    """
    index, data = _merged(parts)
    with FilesTogether() as files:
        for shard, path in enumerate(data):
            files.adopt(data_path(prefix, shard, len(data)), path)
        write_table(files.create(f"{prefix}.index"), index)
        finish_interrupted(prefix)


def _merged(parts: Sequence[str]) -> tuple[list[tuple[bytes, bytes]], list[str]]:
    """The entries of the new index, sorted, and the data files in their new order."""
    data: list[str] = []
    entries: dict[bytes, Any] = {}
    header = protos.BundleHeaderProto()
    for part in parts:
        table = dict(SortedTable(f"{part}.index"))
        header = protos.BundleHeaderProto.decode(table.pop(b""), path=part)
        offset = len(data)
        data += [
            data_path(part, n, header.num_shards) for n in range(header.num_shards)
        ]
        for key, value in table.items():
            entry = protos.BundleEntryProto.decode(value, path=part)
            entry.shard_id += offset
            _add(entries, key, entry)
    header.num_shards = len(data)
    rows = [(b"", header.encode())]
    rows += [(key, entry.encode()) for key, entry in sorted(entries.items())]
    return rows, data


def _add(entries: dict[bytes, Any], key: bytes, entry: Any) -> None:
    """Note an entry; that of a whole tensor may come with some of its pieces."""
    known = entries.setdefault(key, entry)
    if known is entry:
        return
    name = key.decode(errors="replace")
    if not (known.slices and entry.slices):
        raise ValueError(f"{name} is saved twice")
    if (known.dtype, known.shape) != (entry.dtype, entry.shape):
        raise ValueError(f"parts of {name} disagree on its shape")
    known.slices.extend(entry.slices)
