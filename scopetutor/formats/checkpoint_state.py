"""The file ``checkpoint`` of a folder: which checkpoint is the latest.

A Saver rewrites it after each save; ``latest_checkpoint`` and people read it.
It is a ``CheckpointState`` in text format. Paths in it are relative to the folder
if they were saved so, and still hold when the folder moves; absolute ones do not.

``checkpoint_writer.py`` comes before, ``open_checkpoint.py`` after.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from scopetutor.errors import FileFormatError

from . import pbtxt, protos
from .crash_safe import FilesTogether
from .file_ranges import FileRanges
from .pbtxt_reader import merge

DEFAULT_NAME = "checkpoint"
# a thousand long paths fit; anything larger is another kind of file
_LARGEST = 1 << 24


def read_checkpoint_state(folder: str, latest_filename: str | None = None) -> Any:
    """The ``CheckpointState`` of a folder, with paths that can be opened from here.

    TF 1.15 (get_checkpoint_state): relative paths get the folder in front.

    Raises:
        FileMissingError: the folder has no such file.
        FileFormatError: it is not a checkpoint state, or names no checkpoint.
    """
    state = read_state_file(os.path.join(folder, latest_filename or DEFAULT_NAME))
    # join leaves absolute paths as they are
    state.model_checkpoint_path = os.path.join(folder, state.model_checkpoint_path)
    state.all_model_checkpoint_paths[:] = [
        os.path.join(folder, path) for path in state.all_model_checkpoint_paths
    ]
    return state


def read_state_file(path: str) -> Any:
    """The ``CheckpointState`` in one file, paths as they are written there.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is not a checkpoint state, or names no checkpoint.
    """
    hint = "a Saver writes it beside the checkpoints it saves"
    file = FileRanges(path, missing_hint=hint)
    state: Any = protos.CheckpointState()
    if file.size > _LARGEST:
        raise FileFormatError(
            f"{file.size} bytes are too many for a checkpoint state",
            path=path,
            hint="name the checkpoint itself, or its folder",
        )
    merge(file.read(0, file.size), state, path=path)
    if not state.model_checkpoint_path or "\0" in state.model_checkpoint_path:
        raise FileFormatError(
            "the state names no checkpoint",
            path=path,
            hint="name the checkpoint itself, without its ending",
        )
    return state


def make_checkpoint_state(
    folder: str,
    latest: str,
    every: Sequence[str] = (),
    *,
    save_relative_paths: bool = False,
    timestamps: Sequence[float] = (),
    last_preserved_timestamp: float | None = None,
) -> Any:
    """The ``CheckpointState`` that a Saver writes after a save.

    TF 1.15 (generate_checkpoint_state_proto): ``latest`` is added to ``every``
    unless it is the last of them; with a relative folder, relative paths become
    relative to it; with ``save_relative_paths`` absolute ones do, too.

    Args:
        folder: where the file will be.
        latest: the prefix of the newest checkpoint.
        every: the prefixes of all that are kept, oldest first.
        save_relative_paths: as in ``tf.train.Saver``.
        timestamps: seconds since 1970, one for each of ``every``, or none.
        last_preserved_timestamp: the same, of the last one kept for good.

    Raises:
        ValueError: there are timestamps, but not as many as paths.
    """
    paths = list(every)
    if not paths or paths[-1] != latest:
        paths.append(latest)
    if timestamps and len(timestamps) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths (got "
            f"paths {paths} and timestamps {list(timestamps)})"
        )

    def written(path: str) -> str:
        if save_relative_paths and os.path.isabs(path):
            path = os.path.relpath(path, folder)
        if not os.path.isabs(folder) and not os.path.isabs(path):
            path = os.path.relpath(path, folder)
        return path

    return protos.CheckpointState(
        model_checkpoint_path=written(latest),
        all_model_checkpoint_paths=[written(path) for path in paths],
        all_model_checkpoint_timestamps=timestamps,
        last_preserved_timestamp=last_preserved_timestamp,
    )


def write_checkpoint_state(
    folder: str, state: Any, latest_filename: str | None = None
) -> None:
    """Write ``state`` as the folder's checkpoint file, at once or not at all.

    Raises:
        RuntimeError: the checkpoint itself has that name; TF 1.15's text.
        OSError: the folder is not there, or the disk is full.
    """
    path = os.path.join(folder, latest_filename or DEFAULT_NAME)
    if path == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{path}' conflicts with path used for checkpoint state.  "
            "Please use a different save path."
        )
    with FilesTogether() as files:
        files.create(path).write(pbtxt.write(state).encode())
