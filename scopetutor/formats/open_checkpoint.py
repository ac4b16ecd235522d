"""The checkpoint people mean, however they spell its path.

A prefix, one of its files, a folder, a SavedModel's folder, the ``checkpoint``
file, a V1 file: ``find_checkpoint`` says which checkpoint that is,
``open_checkpoint`` opens it. If it is none, one error says what was looked for,
what is there instead, and what to try.

This is the way in: ``checkpoint.py`` and ``checkpoint_state.py`` come before.
"""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass

from scopetutor.errors import FileFormatError, FileMissingError

from .checkpoint import Checkpoint
from .checkpoint_state import DEFAULT_NAME, read_state_file
from .checkpoint_v2 import CheckpointV2
from .near_misses import (
    ENDINGS,
    STEP,
    no_checkpoint,
    other_kind,
    prefixes_in,
    what_is_near,
)
from .sstable import FOOTER, MAGIC

_V1_SHARD = re.compile(r"-\d{5}-of-(\d{5})$")


@dataclass(frozen=True, slots=True)
class FoundCheckpoint:
    """A checkpoint that is there.

    Attributes:
        prefix: its path as TensorFlow wants it.
        version: ``"V2"`` or ``"V1"``.
        meta: the path of its ``.meta`` file; empty if there is none.
        how: why it is this one, if the path did not name it: a sentence's end.
    """

    prefix: str
    version: str
    meta: str
    how: str = ""

    @property
    def step(self) -> int | None:
        """The training step in its name, if there is one."""
        match = STEP.search(self.prefix)
        return int(match[1]) if match else None


def open_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Open the checkpoint that ``path`` means.

    Raises:
        FileMissingError: it means none.
        FileFormatError: what it means is damaged.
    """
    found = find_checkpoint(path)
    if found.version == "V2":
        return CheckpointV2(found.prefix)
    # Few checkpoints are so old that this is needed.
    from .checkpoint_v1 import CheckpointV1  # noqa: PLC0415 - the old format is rare

    return CheckpointV1(found.prefix, _v1_files(found.prefix))


def find_checkpoint(path: str | os.PathLike[str]) -> FoundCheckpoint:
    """Which checkpoint ``path`` means; nothing of it is read but the state file.

    Raises:
        FileMissingError: none; says what was looked for and what is near.
        FileFormatError: it is a file of another kind.
    """
    spelled = os.path.expanduser(os.fspath(path)).strip()
    if "\0" in spelled:
        raise FileMissingError("no path has a zero in it", path=repr(spelled))
    for look in (_as_prefix, _as_folder, _as_state_file, _as_one_of_its_files):
        found = look(spelled)
        if found is not None:
            return found
    if os.path.isfile(spelled):
        raise other_kind(spelled)
    raise no_checkpoint(spelled)


def _as_prefix(path: str) -> FoundCheckpoint | None:
    """``path`` is the prefix itself, of either version."""
    meta = f"{path}.meta" if os.path.isfile(f"{path}.meta") else ""
    if os.path.isfile(f"{path}.index"):
        return FoundCheckpoint(path, "V2", meta)
    if path and _v1_files(path):
        return FoundCheckpoint(path, "V1", meta)
    return None


def _as_one_of_its_files(path: str) -> FoundCheckpoint | None:
    """``path`` is a file of a checkpoint, there or not."""
    prefix = ENDINGS.sub("", path)
    if prefix == path:
        prefix = _V1_SHARD.sub("", path)
    return _as_prefix(prefix) if prefix != path else None


def _as_folder(path: str) -> FoundCheckpoint | None:
    """``path`` is a folder: its latest checkpoint, or a SavedModel's variables."""
    if not os.path.isdir(path):
        return None
    named = _as_state_file(os.path.join(path, DEFAULT_NAME))
    if named is not None:
        return named
    variables = os.path.join(path, "variables", "variables")
    if os.path.isfile(f"{variables}.index"):
        return _as_prefix(variables)
    prefixes = prefixes_in(path)
    if not prefixes:
        return None
    newest = max(prefixes, key=lambda prefix: os.path.getmtime(f"{prefix}.index"))
    found = _as_prefix(newest)
    if found is None or len(prefixes) == 1:
        return found
    how = f"the newest of the {len(prefixes)} in the folder"
    return FoundCheckpoint(found.prefix, found.version, found.meta, how)


def _as_state_file(path: str) -> FoundCheckpoint | None:
    """``path`` is a state file: the latest checkpoint it names."""
    if not os.path.isfile(path) or _is_table(path):
        return None
    try:
        latest = read_state_file(path).model_checkpoint_path
    except FileFormatError:
        if os.path.basename(path) == DEFAULT_NAME:
            raise
        return None
    folder = os.path.dirname(path)
    named = _as_prefix(os.path.join(folder, latest))
    if named is not None:
        how = f"the latest that {path} names"
        return FoundCheckpoint(named.prefix, named.version, named.meta, how)
    # The folder has moved since: look for the same name beside the state file.
    moved = _as_prefix(os.path.join(folder, os.path.basename(latest)))
    if moved is not None:
        how = f"beside {path}, which names {latest}"
        return FoundCheckpoint(moved.prefix, moved.version, moved.meta, how)
    raise FileMissingError(
        f"the state file names {latest}, which is not there",
        path=path,
        hint=what_is_near(os.path.join(folder, os.path.basename(latest))),
    )


def _is_table(path: str) -> bool:
    """Whether a file ends with the mark of a table."""
    try:
        with open(path, "rb") as file:
            if file.seek(0, os.SEEK_END) < FOOTER:
                return False
            file.seek(-len(MAGIC), os.SEEK_END)
            return file.read() == MAGIC
    except OSError:
        return False


def _v1_files(prefix: str) -> list[str]:
    """The files of a V1 checkpoint: one, or one per shard; none if it is none."""
    if os.path.isfile(prefix) and _is_table(prefix):
        is_index = prefix.endswith(".index")
        return [] if is_index else [prefix]
    shards = sorted(glob.glob(glob.escape(prefix) + "-?????-of-?????"))
    marks = [_V1_SHARD.search(shard) for shard in shards]
    complete = all(mark and int(mark[1]) == len(shards) for mark in marks)
    return shards if complete and all(map(_is_table, shards)) else []
