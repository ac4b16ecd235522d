"""`tf.TextLineReader` and its kind: readers of files whose names a queue gives.

After queues; ``ops/readers.py`` runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import defaults
from .apply import apply
from .deprecation import deprecated
from .operation import Tensor
from .record_writer import TFRecordOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    _Init = Callable[..., None]

_REPLACED = "Queue-based input pipelines have been replaced by `tf.data`. Use "


def _deprecated(name: str, instead: str) -> Callable[[_Init], _Init]:
    return deprecated(f"{name}.__init__", "io_ops", f"{_REPLACED}`{instead}`.")


class ReaderBase:
    """A reader of the graph.

    Args:
        reader_ref: the tensor that is its handle.
        supports_serialize: whether its place can be kept.

    Raises:
        RuntimeError: in eager mode.
    """

    def __init__(self, reader_ref: Any, supports_serialize: bool = False) -> None:
        if defaults.state.eager:
            raise RuntimeError(
                "Readers are not supported when eager execution is enabled. Instead, "
                "please use tf.data to get data into your model."
            )
        self._reader_ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Any:
        """The tensor that is its handle."""
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        """Whether its place can be kept."""
        return self._supports_serialize

    def read(self, queue: Any, name: str | None = None) -> Any:
        """The next record: its key and value, scalar strings."""
        return apply("ReaderReadV2", self._reader_ref, _handle(queue), name=name)

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> Any:
        """The next records, as many as there are up to a number."""
        return apply(
            "ReaderReadUpToV2", self._reader_ref, _handle(queue), num_records, name=name
        )

    def num_records_produced(self, name: str | None = None) -> Any:
        """How many records it gave."""
        return apply("ReaderNumRecordsProducedV2", self._reader_ref, name=name)

    def num_work_units_completed(self, name: str | None = None) -> Any:
        """How many files it came to the end of."""
        return apply("ReaderNumWorkUnitsCompletedV2", self._reader_ref, name=name)

    def reset(self, name: str | None = None) -> Any:
        """An operation that lets it begin anew."""
        return apply("ReaderResetV2", self._reader_ref, name=name)


def _handle(queue: Any) -> Any:
    return queue if isinstance(queue, Tensor) else queue.queue_ref


class WholeFileReader(ReaderBase):
    """Whole files: a record is a file, its key the name."""

    @_deprecated("WholeFileReader", "tf.data.Dataset.map(tf.read_file)")
    def __init__(self, name: str | None = None) -> None:
        super().__init__(apply("WholeFileReaderV2", name=name), supports_serialize=True)


class TextLineReader(ReaderBase):
    """The lines of text files; the key is the file with the line's number.

    Args:
        skip_header_lines: how many lines at the beginning are left out.
        name: of the operation.
    """

    @_deprecated("TextLineReader", "tf.data.TextLineDataset")
    def __init__(
        self, skip_header_lines: int | None = None, name: str | None = None
    ) -> None:
        ref = apply("TextLineReaderV2", skip_header_lines=skip_header_lines, name=name)
        super().__init__(ref)


class FixedLengthRecordReader(ReaderBase):
    """Pieces of one length of binary files.

    Args:
        record_bytes: how long each piece is.
        header_bytes: how many bytes before the first are left out.
        footer_bytes: how many after the last.
        hop_bytes: from the beginning of one to that of the next; 0: its length.
        name: of the operation.
        encoding: how the file is packed.
    """

    @_deprecated("FixedLengthRecordReader", "tf.data.FixedLengthRecordDataset")
    def __init__(
        self,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        hop_bytes: int | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> None:
        ref = apply(
            "FixedLengthRecordReaderV2",
            record_bytes=record_bytes,
            header_bytes=header_bytes,
            footer_bytes=footer_bytes,
            hop_bytes=hop_bytes,
            encoding=encoding,
            name=name,
        )
        super().__init__(ref)


class TFRecordReader(ReaderBase):
    """The records of TFRecord files.

    Args:
        name: of the operation.
        options: how the files are packed.
    """

    @_deprecated("TFRecordReader", "tf.data.TFRecordDataset")
    def __init__(self, name: str | None = None, options: Any = None) -> None:
        packed = TFRecordOptions.get_compression_type_string(options)
        super().__init__(apply("TFRecordReaderV2", name=name, compression_type=packed))


class IdentityReader(ReaderBase):
    """What the queue holds, as it is."""

    @_deprecated("IdentityReader", "tf.data.Dataset.map(...)")
    def __init__(self, name: str | None = None) -> None:
        super().__init__(apply("IdentityReaderV2", name=name), supports_serialize=True)
