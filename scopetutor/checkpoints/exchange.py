"""Tensors in the files of others: NumPy's `.npz` and Hugging Face's `.safetensors`.

One tensor is in memory at a time, both ways. Needs nothing but NumPy: a `.npz` is a zip
of arrays, a `.safetensors` a line of JSON before plain memory. ``contents.py`` comes
before; `scopetutor ckpt to-npz | from-npz | to-safetensors` show what was done.
"""

from __future__ import annotations

import json
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import numpy as np

from scopetutor.errors import FileFormatError, FileMissingError, UsageError
from scopetutor.formats.arrays import Array, as_bytes, as_strings, datatype_of
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint
from scopetutor.formats.crash_safe import FilesTogether
from scopetutor.formats.open_checkpoint import open_checkpoint

from .contents import Contents, Entry
from .statistics import as_numbers

if TYPE_CHECKING:
    from pathlib import Path

Tick = Callable[[Entry], None]

# The names of safetensors 0.4 and later.
_SAFE = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16",
    "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL",
    "complex64": "C64",
}  # fmt: skip


class Exchanged(msgspec.Struct, frozen=True):
    """A file that was written; what ``ckpt to-npz --json`` and its like print.

    Attributes:
        path: the file, or the prefix of the checkpoint.
        tensors: how many it has.
        bytes: its size.
        converted: name -> what became of a type that the file cannot hold.
        left_out: name -> why a tensor is not in it.
    """

    path: str
    tensors: int
    bytes: int
    converted: dict[str, str]
    left_out: dict[str, str]


# -- NumPy -----------------------------------------------------------------------------


def to_npz(contents: Contents, out: Path, tick: Tick = lambda _: None) -> Exchanged:
    """Write tensors as a `.npz` file that ``numpy.load`` reads without pickle.

    bfloat16 becomes float32, which holds the same values; text becomes NumPy's bytes.

    Raises:
        FileFormatError: a tensor cannot be read, or the file not written.
    """
    checkpoint = open_checkpoint(contents.path)
    converted: dict[str, str] = {}
    left_out: dict[str, str] = {}
    path = _new(out, ".npz")
    with _written(path) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for entry in contents.tensors:
            tick(entry)
            values = _for_numpy(checkpoint.read(entry.name), entry, converted, left_out)
            if values is None:
                continue
            member = zipfile.ZipInfo(f"{entry.name}.npy", (1980, 1, 1, 0, 0, 0))
            with archive.open(member, "w", force_zip64=True) as inside:
                np.lib.format.write_array(inside, values, allow_pickle=False)
    kept = len(contents.tensors) - len(left_out)
    return Exchanged(path, kept, os.path.getsize(path), converted, left_out)


def _for_numpy(
    values: Array, entry: Entry, converted: dict[str, str], left_out: dict[str, str]
) -> Array | None:
    """The values in a type that `.npy` holds without pickle; None if there is none."""
    if entry.dtype == "bfloat16":
        converted[entry.name] = "bfloat16 became float32"
        floats: Array = as_numbers(values).astype(np.float32).reshape(values.shape)
        return floats
    if values.dtype == object:
        strings = as_strings(values)
        if any(each.endswith(b"\0") for each in strings):
            left_out[entry.name] = "NumPy would cut the zeros off the ends of its text"
            return None
        return np.array(strings, np.bytes_).reshape(values.shape)
    return values


def from_npz(path: Path, prefix: str, tick: Callable[[str], None]) -> Exchanged:
    """Write the arrays of a `.npz` file as a checkpoint.

    Args:
        path: the file; also a single array in a `.npy` file.
        prefix: of the checkpoint.
        tick: called before each array is read.

    Raises:
        FileFormatError: it is no such file, or holds what a checkpoint cannot.
    """
    left_out: dict[str, str] = {}
    with _opened(path) as file, _arrays(file, path) as arrays:
        names = sorted(arrays.files, key=str.encode)

        def tensors() -> Iterator[TensorToSave]:
            for name in names:
                tick(name)
                values = _array(arrays, name, path)
                try:
                    datatype_of(values)
                except TypeError as error:
                    left_out[name] = str(error)
                    continue
                yield TensorToSave(name.removesuffix(":0"), values)

        try:
            write_checkpoint(prefix, tensors())
        except ValueError as error:
            raise FileFormatError(
                str(error), path=path, hint="rename it in the file"
            ) from error
        except OSError as error:
            raise _refused(prefix, error) from error
    size = sum(os.path.getsize(f"{prefix}{e}") for e in (".index", _DATA))
    return Exchanged(prefix, len(names) - len(left_out), size, {}, left_out)


_DATA = ".data-00000-of-00001"


def _opened(path: Path) -> BinaryIO:
    """The file; NumPy would leave it open if it is no archive."""
    try:
        return path.open("rb")
    except OSError as error:
        kind = FileMissingError if isinstance(error, FileNotFoundError) else None
        raise (kind or FileFormatError)(
            f"this file cannot be read: {error.strerror}",
            path=path,
            hint="look at its name, folder and permissions",
        ) from error


def _arrays(file: BinaryIO, path: Path) -> Any:
    try:
        found = np.load(file, allow_pickle=False)
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise FileFormatError(
            "this is no .npz file that can be read without pickle",
            path=path,
            hint="save plain arrays: numpy.savez(path, **arrays)",
        ) from error
    if isinstance(found, np.ndarray):
        raise FileFormatError(
            "this file has one array and no names",
            path=path,
            hint="numpy.savez(path, name=array)",
        )
    return found


def _array(arrays: Any, name: str, path: Path) -> Array:
    try:
        values: Array = arrays[name]
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise FileFormatError(
            f"the array {name} cannot be read without pickle",
            path=path,
            hint="arrays of Python objects have no place in a checkpoint",
        ) from error
    return values


# -- safetensors -----------------------------------------------------------------------


def to_safetensors(
    contents: Contents, out: Path, tick: Tick = lambda _: None
) -> Exchanged:
    """Write tensors as a `.safetensors` file.

    Raises:
        FileFormatError: a tensor cannot be read, or the file not written.
    """
    checkpoint = open_checkpoint(contents.path)
    left_out = {
        entry.name: f"safetensors has no type for {entry.dtype}"
        for entry in contents.tensors
        if entry.dtype not in _SAFE
    }
    kept = [entry for entry in contents.tensors if entry.name not in left_out]
    path = _new(out, ".safetensors")
    with _written(path) as file:
        file.write(_header(kept))
        for entry in kept:
            tick(entry)
            file.write(as_bytes(checkpoint.read(entry.name)))
    return Exchanged(path, len(kept), os.path.getsize(path), {}, left_out)


def _header(entries: list[Entry]) -> bytes:
    """The length of a JSON object, the object, spaces up to a multiple of eight."""
    told: dict[str, Any] = {"__metadata__": {"source": "TensorFlow checkpoint"}}
    position = 0
    for entry in entries:
        end = position + (entry.bytes or 0)
        told[entry.name] = {
            "dtype": _SAFE[entry.dtype],
            "shape": list(entry.shape),
            "data_offsets": [position, end],
        }
        position = end
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


# -- files -----------------------------------------------------------------------------


def _new(out: Path, ending: str) -> str:
    """The path to write to, with its ending.

    Raises:
        UsageError: there is such a file.
    """
    path = os.fspath(out)
    if not path.endswith(ending):
        path += ending
    if os.path.exists(path):
        raise UsageError(
            "there is a file of that name",
            place=path,
            hint="another name; nothing is overwritten",
        )
    return path


class _written:  # noqa: N801 - used like a function
    """A file that appears when the block ends well; what the system says is told."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._files = FilesTogether()

    def __enter__(self) -> Any:
        try:
            return self._files.create(self._path)
        except OSError as error:
            raise _refused(self._path, error) from error

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            self._files.__exit__(kind, error, trace)
        except OSError as problem:
            raise _refused(self._path, problem) from problem
        if isinstance(error, OSError):
            raise _refused(self._path, error) from error


def _refused(path: str, error: OSError) -> FileFormatError:
    return FileFormatError(
        f"this cannot be written: {error.strerror}",
        path=path,
        hint="look at the folder, its permissions, and the room on the disk",
    )
