"""The entries of a workspace on disk, as they are typed: nothing typed is ever lost.

One file per workspace, to which lines are added and never changed. An entry is written
down before it runs and its ending after it, so a killed process or machine loses at
most the entry in flight. Every line has a checksum; what a crash left half written is
passed over. `client` writes here, `story` reads it again, and `journals` knows the
folder they all have.

A journal that cannot be written (the disk is full, the folder read-only) says so once;
the work goes on without it.
"""

from __future__ import annotations

import contextlib
import os
import stat
import zlib
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scopetutor.errors import UsageError

from .protocol import Ending
from .timeline import Moment

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

VERSION = 1
_LOCK_AT = 1 << 40  # a byte that no journal has, for systems that lock bytes


class _Line(msgspec.Struct, frozen=True, tag_field="is", omit_defaults=True):
    """Something that happened."""


class Began(_Line, frozen=True, tag="began"):
    """The first line, and the first after each time the workspace was gone on with.

    Attributes:
        version: of the format.
        entropy: where random numbers without a seed begin.
        folder: where the learner's files were.
        at: when, in seconds since 1970.
    """

    version: int
    entropy: int
    folder: str
    at: float


class Entered(_Line, frozen=True, tag="entered"):
    """An entry is about to run."""

    moment: Moment


class Ended(_Line, frozen=True, tag="ended"):
    """How an entry ended.

    Attributes:
        number: of the moment.
        ending: how.
        seconds: how long it took.
        lost: whether it led nowhere, because the process did not survive it.
    """

    number: int
    ending: Ending
    seconds: float = 0.0
    lost: bool = False


class Went(_Line, frozen=True, tag="went"):
    """Another moment became the present one."""

    to: int


Line: TypeAlias = Began | Entered | Ended | Went
_encoder = msgspec.json.Encoder()


class Journal:
    """A journal that is written.

    Args:
        path: of the file; its folder is made.

    Attributes:
        path: the same.
        problem: why nothing more is written, a sentence; "" if all is well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._told = False
        self._file: BinaryIO | None = None
        self._is_empty = True
        self._has_begun = False  # since it was opened

    def open(self, began: Began) -> None:
        """Begins the file, or goes on with it.

        Raises:
            UsageError: another terminal is writing it.
        """
        self._began = began
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = open(self.path, "ab", buffering=0)  # noqa: SIM115 - until close()
        except OSError as error:
            self._fail(error)
            return
        if not _locked(file):
            file.close()
            raise UsageError(
                f"the session {self.path.stem} is open in another terminal",
                hint="scopetutor repl --list",
            )
        self._file = file
        try:
            self._is_empty = file.tell() == 0
            if not self._is_empty and not _ends_in_newline(self.path):
                file.write(b"\n")  # after what a crash left half written
        except OSError as error:
            self._fail(error)

    def entered(self, moment: Moment) -> None:
        """Notes an entry before it runs."""
        self._write(Entered(moment))

    def ended(self, moment: Moment, *, lost: bool = False) -> None:
        """Notes how it ended, and makes sure that all is on the disk."""
        self._write(Ended(moment.number, moment.ending, moment.seconds, lost))
        if self._file is not None:
            try:
                _sync(self._file.fileno())
            except OSError as error:
                self._fail(error)

    def went(self, to: int) -> None:
        """Notes that another moment is the present one."""
        if not self._is_empty:
            self._write(Went(to))

    def news(self) -> str:
        """The problem, the first time it is asked for after there is one."""
        if not self.problem or self._told:
            return ""
        self._told = True
        return self.problem

    def close(self) -> None:
        """Lets go of the file, and of the file itself if nothing was written."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            if self._is_empty:
                self.path.unlink()
            self._file.close()
        self._file = None

    def _write(self, line: Line) -> None:
        if self._file is None:
            return
        self._is_empty = False
        try:
            data = packed(line)
            if not self._has_begun:
                self._has_begun = True
                data = packed(self._began) + data
            written = self._file.write(data)
            if written != len(data):
                raise OSError(28, os.strerror(28))  # as a full disk says it
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.problem = (
            f"This session is not kept on disk ({reason}: {self.path.parent}); the "
            "work goes on."
        )
        self.close()


def packed(line: Line) -> bytes:
    """A line as it stands in the file: checksum, text, newline."""
    text = _encoder.encode(line)
    return b"%08x %b\n" % (zlib.crc32(text), text)


def _ends_in_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _sync(file: int) -> None:
    """Waits until the disk has it, as far as the file can be on one."""
    getattr(os, "fdatasync", os.fsync)(file)


def _locked(file: BinaryIO) -> bool:
    """Whether nobody else writes the file; it stays ours until it is closed."""
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return True  # a pipe or a device is nobody's
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return _byte_locked(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _byte_locked(file: BinaryIO) -> bool:
    import msvcrt  # noqa: PLC0415 - only on Windows

    place = file.tell()
    try:
        file.seek(_LOCK_AT)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    finally:
        file.seek(place)
    return True
