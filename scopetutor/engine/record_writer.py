"""`tf.python_io`: TFRecord files, written and read without a graph.

``formats/records.py`` packs the records; ``ops/record_files.py`` reads them, for the
loop of a program here and for datasets. Readers of queues (``readers.py``) take the
same options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.formats.records import RecordWriter

from . import files
from .deprecation import deprecated

if TYPE_CHECKING:
    from collections.abc import Iterator


class TFRecordCompressionType:
    """How a file may be packed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


_TYPES = {
    TFRecordCompressionType.ZLIB: "ZLIB",
    TFRecordCompressionType.GZIP: "GZIP",
    TFRecordCompressionType.NONE: "",
}


class TFRecordOptions:
    """How a file is packed.

    Args:
        compression_type: "", "ZLIB", "GZIP", or a TFRecordCompressionType.
        flush_mode: kept, and not looked at, as all that follow.
        input_buffer_size: see flush_mode.
        output_buffer_size: see flush_mode.
        window_bits: see flush_mode.
        compression_level: see flush_mode.
        compression_method: see flush_mode.
        mem_level: see flush_mode.
        compression_strategy: see flush_mode.

    Raises:
        ValueError: there is no such compression.
    """

    compression_type_map = _TYPES

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: Any = None,
        input_buffer_size: Any = None,
        output_buffer_size: Any = None,
        window_bits: Any = None,
        compression_level: Any = None,
        compression_method: Any = None,
        mem_level: Any = None,
        compression_strategy: Any = None,
    ) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type
        self.flush_mode = flush_mode
        self.input_buffer_size = input_buffer_size
        self.output_buffer_size = output_buffer_size
        self.window_bits = window_bits
        self.compression_level = compression_level
        self.compression_method = compression_method
        self.mem_level = mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The name of a compression."""
        if not options:
            return ""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if options in _TYPES:
            return _TYPES[options]
        if options in _TYPES.values():
            return str(options)
        raise ValueError(f'Not a valid compression_type: "{options}"')


class TFRecordWriter:
    """Writes records to a file.

    Args:
        path: the file, made anew.
        options: how it is packed: TFRecordOptions, or the name of a compression.

    Raises:
        tf.errors.OpError: the file cannot be written.
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        packed = TFRecordOptions.get_compression_type_string(options)
        name = files.text_path(path)
        try:
            self._writer = RecordWriter(name, packed)
        except OSError as error:
            raise files.refusal(error, name) from None

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def write(self, record: Any) -> None:
        """Adds a record.

        Raises:
            TypeError: it is no bytes.
        """
        record = record.encode() if isinstance(record, str) else record
        if not isinstance(record, bytes):
            raise TypeError(f"expected bytes, {type(record).__name__} found")
        self._writer.write(record)

    def flush(self) -> None:
        """Lets others read what was written so far."""
        self._writer.flush()

    def close(self) -> None:
        """Ends the file."""
        self._writer.close()


@deprecated(
    "tf_record_iterator",
    "tensorflow.python.lib.io.tf_record",
    "Use eager execution and: \n`tf.data.TFRecordDataset(path)`",
)
def tf_record_iterator(path: Any, options: Any = None) -> Iterator[bytes]:
    """The records of a file, as bytes."""
    from .ops.record_files import records  # noqa: PLC0415 - seldom

    packed = TFRecordOptions.get_compression_type_string(options)
    return records(files.text_path(path), packed)
