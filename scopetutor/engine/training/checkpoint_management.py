"""Which checkpoints a folder has: the file ``checkpoint``, and files by prefix.

What `tf.train.latest_checkpoint` and its relatives do; a Saver calls it after each
save. The file's format is in ``formats/checkpoint_state.py``.
"""

from __future__ import annotations

import os
import re
from typing import Any

from scopetutor.engine import deprecation, files, tf_logging
from scopetutor.engine.op_errors import OpError
from scopetutor.errors import FileFormatError
from scopetutor.formats import protos
from scopetutor.formats.checkpoint_state import (
    make_checkpoint_state,
    write_checkpoint_state,
)
from scopetutor.formats.pbtxt_reader import merge

from .saver_builder import V2

_MODULE = "tensorflow.python.training.checkpoint_management"
_SHARD = re.compile(r"-[\d\?]+-of-\d+$")


def _state_path(folder: Any, latest_filename: str | None) -> str:
    return os.path.join(folder, latest_filename or "checkpoint")


def generate_checkpoint_state_proto(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: list[str] | None = None,
    all_model_checkpoint_timestamps: Any = None,
    last_preserved_timestamp: float | None = None,
) -> Any:
    """The CheckpointState that says which checkpoints there are.

    TF 1.15: the list of all paths is completed, and made relative, in place.

    Raises:
        ValueError: there are timestamps, but not as many as paths.
    """
    paths = all_model_checkpoint_paths
    if not paths or paths[-1] != model_checkpoint_path:
        tf_logging.info(
            "%s is not in all_model_checkpoint_paths. Manually adding it.",
            model_checkpoint_path,
        )
    state = make_checkpoint_state(
        save_dir,
        model_checkpoint_path,
        paths or (),
        timestamps=all_model_checkpoint_timestamps or (),
        last_preserved_timestamp=last_preserved_timestamp,
    )
    if paths is not None:
        paths[:] = state.all_model_checkpoint_paths
    return state


@deprecation.deprecated(
    "update_checkpoint_state",
    _MODULE,
    "Use `tf.train.CheckpointManager` to manage checkpoints rather than manually "
    "editing the Checkpoint proto.",
)
def update_checkpoint_state(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: list[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Any = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Writes the file `checkpoint` of a folder."""
    update_state(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths,
        latest_filename,
        all_model_checkpoint_timestamps=all_model_checkpoint_timestamps,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def update_state(
    save_dir: Any,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: list[str] | None = None,
    latest_filename: str | None = None,
    save_relative_paths: bool = False,
    all_model_checkpoint_timestamps: Any = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Writes the file `checkpoint` of a folder, as a Saver does after a save.

    Raises:
        RuntimeError: the checkpoint itself has that name.
        NotFoundError: there is no such folder.
    """
    latest, paths = model_checkpoint_path, all_model_checkpoint_paths
    if save_relative_paths:
        latest = _relative(latest, save_dir)
        paths = [_relative(path, save_dir) for path in paths or ()]
    state = generate_checkpoint_state_proto(
        save_dir,
        latest,
        paths,
        all_model_checkpoint_timestamps,
        last_preserved_timestamp,
    )
    try:
        write_checkpoint_state(save_dir, state, latest_filename)
    except OSError as error:
        raise files.refusal(error, _state_path(save_dir, latest_filename)) from None


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder) if os.path.isabs(path) else path


def get_checkpoint_state(
    checkpoint_dir: Any, latest_filename: str | None = None
) -> Any:
    """The CheckpointState of a folder, or None if it has none that can be read.

    TF 1.15: relative paths in it get the folder in front.

    Raises:
        ValueError: it names no checkpoint.
    """
    path = _state_path(checkpoint_dir, latest_filename)
    if not os.path.exists(path):
        return None
    state = protos.CheckpointState()
    try:
        with open(path, "rb") as file:
            merge(file.read(), state, path=path)
    except (OSError, FileFormatError) as error:
        problem: Exception = error
        if isinstance(error, OSError):
            problem = files.refusal(error, path)
        kind = type(problem).__name__ if isinstance(problem, OpError) else "ParseError"
        tf_logging.warning("%s: %s", kind, problem)
        tf_logging.warning("%s: Checkpoint ignored", path)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {checkpoint_dir}")
    # join leaves absolute paths as they are
    state.model_checkpoint_path = os.path.join(
        checkpoint_dir, state.model_checkpoint_path
    )
    state.all_model_checkpoint_paths[:] = [
        os.path.join(checkpoint_dir, each) for each in state.all_model_checkpoint_paths
    ]
    return state


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> Any:
    """The prefix of the newest checkpoint of a folder, or None."""
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None:
        return None
    prefix: str = state.model_checkpoint_path
    if prefix_exists(prefix):
        return prefix
    tf_logging.error("Couldn't match files for checkpoint %s", prefix)
    return None


def prefix_exists(prefix: str) -> bool:
    """Whether there is a checkpoint with this prefix, or a file of this name."""
    return bool(files.matching(f"{prefix}.index") or files.matching(prefix))


@deprecation.deprecated(
    "checkpoint_exists",
    _MODULE,
    "Use standard file APIs to check for files with this prefix.",
)
def checkpoint_exists(checkpoint_prefix: str) -> bool:
    """Whether there is a checkpoint with this prefix, or a file of this name."""
    return prefix_exists(checkpoint_prefix)


def modification_times(prefixes: Any) -> list[float]:
    """When checkpoints were written, in seconds; those that are gone are left out."""
    times = []
    for prefix in prefixes:
        found = files.matching(f"{prefix}.index") or files.matching(prefix)
        if found:
            times.append(os.stat(found[0]).st_mtime_ns / 1e9)
    return times


@deprecation.deprecated(
    "get_checkpoint_mtimes", _MODULE, "Use standard file utilities to get mtimes."
)
def get_checkpoint_mtimes(checkpoint_prefixes: Any) -> list[float]:
    """When checkpoints were written, in seconds; those that are gone are left out."""
    return modification_times(checkpoint_prefixes)


def delete_checkpoint(
    prefix: str, version: int = V2, meta_graph_suffix: str = "meta"
) -> None:
    """Deletes the files of a checkpoint."""
    patterns = [meta_graph_filename(prefix, meta_graph_suffix)]
    if version == V2:
        patterns += [f"{prefix}.index", f"{prefix}.data-?????-of-?????"]
    else:
        patterns.append(prefix)
    for pattern in patterns:
        remove_files(pattern)


def remove_files(pattern: str) -> None:
    """Removes the files that match a pattern, if there are any."""
    for path in files.matching(pattern):
        try:
            os.unlink(path)
        except OSError as error:
            raise files.refusal(error, path) from None


@deprecation.deprecated(
    "remove_checkpoint",
    _MODULE,
    "Use standard file APIs to delete files with this prefix.",
)
def remove_checkpoint(
    checkpoint_prefix: str,
    checkpoint_format_version: int = V2,
    meta_graph_suffix: str = "meta",
) -> None:
    """Deletes the files of a checkpoint."""
    delete_checkpoint(checkpoint_prefix, checkpoint_format_version, meta_graph_suffix)


def meta_graph_filename(
    checkpoint_filename: str, meta_graph_suffix: str = "meta"
) -> str:
    """Where a Saver puts the graph of a checkpoint."""
    return f"{_SHARD.sub('', checkpoint_filename)}.{meta_graph_suffix}"
