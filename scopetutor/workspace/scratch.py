"""The folder in which a program may write anything; it goes when the workspace goes.

`tempfile` leads a program there. How much it may write is up to `Budget`, and `remove`
takes away whatever it has left, also what was made hard to take away.

`options` has it made for a new workspace, `ways` looks what is in it while an entry
runs, and whoever is last takes it away.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tempfile
from itertools import islice

MOST_WRITTEN = 1 << 30
"""Bytes by which one entry may make the folder larger."""
MOST_FILES = 10_000
"""Files and folders by which it may."""
MOST_DEEP = 64
"""Folders in folders."""


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

    def is_spent(self, pid: int) -> bool:
        """Whether too much was written since this was asked first.

        Args:
            pid: of the process that writes, which may have files without a name.
        """
        number, size = _contents(self._folder)
        size += _nameless(pid)
        if self._before is None:
            self._before = number, size
        before = self._before
        return number - before[0] > MOST_FILES or size - before[1] > MOST_WRITTEN


def _contents(folder: str) -> tuple[int, int]:
    """How many files and folders there are, and how many bytes; not beyond too many.

    Folders deeper than any program needs count as too many: looking into them takes
    longer the deeper they are.
    """
    number = size = 0
    todo = [(folder, 0)]
    while todo:
        path, depth = todo.pop()
        if depth > MOST_DEEP or number > 2 * MOST_FILES:
            return 2 * MOST_FILES + 1, size
        with contextlib.suppress(OSError), os.scandir(path) as entries:
            for entry in islice(entries, 2 * MOST_FILES):
                number += 1
                size += entry.stat(follow_symlinks=False).st_size
                if entry.is_dir(follow_symlinks=False):
                    todo.append((entry.path, depth + 1))
    return number, size


def _nameless(pid: int) -> int:
    """Bytes in the files that a process has open and that have no name any more."""
    files = {}
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                status = entry.stat()
                if status.st_nlink == 0 and stat.S_ISREG(status.st_mode):
                    files[status.st_dev, status.st_ino] = status.st_size
    return sum(files.values())


def remove(folder: str) -> None:
    """Takes the folder away, with folders that are a thousand deep or locked."""
    with contextlib.suppress(OSError):
        _make_shallow(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _make_shallow(folder: str) -> None:
    """Unlocks all folders, and moves those that are too deep up to the top."""
    todo = [(folder, 0)]
    while todo:
        path, depth = todo.pop()
        for entry in list(os.scandir(path)):
            if not _unlocked(entry):
                continue
            if depth < MOST_DEEP:
                todo.append((entry.path, depth + 1))
            else:
                moved = f"{folder}/{secrets.token_hex(8)}"
                os.rename(entry.path, moved)
                todo.append((moved, 1))


def _unlocked(entry: os.DirEntry[str]) -> bool:
    """Whether this is a folder, which can be changed then."""
    if not entry.is_dir(follow_symlinks=False):
        return False
    os.chmod(entry.path, 0o700)
    return True
