"""Saving, restoring, and files as tensors.

After state. What a Saver builds (SaveV2, RestoreV2, …) and `tf.read_file`. Values go
to files by ``formats``; what is refused is said as TF 1.15's runtime says it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import checkpoint_reader, dtypes, files, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.checkpoint_reader import Wanted
from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.checkpoint_v1_writer import write_checkpoint_v1
from scopetutor.formats.checkpoint_writer import Part, TensorToSave, write_checkpoint
from scopetutor.formats.merge import merge_checkpoints
from scopetutor.formats.slices import parse_shape_and_slice
from scopetutor.formats.wire import MalformedError

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def text_of(value: Any) -> str:
    """The text in a scalar string tensor."""
    item = value.item() if isinstance(value, np.ndarray) else value
    return item.decode() if isinstance(item, bytes) else str(item)


def texts_of(values: Array) -> list[str]:
    """The texts in a string tensor, in one list."""
    return [text_of(item) for item in values.reshape(-1).tolist()]


def strings(texts: list[str], shape: tuple[int, ...]) -> Array:
    """A string tensor."""
    array = np.empty(len(texts), object)
    array[:] = [text.encode() for text in texts]
    return array.reshape(shape)


# -- saving ------------------------------------------------------------------------


def _named_tensors_shape(op: Operation, vectors: Iterable[int], count: int) -> None:
    """The prefix is a scalar, the lists have an entry for each tensor."""
    rules.with_rank(op._inputs[0]._dims, 0)
    for index in vectors:
        (size,) = rules.with_rank(op._inputs[index]._dims, 1)
        if size not in (None, count):
            raise ShapeError(f"Dimension must be {count} but is {size}")


def _save_shape(op: Operation) -> list[Dims]:
    lists = 1 if op.type == "Save" else 2
    count = len(op._inputs) - 1 - lists
    _named_tensors_shape(op, range(1, 1 + lists), count)
    return []


def _part(op: Operation, spec: str, value: Array) -> Part | None:
    """Where a piece belongs, from what the graph says of it."""
    if not spec:
        return None
    try:
        shape, box = parse_shape_and_slice(spec)
        lengths = box.within(shape).lengths
    except ValueError as error:
        raise InvalidArgumentError(None, op, str(error)) from None
    if lengths != value.shape:
        raise InvalidArgumentError(
            None,
            op,
            "Slice in shape_and_slice specification does not match the shape of the "
            f"tensor to  save: {spec}, tensor: {dims_text(value.shape)}",
        )
    return Part(shape, box)


def _to_save(
    op: Operation, names: Array, specs: Array, values: tuple[Any, ...]
) -> list[TensorToSave]:
    listed = []
    seen: set[tuple[str, str]] = set()
    for name, spec, value in zip(texts_of(names), texts_of(specs), values, strict=True):
        array = np.asarray(value)
        if (name, spec) in seen:
            # TF 1.15 prints the key of a piece, which begins with a zero byte.
            shown = "" if spec else name
            raise InvalidArgumentError(None, op, f"Adding duplicate key: {shown}")
        seen.add((name, spec))
        listed.append(TensorToSave(name, array, _part(op, spec, array)))
    return listed


def _write(op: Operation, path: str, write: Callable[[], None]) -> None:
    """Writes; TF 1.15 makes the folder, but not the one around it."""
    folder = os.path.dirname(path)
    try:
        if folder:
            with suppress(FileExistsError):
                os.mkdir(folder)
        write()
    except FileNotFoundError:
        text = f"{folder}; No such file or directory"
        raise NotFoundError(None, op, text) from None
    except OSError as error:
        raise files.refusal(error, folder or path) from None
    except (ValueError, TypeError) as error:
        raise InvalidArgumentError(None, op, str(error)) from None


def _save_v2_kernel(op: Operation) -> Callable[..., None]:
    def kernel(prefix: Any, names: Array, specs: Array, *values: Any) -> None:
        path = text_of(prefix)
        tensors = _to_save(op, names, specs, values)
        _write(op, path, lambda: write_checkpoint(path, tensors))

    return kernel


def _save_v1_kernel(op: Operation) -> Callable[..., None]:
    in_slices = op.type == "SaveSlices"

    def kernel(filename: Any, names: Array, *rest: Any) -> None:
        specs, values = (rest[0], rest[1:]) if in_slices else (None, rest)
        if specs is None:
            specs = strings([""] * len(values), (len(values),))
        path = text_of(filename)
        tensors = _to_save(op, names, specs, values)
        _write(op, path, lambda: write_checkpoint_v1(path, tensors))

    return kernel


define("SaveV2", shape=_save_shape, build=_save_v2_kernel)
define("Save", shape=_save_shape, build=_save_v1_kernel)
define("SaveSlices", shape=_save_shape, build=_save_v1_kernel)


def _merge_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 1)
    rules.with_rank(op._inputs[1]._dims, 0)
    return []


def _merge_kernel(op: Operation) -> Callable[[Array, Any], None]:
    deletes = op._attrs["delete_old_dirs"]

    def kernel(prefixes: Array, destination: Any) -> None:
        parts, target = texts_of(prefixes), text_of(destination)
        try:
            _write(op, target, lambda: merge_checkpoints(parts, target))
        except FileMissingError as error:
            text = f"{error.path}; No such file or directory"
            raise NotFoundError(None, op, text) from None
        except FileFormatError as error:
            raise FailedPreconditionError(None, op, error.problem) from None
        if deletes:
            _delete_folders(parts, target)

    return kernel


def _delete_folders(parts: list[str], target: str) -> None:
    """Deletes the folders of the parts, with the indexes still in them."""
    kept = os.path.abspath(os.path.dirname(target))
    for folder in dict.fromkeys(os.path.dirname(part) for part in parts):
        if os.path.abspath(folder) != kept:
            shutil.rmtree(folder, ignore_errors=True)


define("MergeV2Checkpoints", shape=_merge_shape, build=_merge_kernel)

# -- restoring ---------------------------------------------------------------------


def _restored_dims(spec: str) -> Dims:
    """The shape of what a shape_and_slice describes; unknown without one."""
    if not spec:
        return None
    try:
        shape, box = parse_shape_and_slice(spec)
        return box.within(shape).lengths
    except (MalformedError, ValueError) as error:
        raise ShapeError(str(error)) from None


def _restore_v2_shape(op: Operation) -> list[Dims]:
    names, specs = op._inputs[1]._dims, op._inputs[2]._dims
    rules.with_rank(op._inputs[0]._dims, 0)
    rules.merge(rules.with_rank(names, 1), rules.with_rank(specs, 1))
    known = shape_inference.value(op, 2)
    if known is None:
        return [None] * len(op._outputs)
    if known.size != len(op._outputs):
        raise ShapeError("The number of shape_and_slice doesn't match tensor outputs.")
    return [_restored_dims(spec) for spec in texts_of(known)]


def _restore_v2_kernel(op: Operation) -> Callable[[Any, Array, Array], Any]:
    types = op._attrs["dtypes"]

    def kernel(prefix: Any, names: Array, specs: Array) -> Any:
        checkpoint = checkpoint_reader.open_prefix(text_of(prefix))
        wanted = map(Wanted, texts_of(names), texts_of(specs), types)
        values = checkpoint_reader.restore(checkpoint, wanted)
        return values if len(types) > 1 else values[0]

    return kernel


define("RestoreV2", shape=_restore_v2_shape, build=_restore_v2_kernel)


def _restore_shape(op: Operation) -> list[Dims]:
    for index, taken in enumerate(op._inputs):
        if index:
            rules.with_rank(taken._dims, 0)
    if op.type == "Restore":
        return [None]
    spec = shape_inference.value(op, 2)
    return [None if spec is None else _restored_dims(text_of(spec))]


def _restore_kernel(op: Operation) -> Callable[..., Any]:
    dtype = op._attrs["dt"]

    def kernel(pattern: Any, name: Any, spec: Any = b"") -> Any:
        checkpoint = checkpoint_reader.open_pattern(text_of(pattern))
        wanted = Wanted(text_of(name), text_of(spec), dtype)
        return checkpoint_reader.restore(checkpoint, [wanted])[0]

    return kernel


define("Restore", shape=_restore_shape, build=_restore_kernel)
define("RestoreSlice", shape=_restore_shape, build=_restore_kernel)

# -- names of files ----------------------------------------------------------------


def _scalars(op: Operation) -> list[Dims]:
    for taken in op._inputs:
        rules.with_rank(taken._dims, 0)
    return [()]


def _sharded_filename(basename: Any, shard: Any, num_shards: Any) -> Any:
    text = f"{text_of(basename)}-{int(shard):05d}-of-{int(num_shards):05d}"
    return strings([text], ())


def _sharded_filespec(basename: Any, num_shards: Any) -> Any:
    return strings([f"{text_of(basename)}-?????-of-{int(num_shards):05d}"], ())


define("ShardedFilename", shape=_scalars, kernel=_sharded_filename)
define("ShardedFilespec", shape=_scalars, kernel=_sharded_filespec)

# -- whole files -------------------------------------------------------------------


def _read_file(filename: Any) -> Array:
    path = text_of(filename)
    try:
        with open(path, "rb") as file:
            contents = file.read()
    except OSError as error:
        raise files.refusal(error, path) from None
    array = np.empty((), object)
    array[()] = contents
    return array


def _write_file(filename: Any, contents: Any) -> None:
    path = text_of(filename)
    try:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "wb") as file:
            file.write(contents.item() if hasattr(contents, "item") else contents)
    except OSError as error:
        raise files.refusal(error, path) from None


def _no_result(op: Operation) -> list[Dims]:
    for taken in op._inputs:
        rules.with_rank(taken._dims, 0)
    return []


def _matching_shape(op: Operation) -> list[Dims]:
    rules.at_most_rank(op._inputs[0]._dims, 1)
    return [(None,)]


def _matching_files(pattern: Array) -> Array:
    found: dict[str, None] = {}
    for text in texts_of(np.asarray(pattern, object)):
        found.update(dict.fromkeys(files.matching(text)))
    return strings(sorted(found), (len(found),))


define("ReadFile", shape=_scalars, kernel=_read_file)
define("WriteFile", shape=_no_result, kernel=_write_file)
define("MatchingFiles", shape=_matching_shape, kernel=_matching_files)


def read_file(filename: Any, name: str | None = None) -> Any:
    """The whole of a file, as a scalar string."""
    return apply("ReadFile", filename, name=name)


def write_file(filename: Any, contents: Any, name: str | None = None) -> Any:
    """Writes a file when it is run; makes its folder."""
    return apply("WriteFile", filename, contents, name=name)


def matching_files(pattern: Any, name: str | None = None) -> Any:
    """The names of the files that match a pattern, sorted."""
    return apply("MatchingFiles", pattern, name=name)


def restore_v2(
    prefix: Any,
    tensor_names: Any,
    shape_and_slices: Any,
    types: Any,
    name: str | None = None,
) -> Any:
    """Tensors of a checkpoint, as a list."""
    wanted = [dtypes.as_dtype(dtype).base_dtype for dtype in types]
    return apply(
        "RestoreV2", prefix, tensor_names, shape_and_slices, dtypes=wanted, name=name
    )
