"""The entries of a workspace on disk, as they are typed: nothing typed is ever lost.

One file per workspace, to which lines are added and never changed. An entry is written
down before it runs and its ending after it, so a killed process or machine loses at
most the entry in flight. Every line has a checksum; what a crash left half written is
passed over. `client` writes, `read` gives the timeline back, and the entries are run
again from it with the same random numbers.

A journal that cannot be written (the disk is full, the folder read-only) says so once;
the work goes on without it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import stat
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from scopetutor.errors import UsageError

from .protocol import Ending
from .timeline import Moment, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

VERSION = 1
SUFFIX = ".journal"
MOST_KEPT = 200
"""Journals that are kept; older ones are removed when a new one begins."""
LONGEST_LINE = 64 << 20
_LOCK_AT = 1 << 40  # a byte that no journal has, for systems that lock bytes


class _Line(msgspec.Struct, frozen=True, tag_field="is", omit_defaults=True):
    """Something that happened."""


class Began(_Line, frozen=True, tag="began"):
    """The first line.

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
_decoder = msgspec.json.Decoder(Line)


class Story(NamedTuple):
    """What a journal tells.

    Attributes:
        began: its first line.
        timeline: all moments, at the one that was left.
        in_flight: the entry that had not ended; None if all had.
        damaged: lines that could not be read.
    """

    began: Began
    timeline: Timeline
    in_flight: Moment | None
    damaged: int


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
        self._begun = False

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
                f"the workspace {self.path.stem} is open in another terminal",
                hint="scopetutor repl --list",
            )
        self._file = file
        try:
            self._begun = file.tell() > 0
            if self._begun and not _ends_in_newline(self.path):
                file.write(b"\n")  # after what a crash left half written
        except OSError as error:
            self._fail(error)

    def entered(self, moment: Moment) -> None:
        """Notes an entry before it runs."""
        if not self._begun:
            self._begun = True
            self._write(self._began)
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
        if self._begun:
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
            if not self._begun:
                self.path.unlink()
            self._file.close()
        self._file = None

    def _write(self, line: Line) -> None:
        if self._file is None:
            return
        try:
            data = packed(line)
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


def _unpacked(data: bytes) -> Line | None:
    """The line; None if it is not as it was written."""
    checksum, _, text = data.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    try:
        line: Line = _decoder.decode(text)
    except msgspec.MsgspecError:
        return None
    return line


def read(path: Path) -> Story:
    """What a journal tells.

    Raises:
        UsageError: there is none, or it cannot be read.
    """
    began, damaged = None, 0
    timeline = Timeline()
    waiting: dict[int, Moment] = {}
    for line in _lines(path):
        if line is None:
            damaged += 1
        elif isinstance(line, Began):
            began = began or line
        elif not _take(line, timeline, waiting):
            damaged += 1
    if began is None or began.version > VERSION:
        what = "is empty or damaged" if began is None else "is from a newer scopetutor"
        raise UsageError(f"the journal {what}", place=str(path))
    in_flight = None
    for moment in waiting.values():
        in_flight = msgspec.structs.replace(moment, ending="died")
        timeline.add_failed(in_flight)
    return Story(began, timeline, in_flight, damaged)


def _take(line: Line, timeline: Timeline, waiting: dict[int, Moment]) -> bool:
    """Enters a line into the timeline; False if it does not fit what came before."""
    if isinstance(line, Entered):
        if line.moment.parent not in timeline or line.moment.number in timeline:
            return False
        waiting[line.moment.number] = line.moment
        return True
    if isinstance(line, Ended):
        moment = waiting.pop(line.number, None)
        if moment is None:
            return False
        moment = msgspec.structs.replace(
            moment, ending=line.ending, seconds=line.seconds
        )
        (timeline.add_failed if line.lost else timeline.add)(moment)
        return True
    assert isinstance(line, Went)
    if line.to not in timeline:
        return False
    timeline.go_to(line.to)
    return True


def _lines(path: Path) -> Iterator[Line | None]:
    try:
        with path.open("rb") as file:
            while data := file.readline(LONGEST_LINE):
                if data.strip():
                    yield _unpacked(data.rstrip(b"\n"))
    except OSError as error:
        problem = f"the journal cannot be read: {error.strerror or error}"
        raise UsageError(problem, place=str(path)) from None


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


# -- the folder of journals ----------------------------------------------------------


class Kept(NamedTuple):
    """A workspace that was kept.

    Attributes:
        name: to resume it by.
        path: of its journal.
        at: when it was last written, in seconds since 1970.
        entries: how many there are on the line that leads to where it was left.
        last: the last of them.
    """

    name: str
    path: Path
    at: float
    entries: int
    last: str


def folder() -> Path:
    """Where journals are: below $SCOPETUTOR_DATA or the system's folder for it."""
    chosen = os.environ.get("SCOPETUTOR_DATA")
    if chosen:
        return Path(chosen) / "workspaces"
    import platformdirs  # noqa: PLC0415 - not needed where the folder is given

    return platformdirs.user_data_path("scopetutor", appauthor=False) / "workspaces"


def new_path() -> Path:
    """The path of a new journal, called after the day; the file is made if possible."""
    where = folder()
    day = dt.datetime.now().strftime("%Y-%m-%d")
    number = 1
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
        _remove_oldest(where)
        while not _made(where / f"{day}.{number}{SUFFIX}"):
            number += 1
    return where / f"{day}.{number}{SUFFIX}"


def _made(path: Path) -> bool:
    """Whether the file could be made; False if it is somebody else's already."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True


def _remove_oldest(where: Path) -> None:
    with contextlib.suppress(OSError):
        found = sorted(where.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
        for path in found[: max(0, len(found) - MOST_KEPT)]:
            path.unlink()


def named(name: str = "") -> Path:
    """The journal of a workspace; without a name, the one written last.

    Raises:
        UsageError: there is none.
    """
    paths = _paths()
    if not paths:
        raise UsageError("no session has been kept", hint="scopetutor repl")
    if not name:
        return paths[0]
    found = [path for path in paths if path.stem == name]
    if not found:
        raise UsageError(
            f"there is no workspace {name!r}", hint="scopetutor repl --list"
        )
    return found[0]


def kept() -> list[Kept]:
    """The workspaces that can be resumed, the newest first."""
    found = []
    for path in _paths():
        with contextlib.suppress(UsageError, OSError):
            story = read(path)
            line = story.timeline.path(story.timeline.current)
            last = line[-1].text if line else ""
            at = path.stat().st_mtime
            found.append(Kept(path.stem, path, at, len(line), last))
    return found


def _paths() -> list[Path]:
    """The journals, the one written last first."""
    dated = []
    with contextlib.suppress(OSError):
        for path in folder().glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                dated.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(dated, reverse=True)]
