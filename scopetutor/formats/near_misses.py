"""What to say when a path means no checkpoint: what is there instead.

Only texts are made here; ``open_checkpoint.py`` looks first and asks for them.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from scopetutor.errors import FileFormatError, FileMissingError

from .file_ranges import FileRanges

ENDINGS = re.compile(r"(\.index|\.meta|\.data-[\d?*]+-of-[\d?*]+)$")
STEP = re.compile(r"-(\d+)$")

# the first bytes of files that people take for checkpoints
_OTHER_KINDS = {
    b"\x89HDF": "it is an HDF5 file, as Keras's save_weights writes",
    b"PK\x03\x04": "it is a zip file; NumPy's .npz and PyTorch's files are such",
    b"\x1f\x8b": "it is a gzip file; unpack it first",
}


def prefixes_in(folder: str) -> list[str]:
    """The prefixes of all V2 checkpoints in a folder."""
    pattern = os.path.join(glob.escape(folder or "."), "*.index")
    found = [path for path in glob.glob(pattern) if os.path.isfile(path)]
    prefixes = sorted(path.removesuffix(".index") for path in found)
    return prefixes if folder else [os.path.basename(prefix) for prefix in prefixes]


def other_kind(path: str) -> FileFormatError:
    """The error for a file that is there and is no checkpoint.

    Raises:
        FileFormatError: it cannot even be looked into.
    """
    if ENDINGS.search(path):
        return FileMissingError(
            "this is part of a checkpoint whose .index file is not there",
            path=path,
            hint="all files of a checkpoint must lie in one folder",
        )
    file = FileRanges(path)
    start, hint = file.read(0, min(file.size, 16)), "a checkpoint has an .index file"
    for mark, kind in _OTHER_KINDS.items():
        if start.startswith(mark):
            hint = kind
    return FileFormatError("this is not a checkpoint", path=path, hint=hint)


def no_checkpoint(path: str) -> FileMissingError:
    """The error for a path where nothing is."""
    prefix = ENDINGS.sub("", path)
    folder = os.path.dirname(prefix) or "."
    if os.path.isdir(path):
        problem = "this folder has no checkpoint: no file checkpoint, and no .index"
    elif os.path.isdir(folder):
        problem = f"there is no checkpoint: looked for {prefix}.index and {prefix}"
    else:
        problem = f"there is no checkpoint: not even the folder {folder} is there"
    return FileMissingError(problem, path=path, hint=what_is_near(prefix))


def what_is_near(prefix: str) -> str:
    """What to try instead of ``prefix``: the first reason that finds something."""
    if os.path.isdir(prefix):
        return _what_is_below(prefix)
    folder, name = os.path.split(prefix)
    here = [os.path.basename(near) for near in prefixes_in(folder)]
    for find in _NEAR:
        names = [os.path.join(folder, near) for near in find(name, here)]
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            return f"there is {', '.join(names[-3:])}{more}"
    if glob.glob(glob.escape(prefix) + ".data-*"):
        return "its .data file is there, its .index file is not: copy that, too"
    return _what_is_below(folder or ".")


def _what_is_below(folder: str) -> str:
    """A checkpoint one folder further down, or general advice."""
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*", "*.index"))):
        return f"there is {path.removesuffix('.index')}"
    return "give the path without .index, .meta or .data-00000-of-00001"


def _with_a_step(name: str, here: list[str]) -> Iterator[str]:
    """``model.ckpt`` was asked for, ``model.ckpt-100`` is there."""
    steps = [near for near in here if re.fullmatch(re.escape(name) + r"-\d+", near)]
    yield from sorted(steps, key=lambda near: int(near.rpartition("-")[2]))


def _with_another_step(name: str, here: list[str]) -> Iterator[str]:
    """``model.ckpt-99`` was asked for, ``model.ckpt-100`` is there."""
    if STEP.search(name):
        yield from _with_a_step(STEP.sub("", name), here)


def _beginning_so(name: str, here: list[str]) -> Iterator[str]:
    """``model`` was asked for, ``model.ckpt-100`` is there."""
    yield from (near for near in here if name and near.startswith(name))


def _spelled_so(name: str, here: list[str]) -> Iterator[str]:
    """``modle.ckpt`` was asked for, ``model.ckpt`` is there."""
    yield from get_close_matches(name, here[:1000])


_NEAR: tuple[Callable[[str, list[str]], Iterator[str]], ...] = (
    _with_a_step,
    _with_another_step,
    _beginning_so,
    _spelled_so,
)
