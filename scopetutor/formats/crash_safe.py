"""Several files that appear together, whatever kills the writer meanwhile.

Each file is first written in full under a name of its own in the same folder,
``NAME.saving-1f2e3d4c``, and reaches the disk. Then they take their names, in the
order they were begun. Of a checkpoint the index comes last.

Killed before the first renaming: what was there is untouched. Killed between
two: ``interrupted`` tells which files still have their temporary names, a
reader reads them there, and the next writer finishes what was begun.

The leftovers of a killed writer are never taken for anything else; they can be
deleted, all together. ``checkpoint_writer.py`` and ``checkpoint_state.py`` come next.
"""

from __future__ import annotations

import glob
import os
import re
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

_MARK = ".saving-"
_SHARD = re.compile(r"\.data-\d{5}-of-(\d{5})$")


class FilesTogether:
    """A ``with`` block in which files are written; they appear when it ends well.

    If it ends with an error, or the disk is full, nothing of them remains.
    """

    def __init__(self) -> None:
        self._suffix = _MARK + os.urandom(4).hex()
        self._open: list[tuple[str, BinaryIO]] = []

    def create(self, path: str) -> BinaryIO:
        """Begin the file that will be at ``path``.

        Raises:
            OSError: the folder is not there, or not ours to write in.
        """
        file = open(path + self._suffix, "xb")  # noqa: SIM115 - __exit__ closes it
        self._open.append((path, file))
        return file

    def adopt(self, path: str, written: str) -> None:
        """Let a file that is already written be the one at ``path``.

        Raises:
            OSError: it is not there, or on another disk.
        """
        os.replace(written, path + self._suffix)
        self._open.append((path, open(path + self._suffix, "rb")))  # noqa: SIM115 - __exit__ closes it

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._reach_the_disk()
        except OSError:
            self._give_up()
            raise
        if kind is None:
            self._take_their_names()
        else:
            self._give_up()

    def _give_up(self) -> None:
        # The last file first: without it the others are only leftovers.
        for path, file in reversed(self._open):
            with suppress(OSError):
                file.close()
            os.unlink(path + self._suffix)

    def _reach_the_disk(self) -> None:
        for _, file in self._open:
            file.flush()
            os.fsync(file.fileno())
            file.close()

    def _take_their_names(self) -> None:
        for number, (path, _) in enumerate(self._open):
            try:
                os.replace(path + self._suffix, path)
            except OSError:
                # Nothing has appeared yet: a folder is in the way of the first one.
                if number == 0:
                    self._give_up()
                raise
        for folder in {os.path.dirname(path) for path, _ in self._open}:
            _sync_folder(folder or ".")


def _sync_folder(folder: str) -> None:
    """Make renamings survive a power cut, where the system can."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def interrupted(prefix: str) -> dict[str, str]:
    """Files of a save of ``prefix`` that was killed between two renamings.

    Returns:
        final path -> where the file still is, data before the index; empty if
        no save was interrupted there.
    """
    for index in glob.glob(glob.escape(f"{prefix}.index{_MARK}") + "*"):
        suffix = _MARK + index.rpartition(_MARK)[2]
        data = sorted(glob.glob(f"{glob.escape(prefix)}.data-*{suffix}"))
        names = [path.removesuffix(suffix) for path in data]
        shards = _SHARD.search(names[0]) if names else None
        # With all data files still waiting, no renaming had begun.
        if shards is None or len(names) < int(shards[1]):
            names.append(f"{prefix}.index")
            return {name: name + suffix for name in names}
    return {}


def finish_interrupted(prefix: str) -> None:
    """Give the files of an interrupted save their names."""
    for path, waiting in interrupted(prefix).items():
        with suppress(FileNotFoundError):
            os.replace(waiting, path)
