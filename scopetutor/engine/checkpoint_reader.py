"""Checkpoints as TensorFlow's runtime reads them: its answers and its refusals.

Between ``formats``, which knows the files, and whoever restores: the operations of
``ops/io.py`` and the functions of `tf.train`. Each refusal is an error of `tf.errors`
in the words of TF 1.15.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.assemble import HoleError
from scopetutor.formats.checkpoint_v1 import CheckpointV1, ListsNothingError
from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.file_ranges import CutShortError
from scopetutor.formats.slices import Slice, parse_shape_and_slice
from scopetutor.formats.sstable import FOOTER, DamagedTableError, NotATableError
from scopetutor.formats.wire import ChecksumError

from . import dtypes, files
from .hash_order import in_hash_order
from .op_errors import (
    DataLossError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    OpError,
    OutOfRangeError,
)
from .operation import dims_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from scopetutor.formats.checkpoint import Checkpoint, TensorInfo
    from scopetutor.formats.datatypes import DataType

    from .dtypes import DType

_BLOCK = (
    "Unable to read file ({path}). Perhaps the file is corrupt or was produced by a "
    "newer version of TensorFlow with format changes (failed to seek to header entry): "
    "{reason}"
)
_TABLE = (
    "Unable to open table file {path}: {reason}: perhaps your file is in a different "
    "file format and you need to use a different restore operator?"
)


class Wanted(NamedTuple):
    """One tensor to restore.

    Attributes:
        name: its key.
        spec: which part of it, as ``"4 3 1,2:-"``; empty for all.
        dtype: the type it must have.
    """

    name: str
    spec: str
    dtype: DType


class _NothingInside(CheckpointV1):
    """A table that is no checkpoint: TF 1.15 opens it and finds no tensor in it."""

    def __init__(self, prefix: str) -> None:
        self.prefix = self._index_path = prefix
        self._infos, self._home = {}, {}


def open_prefix(prefix: str) -> Checkpoint:
    """The checkpoint with exactly this prefix; V2 if there is a ``PREFIX.index``.

    Raises:
        NotFoundError, InvalidArgumentError: there is none.
        DataLossError: there is something else, or it is damaged.
    """
    if files.first_matching(f"{prefix}.index"):
        try:
            return CheckpointV2(prefix)
        except FileFormatError as error:
            raise _index_refusal(error) from None
    return open_pattern(prefix)


def open_pattern(pattern: str) -> Checkpoint:
    """The V1 checkpoint in the files that match a pattern.

    Raises:
        NotFoundError, InvalidArgumentError: there is none.
        DataLossError: there is something else, or it is damaged.
    """
    failure = "Unsuccessful TensorSliceReader constructor: Failed to"
    try:
        paths = files.matching(pattern)
    except OpError as error:
        raise InvalidArgumentError(
            None,
            None,
            f"{failure} get matching files on {pattern}: {files.status_text(error)}",
        ) from None
    if not paths:
        raise NotFoundError(
            None, None, f"{failure} find any matching files for {pattern}"
        )
    try:
        return CheckpointV1(pattern, paths)
    except ListsNothingError:
        return _NothingInside(pattern)
    except FileFormatError as error:
        raise _table_refusal(error) from None


def _reason(error: FileFormatError) -> str:
    """What TF 1.15 calls the damage of a table."""
    if isinstance(error, NotATableError):
        if error.file_size < FOOTER:
            return "file is too short to be an sstable"
        return "not an sstable (bad magic number)"
    if isinstance(error.__cause__, ChecksumError):
        return "block checksum mismatch"
    return error.problem


def _index_refusal(error: FileFormatError) -> OpError:
    """What TF 1.15 says of a V2 checkpoint's index that cannot be read."""
    reason = _reason(error)
    if isinstance(error, FileMissingError):
        return _missing_file(error)
    if isinstance(error, DamagedTableError) and not error.in_index:
        reason = _BLOCK.format(path=error.path, reason=reason)
    return DataLossError(None, None, reason)


def _table_refusal(error: FileFormatError) -> OpError:
    """What TF 1.15 says of a file that should be a V1 checkpoint."""
    if isinstance(error, DamagedTableError) and not error.in_index:
        return InternalError(
            None,
            None,
            "Failed to find the saved tensor slices at the beginning of the checkpoint "
            f"file: {error.path}",
        )
    reason = f"Data loss: {_reason(error)}"
    if isinstance(error.__cause__, OSError) or "folder" in error.problem:
        reason = f"Failed precondition: {error.path}; Is a directory"
    return DataLossError(None, None, _TABLE.format(path=error.path, reason=reason))


def _missing_file(error: FileFormatError) -> OpError:
    return NotFoundError(None, None, f"{error.path}; No such file or directory")


def _read_refusal(error: FileFormatError, name: str, spec: str) -> OpError:
    """What TF 1.15 says when a tensor's values cannot be read."""
    cause = error.__cause__
    if isinstance(error, FileMissingError):
        return _missing_file(error)
    if isinstance(error, CutShortError):
        return OutOfRangeError(None, None, "Read less bytes than requested")
    if isinstance(cause, HoleError):
        return InvalidArgumentError(
            None,
            None,
            f"Does not have sufficient slices for partitioned tensor {name} to restore "
            f"in slice_spec: {spec}",
        )
    if isinstance(cause, ChecksumError):
        return DataLossError(
            None,
            None,
            f"Checksum does not match: stored {cause.stored} vs. calculated on the "
            f"restored bytes {cause.calculated}",
        )
    return DataLossError(None, None, error.problem)


def restore(
    checkpoint: Checkpoint, wanted: Iterable[Wanted]
) -> list[np.ndarray[Any, Any]]:
    """The values of some tensors or parts of tensors.

    TF 1.15: the names are looked at in alphabetical order, first all keys, then all
    types, then the values; so of several missing keys the first one is named.

    Raises:
        NotFoundError: a key or a file is not there.
        InvalidArgumentError: a type or shape is another one.
        DataLossError, OutOfRangeError: a file is damaged.
    """
    ordered = list(wanted)
    places = sorted(range(len(ordered)), key=lambda place: ordered[place].name)
    infos = [_info(checkpoint, ordered[place].name) for place in places]
    _check_types(checkpoint, [ordered[place] for place in places], infos)
    values: list[Any] = [None] * len(ordered)
    for place, info in zip(places, infos, strict=True):
        values[place] = _read(checkpoint, info, ordered[place].spec)
    return values


def _info(checkpoint: Checkpoint, name: str) -> TensorInfo:
    try:
        return checkpoint.info(name)
    except FileMissingError:
        text = f"Key {name} not found in checkpoint"
        if checkpoint.version == "V1":
            text = (
                f'Tensor name "{name}" not found in checkpoint files '
                f"{checkpoint.prefix}"
            )
        raise NotFoundError(None, None, text) from None
    except FileFormatError as error:
        raise _read_refusal(error, name, "") from None


def _check_types(
    checkpoint: Checkpoint, wanted: list[Wanted], infos: list[TensorInfo]
) -> None:
    """InvalidArgumentError that lists every tensor of another type."""
    problems = []
    for (name, _, dtype), info in zip(wanted, infos, strict=True):
        stored = dtypes.as_dtype(info.datatype.number)
        if stored is dtype:
            continue
        expected, found = dtypes.runtime_name(dtype), dtypes.runtime_name(stored)
        if checkpoint.version == "V1":
            raise InvalidArgumentError(
                None,
                None,
                f"Expected to restore a tensor of type {expected}, got a tensor of "
                f"type {found} instead: tensor_name = {name}",
            )
        problems.append(
            f"tensor_name = {name}; expected dtype {expected} does not equal original "
            f"dtype {found}"
        )
    if problems:
        raise InvalidArgumentError(None, None, "\n".join(problems))


def _read(checkpoint: Checkpoint, info: TensorInfo, spec: str) -> Any:
    part = None
    if spec:
        shape, part = parse_shape_and_slice(spec)
        if shape != info.shape:
            raise InvalidArgumentError(
                None,
                None,
                f"tensor_name = {info.name}; shape in shape_and_slice spec "
                f"{dims_text(shape)} does not match the shape stored in checkpoint: "
                f"{dims_text(info.shape)}",
            )
    try:
        return checkpoint.read(info.name, part)
    except FileFormatError as error:
        whole = Slice((0,) * len(info.shape), (-1,) * len(info.shape))
        raise _read_refusal(error, info.name, str(part or whole)) from None


class CheckpointReader:
    """`tf.train.NewCheckpointReader(prefix)`: a checkpoint without a graph."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint

    def _names(self) -> list[str]:
        """The names in the order TF 1.15 lists them."""
        listed = in_hash_order(self._checkpoint.names)
        # Of a V1 checkpoint it fills one map from another.
        return listed if self._checkpoint.version == "V2" else in_hash_order(listed)

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """Name -> shape of every tensor, in the order TF 1.15 gives."""
        tensors = self._checkpoint.tensors
        return {name: list(tensors[name].shape) for name in self._names()}

    def get_variable_to_dtype_map(self) -> dict[str, DType]:
        """Name -> type of every tensor, in the order TF 1.15 gives."""
        tensors = self._checkpoint.tensors
        return {
            name: dtypes.as_dtype(tensors[name].datatype.number)
            for name in self._names()
        }

    def has_tensor(self, tensor_str: Any) -> bool:
        """Whether there is a tensor of that name."""
        return _name(tensor_str) in self._checkpoint

    def get_tensor(self, tensor_str: Any) -> Any:
        """The values of a tensor.

        Raises:
            NotFoundError: there is none of that name.
            DataLossError: a file is damaged.
        """
        name = _name(tensor_str)
        if self._checkpoint.version == "V1" and name not in self._checkpoint:
            raise NotFoundError(None, None, f"{name} not found in checkpoint file")
        value = _read(self._checkpoint, _info(self._checkpoint, name), "")
        return value if value.ndim else value[()]

    def debug_string(self) -> bytes:
        """One line for each tensor: its name, type and shape."""
        checkpoint = self._checkpoint
        if isinstance(checkpoint, CheckpointV2):
            return b"".join(_line(*stored) for stored in checkpoint.stored())
        lines = []
        for name in in_hash_order(checkpoint.names):
            info = checkpoint.tensors[name]
            more = f", {len(info.parts)} slices" if len(info.parts) > 1 else ""
            lines.append(_line(name.encode(), info.datatype, info.shape, more))
        return b"".join(lines)


def _line(
    key: bytes, datatype: DataType, shape: tuple[int, ...], more: str = ""
) -> bytes:
    name = dtypes.runtime_name(dtypes.as_dtype(datatype.number)).upper()
    return key + f" (DT_{name}) {dims_text(shape)}{more}\n".encode()


def _name(tensor_str: Any) -> str:
    if isinstance(tensor_str, bytes):
        return tensor_str.decode()
    if not isinstance(tensor_str, str):
        raise TypeError(f"Expected binary or unicode string, got {tensor_str!r}")
    return tensor_str


def NewCheckpointReader(filepattern: Any) -> CheckpointReader:  # noqa: N802 - TF's name
    """Opens the checkpoint with exactly this prefix.

    Raises:
        NotFoundError: there is none.
        DataLossError: there is something else, or it is damaged.
    """
    return CheckpointReader(open_prefix(_name(filepattern)))
