"""Records one after the other in a file: TFRecord, what event files are made of.

Each record is its length in eight bytes, the masked checksum of those, the data,
and the masked checksum of the data. ``checksum.py`` comes before, ``events.py`` after.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from scopetutor.errors import FileFormatError

from .checksum import crc32c, mask, unmask
from .file_ranges import FileRanges
from .wire import MalformedError

# zlib's windowBits for each of TensorFlow's names of a compression
_COMPRESSIONS = {"": 0, "ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS | 16}
_CHUNK = 1 << 20


def frame(record: bytes) -> bytes:
    """The bytes of one record in a file."""
    length = struct.pack("<Q", len(record))
    return b"".join(
        (
            length,
            struct.pack("<I", mask(crc32c(length))),
            record,
            struct.pack("<I", mask(crc32c(record))),
        )
    )


def _window_bits(compression: str) -> int:
    if compression not in _COMPRESSIONS:
        known = ", ".join(name or "none" for name in _COMPRESSIONS)
        raise ValueError(f"unknown compression {compression!r}; there are {known}")
    return _COMPRESSIONS[compression]


class RecordWriter:
    """Writes records to a file, as ``tf.python_io.TFRecordWriter`` does.

    Attributes:
        path: the file.
    """

    def __init__(self, path: str | os.PathLike[str], compression: str = "") -> None:
        """Begin the file anew.

        Args:
            path: the file.
            compression: ``""``, ``"GZIP"`` or ``"ZLIB"``.

        Raises:
            ValueError: there is no such compression.
            OSError: the file cannot be written.
        """
        bits = _window_bits(compression)
        self.path = os.fspath(path)
        self._compressor = zlib.compressobj(wbits=bits) if bits else None
        self._file: BinaryIO = open(self.path, "wb")  # noqa: SIM115 - see close

    def write(self, record: bytes) -> None:
        """Add one record."""
        data = frame(record)
        self._file.write(self._compressor.compress(data) if self._compressor else data)

    def flush(self) -> None:
        """Make everything written so far readable by others."""
        if self._compressor:
            self._file.write(self._compressor.flush(zlib.Z_SYNC_FLUSH))
        self._file.flush()

    def close(self) -> None:
        """End the file; closing twice does nothing."""
        if self._compressor and not self._file.closed:
            self._file.write(self._compressor.flush())
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_records(
    path: str | os.PathLike[str], compression: str = ""
) -> Iterator[bytes]:
    """Every record of a file, in order.

    Args:
        path: the file.
        compression: ``""``, ``"GZIP"`` or ``"ZLIB"``, as it was written.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is damaged, or ends within a record; the records
            before that have been given.
        ValueError: there is no such compression.
    """
    bits = _window_bits(compression)
    ranges = FileRanges(os.fspath(path))
    try:
        with open(ranges.path, "rb") as file:
            yield from _records(_Source(file, bits), ranges.path)
    except OSError as error:
        raise ranges.refused(error) from error


class _Source:
    """The bytes of a file, unpacked if need be, taken a piece at a time."""

    def __init__(self, file: BinaryIO, bits: int) -> None:
        self._file = file
        self._unpack = zlib.decompressobj(wbits=bits) if bits else None
        self._left = os.fstat(file.fileno()).st_size
        self._ready = bytearray()
        self.taken = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes; fewer only at the end.

        Raises:
            MalformedError: the file cannot be unpacked, or is too short.
        """
        if self._unpack is None and count > self._left + len(self._ready):
            # said before reading, so that no length makes us ask for memory
            if self._left + len(self._ready) == 0:
                return b""
            raise MalformedError("it ends too early")
        while len(self._ready) < count and self._fill(count - len(self._ready)):
            pass
        piece = bytes(self._ready[:count])
        del self._ready[:count]
        self.taken += len(piece)
        return piece

    def _fill(self, wanted: int) -> bool:
        """Read some more; whether there was more."""
        if self._unpack is None:
            data = self._file.read(wanted)
            self._left -= len(data)
        else:
            packed = self._unpack.unconsumed_tail or self._file.read(_CHUNK)
            try:
                data = self._unpack.decompress(packed, _CHUNK)
            except zlib.error as error:
                raise MalformedError(f"it cannot be unpacked: {error}") from error
            if packed and not data:
                return not self._unpack.eof
        self._ready += data
        return bool(data)


def _records(source: _Source, path: str) -> Iterator[bytes]:
    while True:
        begin = source.taken
        try:
            record = _record(source)
        except MalformedError as error:
            raise FileFormatError(
                f"the record at byte {begin} is damaged: {error}",
                path=path,
                hint="it may still be being written, or be compressed",
            ) from error
        if record is None:
            return
        yield record


def _record(source: _Source) -> bytes | None:
    """The next record, or None at the end."""
    header = source.take(12)
    if not header:
        return None
    if len(header) < 12:
        raise MalformedError("it ends too early")
    length, stored = struct.unpack("<QI", header)
    if unmask(stored) != crc32c(header[:8]):
        raise MalformedError("its length does not have the checksum it should have")
    body = source.take(length + 4)
    if len(body) < length + 4:
        raise MalformedError("it ends too early")
    record = body[:-4]
    if unmask(struct.unpack("<I", body[-4:])[0]) != crc32c(record):
        raise MalformedError("its data does not have the checksum it should have")
    return record
