"""What runs readers: files named by a queue, given record by record.

After queues and record files; the classes of `tf` are in ``readers.py``.
"""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.registry import define

from . import rules
from .datasets import as_component
from .io import strings, text_of
from .queues import _numbers
from .record_files import contents, lines, pieces, records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

    from .queues import Queue

    Found = Iterator[tuple[str, bytes]]


class Reader:
    """Where a reader is, in one session.

    Attributes:
        produced: how many records it gave.
        completed: how many files it came to the end of.
    """

    def __init__(self, read: Callable[[str], Found]) -> None:
        next(_numbers)  # TF 1.15 counts readers and queues together
        self._read = read
        self._records: Found | None = None
        self._lock = threading.Lock()
        self.produced = self.completed = 0

    def some(self, queue: Queue, most: int) -> list[tuple[str, bytes]]:
        """The next records and their keys: of one file, and at least one."""
        found: list[tuple[str, bytes]] = []
        with self._lock:
            while not found:
                if self._records is None:
                    ((name,),) = queue.take(1)
                    self._records = self._read(text_of(name))
                found = list(itertools.islice(self._records, most))
                self.produced += len(found)
                if len(found) < most:
                    self._records = None
                    self.completed += 1
        return found

    def reset(self) -> None:
        """Forgets where it is."""
        with self._lock:
            self._records = None
            self.produced = self.completed = 0


def _lines_of(op: Operation) -> Callable[[str], Found]:
    skipped = op._attrs["skip_header_lines"]

    def read(name: str) -> Found:
        for number, line in enumerate(lines(contents(name)), 1):
            if number > skipped:
                yield f"{name}:{number}", line

    return read


def _records_of(op: Operation) -> Callable[[str], Found]:
    compression = op._attrs["compression_type"]

    def read(name: str) -> Found:
        offset = 0
        for record in records(name, compression):
            yield f"{name}:{offset}", record
            offset += len(record) + 16  # with its length and checksums

    return read


def _pieces_of(op: Operation) -> Callable[[str], Found]:
    attrs = op._attrs
    sizes = attrs["header_bytes"], attrs["record_bytes"], attrs["footer_bytes"]

    def read(name: str) -> Found:
        found = pieces(name, contents(name), *sizes)
        return ((f"{name}:{i}", piece) for i, piece in enumerate(found))

    return read


def _whole(_: Operation) -> Callable[[str], Found]:
    return lambda name: iter([(name, contents(name))])


def _itself(_: Operation) -> Callable[[str], Found]:
    return lambda name: iter([(name, name.encode())])


def _holder(
    reading: Callable[[Operation], Callable[[str], Found]],
) -> Callable[[Operation, State], Callable[[], Reader]]:
    def bind(op: Operation, state: State) -> Callable[[], Reader]:
        return lambda: state.resource(op, lambda: Reader(reading(op)))

    return bind


def _read(reader: Reader, queue: Queue) -> Any:
    ((key, value),) = reader.some(queue, 1)
    return as_component(key.encode()), as_component(value)


def _read_up_to(reader: Reader, queue: Queue, num_records: Any) -> Any:
    found = reader.some(queue, int(num_records))
    keys = strings([key for key, _ in found], (len(found),))
    values = np.empty(len(found), object)
    values[:] = [value for _, value in found]
    return keys, values


def _two_vectors(_: Operation) -> list[Dims]:
    return [(None,), (None,)]


for _name, _reading in (
    ("TextLineReaderV2", _lines_of),
    ("TFRecordReaderV2", _records_of),
    ("FixedLengthRecordReaderV2", _pieces_of),
    ("WholeFileReaderV2", _whole),
    ("IdentityReaderV2", _itself),
):
    define(_name, shape=rules.scalar, bind=_holder(_reading))
define("ReaderReadV2", shape=rules.scalar, kernel=_read, gradient=None)
define("ReaderReadUpToV2", shape=_two_vectors, kernel=_read_up_to, gradient=None)
define("ReaderResetV2", shape=rules.no_outputs, kernel=Reader.reset, gradient=None)
define(
    "ReaderNumRecordsProducedV2", shape=rules.scalar, gradient=None,
    kernel=lambda reader: np.int64(reader.produced),
)  # fmt: skip
define(
    "ReaderNumWorkUnitsCompletedV2", shape=rules.scalar, gradient=None,
    kernel=lambda reader: np.int64(reader.completed),
)  # fmt: skip
