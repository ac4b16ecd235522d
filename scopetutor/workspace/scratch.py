"""The folder in which a program may write anything; it goes when the workspace goes.

`tempfile` leads a program there. How much it may write is up to `Budget`, and `remove`
takes away whatever it has left, also what was made hard to take away.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile

MOST_WRITTEN = 1 << 30
"""Bytes by which one entry may make the folder larger."""
MOST_FILES = 10_000
"""Files and folders by which it may."""


def make() -> str:
    """A new folder."""
    return tempfile.mkdtemp(prefix="scopetutor-")


class Budget:
    """What an entry may write.

    Args:
        folder: where.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._before: tuple[int, int] | None = None

    def is_spent(self) -> bool:
        """Whether too much was written since this was asked first."""
        number, size = _contents(self._folder)
        if self._before is None:
            self._before = number, size
        before = self._before
        return number - before[0] > MOST_FILES or size - before[1] > MOST_WRITTEN


def _contents(folder: str) -> tuple[int, int]:
    """How many files and folders there are, and how many bytes; not beyond too many."""
    number = size = 0
    todo = [folder]
    while todo:
        with contextlib.suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                number += 1
                size += entry.stat(follow_symlinks=False).st_size
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                if number > 2 * MOST_FILES:
                    return number, size
    return number, size


def remove(folder: str) -> None:
    """Takes the folder away, with folders that are a thousand deep or locked.

    What is in a folder is moved up before it goes, so no path gets long.
    """
    with contextlib.suppress(OSError):
        while entries := list(os.scandir(folder)):
            for entry in entries:
                if not _unlocked(entry):
                    os.unlink(entry.path)
                    continue
                for inner in list(os.scandir(entry.path)):
                    _unlocked(inner)
                    os.rename(inner.path, f"{folder}/{secrets.token_hex(8)}")
                os.rmdir(entry.path)
        os.rmdir(folder)


def _unlocked(entry: os.DirEntry[str]) -> bool:
    """Whether this is a folder, which can be changed then."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    os.chmod(entry.path, 0o700)
    return True
