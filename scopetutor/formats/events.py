"""Event files, which TensorBoard shows: graphs and summaries over time.

``EventWriter`` writes one as ``tf.summary.FileWriter`` does, ``read_events`` reads
any. ``records.py`` and ``summaries.py`` come before.
"""

from __future__ import annotations

import glob
import os
import socket
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, BinaryIO, Self

from . import protos
from .message import Message
from .records import frame, read_records

_VERSION = "brain.Event:2"
_NAME = "events.out.tfevents."


class EventWriter:
    """Appends events to one file of a log folder.

    Attributes:
        path: the file, ``events.out.tfevents.<seconds>.<host><suffix>``.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        suffix: str = "",
        *,
        clock: Callable[[], float] = time.time,
        host: str | None = None,
    ) -> None:
        """Make the folder if need be, and the file with its first event.

        Args:
            folder: the log folder.
            suffix: the end of the file's name.
            clock: gives seconds since 1970; every event is stamped with it.
            host: the name of this machine; None asks the system.

        Raises:
            OSError: the file cannot be written.
        """
        os.makedirs(folder, exist_ok=True)
        self._clock = clock
        self._described: set[str] = set()
        seconds = int(clock())
        name = f"{_NAME}{seconds:010d}.{host or socket.gethostname()}{suffix}"
        self.path = os.path.join(folder, name)
        # Appending: a second writer of the same second must not undo the first.
        self._file: BinaryIO = open(self.path, "ab")  # noqa: SIM115 - see close
        self.add(protos.Event(wall_time=seconds, file_version=_VERSION))
        self.flush()

    def add(self, event: Any, step: int | None = None) -> None:
        """Append an ``Event``, stamped with the time unless it has one.

        Args:
            event: the event; it gets the time and the step.
            step: the training step, if it has one.
        """
        if not event.wall_time:
            event.wall_time = self._clock()
        if step is not None:
            event.step = int(step)
        self._file.write(frame(event.encode()))

    def add_summary(self, summary: Message | bytes, step: int | None = None) -> None:
        """Append a ``Summary``, or its bytes as a session's run gives them.

        TF 1.15: what a tag means (its metadata) is written the first time only.

        Raises:
            FileFormatError: the bytes are no summary.
        """
        event: Any = protos.Event()
        if isinstance(summary, bytes):
            event.summary.ParseFromString(summary)
        else:
            event.summary.CopyFrom(summary)
        for value in event.summary.value:
            if not value.HasField("metadata"):
                continue
            if value.tag in self._described:
                value.ClearField("metadata")
            self._described.add(value.tag)
        self.add(event, step)

    def add_graph(self, graph: Message, step: int | None = None) -> None:
        """Append a ``GraphDef``."""
        self.add(protos.Event(graph_def=graph.encode()), step)

    def add_meta_graph(self, meta_graph: Message, step: int | None = None) -> None:
        """Append a ``MetaGraphDef``."""
        self.add(protos.Event(meta_graph_def=meta_graph.encode()), step)

    def add_session_log(self, log: Message, step: int | None = None) -> None:
        """Append a ``SessionLog``."""
        self.add(protos.Event(session_log=log), step)

    def flush(self) -> None:
        """Make everything added so far readable by others."""
        self._file.flush()

    def close(self) -> None:
        """End the file; closing twice does nothing."""
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


def read_events(path: str | os.PathLike[str]) -> Iterator[Any]:
    """Every ``Event`` of a file, in order.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is damaged, or ends within an event; the events
            before that have been given.
    """
    for record in read_records(path):
        yield protos.Event.decode(record, path=os.fspath(path))


def event_files(folder: str | os.PathLike[str]) -> list[str]:
    """The event files of a log folder, oldest first."""
    return sorted(glob.glob(os.path.join(glob.escape(os.fspath(folder)), f"{_NAME}*")))
