"""Reading pieces of a file, none of them larger than the file.

Every size a file announces meets the file's real size here, before any memory
is asked for. ``sstable.py`` and the checkpoints read through this.
"""

from __future__ import annotations

import os
import stat
from typing import Any

from scopetutor.errors import FileFormatError, FileMissingError


class CutShortError(FileFormatError):
    """A file has fewer bytes than another one, or its own beginning, announces."""


class FileRanges:
    """One file, opened anew for every piece, so that nothing needs closing.

    Attributes:
        path: the file.
        size: its bytes, when it was first looked at.
    """

    def __init__(self, path: str, *, missing_hint: str = "") -> None:
        """Look at the file.

        Raises:
            FileMissingError: there is no such file.
            FileFormatError: it is a folder, a pipe, or cannot be looked at.
        """
        self.path = path
        self._missing_hint = missing_hint
        try:
            found = os.stat(path)
        except OSError as error:
            raise self.refused(error) from error
        # opening a pipe would wait for someone to write to it
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a file"
            raise FileFormatError(
                f"this is {kind}", path=path, hint="name a file in it, or another one"
            )
        self.size = found.st_size

    def refused(self, error: OSError) -> FileFormatError:
        """The error for what the system says."""
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            hint = self._missing_hint or "look at its name and folder"
            return FileMissingError("there is no such file", path=self.path, hint=hint)
        return FileFormatError(
            f"this file cannot be read: {error.strerror}",
            path=self.path,
            hint="look at its permissions",
        )

    def check(self, offset: int, size: int) -> None:
        """Refuse a piece that is not wholly inside the file.

        Raises:
            FileFormatError: it is not.
        """
        if offset < 0 or size < 0 or offset + size > self.size:
            raise CutShortError(
                f"bytes {offset} to {offset + size} are announced, "
                f"the file has {self.size}",
                path=self.path,
                hint="it may be cut short: copy it again",
            )

    def read(self, offset: int, size: int) -> bytes:
        """The bytes of one piece."""
        self.check(offset, size)
        data = bytearray(size)
        self.read_into(offset, memoryview(data))
        return bytes(data)

    def read_into(self, offset: int, buffer: Any) -> None:
        """Fill ``buffer``, a writable memoryview of bytes, from ``offset`` on."""
        self.check(offset, len(buffer))
        try:
            with open(self.path, "rb", buffering=0) as file:
                file.seek(offset)
                filled = 0
                # one read gives less than 2 GiB on Linux
                while filled < len(buffer):
                    count = file.readinto(buffer[filled:])
                    if not count:
                        break
                    filled += count
        except OSError as error:
            raise self.refused(error) from error
        if filled < len(buffer):
            raise FileFormatError(
                "the file became shorter while it was read",
                path=self.path,
                hint="wait until it is written, then try again",
            )
