"""A sorted table of keys and values in one file: LevelDB's table format.

``PREFIX.index`` is one, and so is a whole V1 checkpoint. Layout::

    block 0 | block 1 | ... | empty block | index block | footer of 48 bytes

A block is entries, then the offsets of those entries (every 16th) that spell
their key in full, then how many; behind it one byte for the compression and
four for the checksum. An entry gives how much of its key it shares with the key
before. The index block has, for each block, a key not less than its last one.

``SortedTable`` reads, ``write_table`` writes as TensorFlow 1.15 does. Before
this: ``file_ranges.py``; after: ``checkpoint_v2.py`` and ``checkpoint_v1.py``.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from scopetutor.errors import FileFormatError

from . import snappy
from .checksum import crc32c, mask, unmask
from .file_ranges import FileRanges
from .wire import ChecksumError, MalformedError, get_varint, put_varint

MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
FOOTER = 48
_TRAILER = 5
_PLAIN, _SNAPPY = 0, 1

# TF 1.15: table::Options
_BLOCK_SIZE = 262144
_RESTART_INTERVAL = 16

# Keys share prefixes, so a small block could spell out gigabytes of them.
_KEY_BYTES_PER_BYTE = 16

_WRONG = (MalformedError, IndexError, struct.error)


class Handle(NamedTuple):
    """Where a block lies: its offset and size without the trailer, in bytes."""

    offset: int
    size: int


class NotATableError(FileFormatError):
    """The file does not end as a table does.

    Attributes:
        file_size: how many bytes it has.
    """

    def __init__(self, path: str, file_size: int) -> None:
        super().__init__(
            "this is not a checkpoint's index: its last 8 bytes are not the mark of a "
            "table",
            path=path,
            hint="name the checkpoint without .data-00000-of-00001 or .meta",
        )
        self.file_size = file_size


class DamagedTableError(FileFormatError):
    """A table's bytes are not what they were.

    Attributes:
        in_index: whether that is in the index of its blocks, so that nothing in it
            can be found.
    """

    in_index = False


class SortedTable:
    """The keys and values of one file, read block by block when asked for."""

    def __init__(self, path: str, *, missing_hint: str = "") -> None:
        """Read the footer and the index block.

        Raises:
            FileMissingError: there is no such file.
            FileFormatError: it is not a table, or is damaged.
        """
        self._file = FileRanges(path, missing_hint=missing_hint)
        self.path = path
        try:
            self._last_keys, self._handles = self._index()
        except _WRONG as error:
            damaged = self._damaged(error)
            damaged.in_index = True
            raise damaged from error
        self._entries_of = lru_cache(maxsize=1)(self._block_as_dict)

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        """Every (key, value), in the order of the keys' bytes."""
        try:
            for handle in self._handles:
                yield from self._entries(self._block(handle))
        except _WRONG as error:
            raise self._damaged(error) from error

    def get(self, key: bytes) -> bytes | None:
        """The value of ``key``, or None; reads one block."""
        at = bisect_left(self._last_keys, key)
        if at == len(self._handles):
            return None
        try:
            return self._entries_of(self._handles[at]).get(key)
        except _WRONG as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DamagedTableError:
        reason = str(error)
        if not isinstance(error, MalformedError):
            reason = "a block ends too early"
        return DamagedTableError(
            f"the table is damaged: {reason}",
            path=self.path,
            hint="copy the file again, or take an older checkpoint",
        )

    def _index(self) -> tuple[list[bytes], list[Handle]]:
        """(last key, handle) of each block; blocks must lie in order."""
        footer = b""
        if self._file.size >= FOOTER:
            footer = self._file.read(self._file.size - FOOTER, FOOTER)
        if not footer.endswith(MAGIC):
            raise NotATableError(self.path, self._file.size)
        _, position = _read_handle(footer, 0)
        index_handle, _ = _read_handle(footer, position)
        keys, handles, end = [], [], 0
        for key, value in self._entries(self._block(index_handle)):
            handle, _ = _read_handle(value, 0)
            if handle.offset < end:
                raise MalformedError("blocks overlap")
            end = handle.offset + handle.size + _TRAILER
            keys.append(key)
            handles.append(handle)
        return keys, handles

    def _block(self, handle: Handle) -> bytes:
        """The bytes of a block, checked and unpacked."""
        raw = self._file.read(handle.offset, handle.size + _TRAILER)
        (stored,) = struct.unpack_from("<I", raw, handle.size + 1)
        checksum = crc32c(raw[: handle.size + 1])
        if unmask(stored) != checksum:
            raise ChecksumError(
                "a block does not have the checksum it should have",
                unmask(stored),
                checksum,
            )
        compression, body = raw[handle.size], raw[: handle.size]
        if compression == _SNAPPY:
            return snappy.decompress(body)
        if compression != _PLAIN:
            raise MalformedError(f"a block has the unknown compression {compression}")
        return body

    def _block_as_dict(self, handle: Handle) -> dict[bytes, bytes]:
        return dict(self._entries(self._block(handle)))

    def _entries(self, block: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The (key, value) pairs of a block; keys must rise."""
        (restarts,) = struct.unpack_from("<I", block, len(block) - 4)
        end = len(block) - 4 - 4 * restarts
        if end < 0:
            raise MalformedError("a block has more restarts than bytes")
        position, key, spelled = 0, b"", 0
        most = _KEY_BYTES_PER_BYTE * len(block)
        while position < end:
            shared, position = get_varint(block, position)
            added, position = get_varint(block, position)
            length, position = get_varint(block, position)
            value_at = position + added
            if shared > len(key) or value_at + length > end:
                raise MalformedError("an entry reaches beyond its block")
            before, key = key, key[:shared] + block[position:value_at]
            if key <= before and spelled:
                raise MalformedError("keys are not in order")
            spelled += len(key) + 1
            if spelled > most:
                raise MalformedError("keys are too long for so small a block")
            position = value_at + length
            yield key, block[value_at:position]


def _read_handle(data: bytes, position: int) -> tuple[Handle, int]:
    offset, position = get_varint(data, position)
    size, position = get_varint(data, position)
    return Handle(offset, size), position


class _BlockWriter:
    """One block, growing."""

    def __init__(self, restart_interval: int = _RESTART_INTERVAL) -> None:
        self._restart_interval = restart_interval
        self._body = bytearray()
        self._restarts = [0]
        self._since_restart = 0
        self.last_key = b""

    def __bool__(self) -> bool:
        return bool(self._body)

    def __len__(self) -> int:
        return len(self._body) + 4 * len(self._restarts) + 4

    def add(self, key: bytes, value: bytes) -> None:
        """Append an entry; its key must be greater than the last one's."""
        shared = 0
        if self._since_restart < self._restart_interval:
            shared = _shared(self.last_key, key)
        else:
            self._restarts.append(len(self._body))
            self._since_restart = 0
        for number in (shared, len(key) - shared, len(value)):
            self._body += put_varint(number)
        self._body += key[shared:] + value
        self._since_restart += 1
        self.last_key = key

    def finish(self) -> bytes:
        """The block with its restarts, without the trailer."""
        numbers = (*self._restarts, len(self._restarts))
        return bytes(self._body) + struct.pack(f"<{len(numbers)}I", *numbers)


def write_table(file: BinaryIO, entries: Iterable[tuple[bytes, bytes]]) -> None:
    """Write a table, byte for byte as TensorFlow 1.15 does.

    Args:
        file: where to; at its beginning.
        entries: (key, value) in rising order of the keys' bytes.
    """
    # every key of the index block is spelled in full
    index = _BlockWriter(restart_interval=1)
    block, handle = _BlockWriter(), b""
    for key, value in entries:
        if handle:
            index.add(_between(block.last_key, key), handle)
            block, handle = _BlockWriter(), b""
        block.add(key, value)
        if len(block) >= _BLOCK_SIZE:
            handle = _write_block(file, block)
    if block and not handle:
        handle = _write_block(file, block)
    empty = _write_block(file, _BlockWriter())
    if handle:
        index.add(_just_after(block.last_key), handle)
    footer = empty + _write_block(file, index)
    file.write(footer.ljust(FOOTER - len(MAGIC), b"\0") + MAGIC)


def _write_block(file: BinaryIO, block: _BlockWriter) -> bytes:
    """Write a block and its trailer; the handle that finds it."""
    body = block.finish()
    handle = put_varint(file.tell()) + put_varint(len(body))
    body += bytes((_PLAIN,))
    file.write(body + struct.pack("<I", mask(crc32c(body))))
    return handle


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes two keys have in common at their beginning."""
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _between(low: bytes, high: bytes) -> bytes:
    """A short key k with low <= k < high (LevelDB: FindShortestSeparator)."""
    shared = _shared(low, high)
    if shared < min(len(low), len(high)) and low[shared] + 1 < high[shared]:
        return low[:shared] + bytes((low[shared] + 1,))
    return low


def _just_after(key: bytes) -> bytes:
    """A short key not less than ``key`` (LevelDB: FindShortSuccessor)."""
    for at, byte in enumerate(key):
        if byte != 255:
            return key[:at] + bytes((byte + 1,))
    return key
