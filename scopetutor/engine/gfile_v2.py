"""`tf.io.gfile`: the functions of ``gfile.py`` under the names of TensorFlow 2.

TF 1.15 has both sets of names, and programs mix them. `tf.io.gfile` lists these; `walk`
alone is other than before, since it can tell of a folder that is not there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from . import files, gfile
from .op_errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Raises:
        AlreadyExistsError: there is one, and it is not to be overwritten.
    """
    gfile.Copy(src, dst, overwrite)


def exists(path: Any) -> bool:
    """Whether there is a file or folder."""
    return gfile.Exists(path)


def glob(pattern: Any) -> list[str]:
    """The paths that match a pattern, or one of some."""
    return gfile.Glob(pattern)


def isdir(path: Any) -> bool:
    """Whether there is a folder."""
    return gfile.IsDirectory(path)


def listdir(path: Any) -> list[str]:
    """The names in a folder.

    Raises:
        NotFoundError: there is no such folder.
    """
    return gfile.ListDirectory(path)


def makedirs(path: Any) -> None:
    """Makes a folder and those around it; fine if it is there."""
    gfile.MakeDirs(path)


def mkdir(path: Any) -> None:
    """Makes a folder, whose own folder is there; fine if it is there itself."""
    gfile.MkDir(path)


def remove(path: Any) -> None:
    """Removes a file."""
    gfile.Remove(path)


def rename(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Gives a file another name.

    Raises:
        AlreadyExistsError: there is one of that name, and it is not to be overwritten.
    """
    gfile.Rename(src, dst, overwrite)


def rmtree(path: Any) -> None:
    """Removes a folder and all that is in it.

    Raises:
        NotFoundError: there is none.
    """
    gfile.DeleteRecursively(path)


def stat(path: Any) -> gfile.Statistics:
    """What is known of a file."""
    return gfile.Stat(path)


def walk(
    top: Any,
    topdown: bool = True,
    onerror: Callable[[NotFoundError], Any] | None = None,
) -> Iterator[tuple[str, list[str], list[str]]]:
    """The folders from one downwards, with the folders and files in each.

    Args:
        top: the first folder; if there is none, there is nothing.
        topdown: a folder before those in it, or after them.
        onerror: is told that the first folder is not there.
    """
    path = files.text_path(top)
    if not os.path.isdir(path) and onerror is not None:
        onerror(NotFoundError(None, None, f"Could not find directory {path}"))
        return
    yield from gfile.Walk(top, topdown)
