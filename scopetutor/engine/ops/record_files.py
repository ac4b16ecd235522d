"""What reads files as datasets: lines, records, and pieces of one length.

After datasets; ``ops/readers.py`` and ``record_writer.py`` read with the same
functions. ``formats/records.py`` knows what a record looks like.
"""

from __future__ import annotations

import gzip
import os
import zlib
from typing import TYPE_CHECKING, Any

from scopetutor.engine import files
from scopetutor.engine.op_errors import (
    DataLossError,
    InvalidArgumentError,
    NotFoundError,
)
from scopetutor.engine.registry import define
from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.records import read_records

from . import rules
from .datasets import Recipe, as_component, source
from .io import text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .datasets import Element

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "GZIP": gzip.decompress,
    "ZLIB": zlib.decompress,
}


def contents(path: str, compression: str = "") -> bytes:
    """The whole of a file, unpacked.

    Raises:
        tf.errors.OpError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise files.refusal(error, path) from None
    try:
        return _UNPACK[compression](data)
    except (zlib.error, OSError, EOFError):
        raise DataLossError(None, None, "Failed to inflate input.") from None


def lines(data: bytes) -> list[bytes]:
    """Lines without their ends; TF 1.15: only line feeds end them."""
    parts = data.split(b"\n")
    if not parts[-1]:
        parts.pop()
    return [part.removesuffix(b"\r") for part in parts]


def records(path: str, compression: str = "") -> Iterator[bytes]:
    """The records of a TFRecord file.

    Raises:
        tf.errors.OpError: it cannot be read, or is damaged.
    """
    try:
        yield from read_records(path, compression)
    except FileMissingError:
        text = f"{path}; No such file or directory"
        raise NotFoundError(None, None, text) from None
    except FileFormatError as error:
        problem = _damage(path, error.problem)
        if problem:
            raise DataLossError(None, None, problem) from None
    except OSError as error:
        raise files.refusal(error, path) from None


_HEADER = 12  # bytes before the data of a record


def _damage(path: str, problem: str) -> str:
    """What TF 1.15 says of a damaged record; "" where it takes it as the end."""
    begin = int(problem.partition("at byte ")[2].partition(" ")[0])
    if "too early" in problem:
        rest = os.path.getsize(path) - begin
        return f"truncated record at {begin}" if rest >= _HEADER else ""
    at = begin + _HEADER if "its data" in problem else begin
    return f"corrupted record at {at}"


def _all(filenames: Any, read: Callable[[str], Any]) -> Recipe:
    def elements() -> Iterator[Element]:
        for name in texts_of(filenames):
            for piece in read(name):
                yield (as_component(piece),)

    return source(elements)


def _array(filenames: Any) -> Any:
    return as_component(filenames)


def checked_compression(compression: Any) -> str:
    """How a file is packed.

    Raises:
        tf.errors.InvalidArgumentError: it cannot be read so.
    """
    text = text_of(compression)
    if text not in _UNPACK:
        raise InvalidArgumentError(None, None, f"Unsupported compression_type: {text}.")
    return text


def _text_lines(filenames: Any, compression: Any, _buffer_size: Any) -> Recipe:
    kind = checked_compression(compression)
    return _all(_array(filenames), lambda name: lines(contents(name, kind)))


def _tf_records(filenames: Any, compression: Any, _buffer_size: Any) -> Recipe:
    kind = checked_compression(compression)
    return _all(_array(filenames), lambda name: records(name, kind))


def pieces(
    path: str, data: bytes, header: int, length: int, footer: int
) -> list[bytes]:
    """The parts of one length between the head and the foot of a file.

    Raises:
        tf.errors.InvalidArgumentError: they do not fit.
    """
    body = data[header : len(data) - footer]
    if len(body) % length:
        raise InvalidArgumentError(
            None,
            None,
            f"Excluding the header ({header} bytes) and footer ({footer} bytes), input "
            f'file "{path}" has body length {len(body)} bytes, which is not an exact '
            f"multiple of the record length ({length} bytes).",
        )
    return [body[i : i + length] for i in range(0, len(body), length)]


def _fixed_length(
    filenames: Any,
    header: Any,
    length: Any,
    footer: Any,
    _buffer_size: Any,
    compression: Any,
) -> Recipe:
    kind = checked_compression(compression)
    sizes = int(header), int(length), int(footer)
    return _all(
        _array(filenames), lambda name: pieces(name, contents(name, kind), *sizes)
    )


define("TextLineDataset", shape=rules.scalar, kernel=_text_lines)
define("TFRecordDataset", shape=rules.scalar, kernel=_tf_records)
define("FixedLengthRecordDatasetV2", shape=rules.scalar, kernel=_fixed_length)
