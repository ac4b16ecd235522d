"""Datasets of what is in files: lines, records, and records of one length.

After dataset. TF 1.15: a reader is a dataset of file names whose files are read one
after the other, or several at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops.reshaping import reshape

from . import structure
from .dataset import AUTOTUNE, Dataset, DatasetV1Adapter
from .experimental import parallel_interleave_of

if TYPE_CHECKING:
    from collections.abc import Callable

_BUFFER = 256 * 1024
_LINE = structure.TensorSpec([], dtypes.string)


def given_or(name: str, value: Any, default: Any = 0, dtype: Any = dtypes.int64) -> Any:
    """An argument as a tensor, or its default as a constant."""
    if value is None:
        return constants.constant(default, dtype=dtype, name=name)
    return convert_to_tensor(value, dtype=dtype, name=name)


def _names(filenames: Any) -> Dataset:
    """A dataset of file names.

    Raises:
        TypeError: what was given is none.
    """
    if not isinstance(filenames, Dataset):
        tensor = convert_to_tensor(filenames, dtype=dtypes.string)
        flat = reshape(tensor, [-1], name="flat_filenames")
        return Dataset.from_tensor_slices(flat)
    if structure.legacy_types(filenames.element_spec) != dtypes.string:
        raise TypeError(
            "`filenames` must be a `tf.data.Dataset` of `tf.string` elements."
        )
    if not structure.legacy_shapes(filenames.element_spec).is_compatible_with([]):
        raise TypeError(
            "`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements."
        )
    return filenames


class _Reader(Dataset):
    """A dataset of what a function reads from each file."""

    def __init__(
        self, filenames: Any, read: Callable[[Any], Any], at_a_time: Any
    ) -> None:
        files = _names(filenames)

        def read_one_file(filename: Any) -> Dataset:
            name = convert_to_tensor(filename, dtypes.string, name="filename")
            return DatasetV1Adapter(read(name), _LINE)

        if at_a_time is None:
            made = files.flat_map(read_one_file)
        elif at_a_time == AUTOTUNE:
            made = files.interleave(read_one_file, num_parallel_calls=at_a_time)
        else:
            made = parallel_interleave_of(files, read_one_file, at_a_time)
        super().__init__(made._variant_tensor, _LINE, made._inputs, made._called)
        self._made = made

    def operations(self) -> Any:
        return self._made.operations()


def _settings(compression_type: Any, buffer_size: Any) -> tuple[Any, Any]:
    compression = given_or("compression_type", compression_type, "", dtypes.string)
    return compression, given_or("buffer_size", buffer_size, _BUFFER)


class _PackedReader(_Reader):
    """A reader of files that may be compressed."""

    _op_type: ClassVar[str]

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        super().__init__(
            filenames,
            lambda name: apply(
                self._op_type, name, *_settings(compression_type, buffer_size)
            ),
            num_parallel_reads,
        )


class TextLineDatasetV1(_PackedReader):
    """The lines of text files, without their ends.

    Args:
        filenames: a name, several, or a dataset of them.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: how many bytes TensorFlow reads at a time.
        num_parallel_reads: how many files are read at a time; None: one.
    """

    _op_type = "TextLineDataset"


class TFRecordDatasetV1(_PackedReader):
    """The records of TFRecord files.

    Args:
        filenames: a name, several, or a dataset of them.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: how many bytes TensorFlow reads at a time.
        num_parallel_reads: how many files are read at a time; None: one.
    """

    _op_type = "TFRecordDataset"


class FixedLengthRecordDatasetV1(_Reader):
    """Pieces of one length of binary files.

    Args:
        filenames: a name, several, or a dataset of them.
        record_bytes: how long each piece is.
        header_bytes: how many bytes before the first are left out.
        footer_bytes: how many after the last.
        buffer_size: how many bytes TensorFlow reads at a time.
        compression_type: "", "ZLIB" or "GZIP".
        num_parallel_reads: how many files are read at a time; None: one.
    """

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        def read(name: Any) -> Any:
            length = convert_to_tensor(
                record_bytes, dtype=dtypes.int64, name="record_bytes"
            )
            return apply(
                "FixedLengthRecordDatasetV2",
                name,
                given_or("header_bytes", header_bytes),
                length,
                given_or("footer_bytes", footer_bytes),
                given_or("buffer_size", buffer_size, _BUFFER),
                given_or("compression_type", compression_type, "", dtypes.string),
            )

        super().__init__(filenames, read, num_parallel_reads)


TextLineDataset = TextLineDatasetV1
TFRecordDataset = TFRecordDatasetV1
FixedLengthRecordDataset = FixedLengthRecordDatasetV1
