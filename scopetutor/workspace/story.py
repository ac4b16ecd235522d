"""What a journal tells: the timeline of a workspace, as far as it can be read.

`journal` wrote the file; `Workspace.resume` goes on from the timeline and runs its
entries again. A line that was damaged costs no more than what stood in it: the entries
after a lost one follow the one before it, and where the first line is lost, so are only
the random numbers it began with.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from scopetutor.errors import UsageError

from .journal import VERSION, Began, Ended, Entered, Line, Went
from .timeline import Moment, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 64 << 20
_decoder = msgspec.json.Decoder(Line)


class Story(NamedTuple):
    """What a journal tells.

    Attributes:
        began: its first line; None if that is lost.
        timeline: all moments, at the one that was left.
        in_flight: the entry that had not ended; None if all had.
        damaged: lines that could not be read.
    """

    began: Began | None
    timeline: Timeline
    in_flight: Moment | None
    damaged: int


def read(path: Path) -> Story:
    """What a journal tells.

    Raises:
        UsageError: there is none, or nothing in it can be read.
    """
    began, damaged = None, 0
    reading = _Reading()
    for line in _lines(path):
        if isinstance(line, Began):
            began = began or line
        elif line is None or not reading.take(line):
            damaged += 1
    if began is not None and began.version > VERSION:
        raise UsageError("the journal is from a newer scopetutor", place=str(path))
    in_flight = reading.end()
    if began is None and not reading.knows_an_entry:
        raise UsageError("the journal is empty or damaged", place=str(path))
    return Story(began, reading.timeline, in_flight, damaged)


class _Reading:
    """The timeline as far as the lines have been read."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._waiting: dict[int, Moment] = {}  # entries that have not ended yet

    @property
    def knows_an_entry(self) -> bool:
        """Whether any entry could be read."""
        return bool(self.timeline.newest or self.timeline.failed())

    def take(self, line: Entered | Ended | Went) -> bool:
        """Enters a line; False if it does not fit what came before."""
        if isinstance(line, Entered):
            return self._entered(line.moment)
        if isinstance(line, Ended):
            return self._ended(line)
        if line.to not in self.timeline:
            return False
        self.timeline.go_to(line.to)
        return True

    def _entered(self, moment: Moment) -> bool:
        if moment.number in self.timeline or moment.number in self._waiting:
            return False
        before = self._waiting.pop(moment.parent, None)
        if before is not None:  # its end is lost, but it has led to a moment
            self.timeline.add(before)
        if moment.parent not in self.timeline:
            parent = self._newest_before(moment.parent)
            moment = msgspec.structs.replace(moment, parent=parent)
        self._waiting[moment.number] = moment
        return True

    def _newest_before(self, number: int) -> int:
        """The moment that an entry follows whose own predecessor is lost."""
        numbers = (moment.number for moment in self.timeline.moments())
        return max(known for known in numbers if known <= max(number, 0))

    def _ended(self, line: Ended) -> bool:
        moment = self._waiting.pop(line.number, None)
        if moment is None:
            return False
        moment = msgspec.structs.replace(
            moment, ending=line.ending, seconds=line.seconds
        )
        (self.timeline.add_failed if line.lost else self.timeline.add)(moment)
        return True

    def end(self) -> Moment | None:
        """Notes what has not ended; the last such entry."""
        in_flight = None
        for moment in self._waiting.values():
            in_flight = msgspec.structs.replace(moment, ending="died")
            self.timeline.add_failed(in_flight)
        return in_flight


def _lines(path: Path) -> Iterator[Line | None]:
    try:
        with path.open("rb") as file:
            while data := file.readline(LONGEST_LINE):
                if data.strip():
                    yield _unpacked(data.rstrip(b"\n"))
    except OSError as error:
        problem = f"the journal cannot be read: {error.strerror or error}"
        raise UsageError(problem, place=str(path)) from None


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
