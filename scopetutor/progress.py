"""What a learner has done: an SQLite file that survives crashes and two terminals.

Everything is an event that is added and never changed; what a learner has reached is
told from the events. So nothing can be half written, a killed process loses at most
the event in flight, and records of two machines merge by adding up. The tutor writes
here; `course` does not know of it.

Steps are kept under stable ids together with the digest of what was asked: when a
course is updated, only the steps that ask something else count as changed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from scopetutor.errors import ProgressError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SCHEMA = 1
FILE = "progress.sqlite3"
PATIENCE = 10.0  # seconds to wait for another terminal that writes

What: TypeAlias = Literal[
    "read",  # a step without a question was left behind
    "passed",
    "under way",
    "aside",
    "wrong",
    "hint",
    "solution",
    "skipped",
]

_TABLES = """
create table if not exists event (
    uid text primary key,
    at real not null,
    course text not null,
    lesson text not null,
    step text not null,
    digest text not null,
    what text not null,
    answer text not null default '',
    misconception text not null default ''
) without rowid;
create index if not exists event_of_step on event (course, lesson, step);
create table if not exists drill (
    uid text primary key,
    at real not null,
    topic text not null,
    level integer not null,
    was_right integer not null
) without rowid;
create table if not exists card (
    idea text primary key,
    at real not null,
    due real not null,
    state text not null
) without rowid;
create table if not exists place (
    course text primary key,
    at real not null,
    lesson text not null,
    step text not null
) without rowid;
"""
_GOES_ON = "scopetutor goes on without keeping it"
_ELSEWHERE = "SCOPETUTOR_DATA=FOLDER, for one that can be written"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a step.

    Attributes:
        course, lesson, step: ids.
        digest: of what the step asked then.
        what: happened.
        answer: what was typed.
        misconception: the id of the belief it showed, or "".
        at: seconds since 1970.
        uid: tells it from all others, on any machine.
    """

    course: str
    lesson: str
    step: str
    digest: str
    what: What
    answer: str = ""
    misconception: str = ""
    at: float = 0.0
    uid: str = ""


class Record(msgspec.Struct, frozen=True):
    """What a learner has reached in one step.

    Attributes:
        passed: whether it was passed or read, as it asks today or as it asked once.
        digest: of what it asked when it was last passed.
        wrong: how many wrong attempts there were.
        hints: how many hints were taken before it was passed.
        solution: whether the solution was looked at before it was passed.
        skipped: whether it was skipped and not passed since.
        answer: what passed last, or what was typed last.
        at: when something last happened.
    """

    passed: bool = False
    digest: str = ""
    wrong: int = 0
    hints: int = 0
    solution: bool = False
    skipped: bool = False
    answer: str = ""
    at: float = 0.0


class Drilled(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a drill that was answered."""

    topic: str
    level: int
    was_right: bool
    at: float = 0.0
    uid: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """An idea that comes back: what `course.schedule` knows of it, and when it is due.

    Attributes:
        idea: the id of a misconception, or "lesson/step".
        due: seconds since 1970.
        state: the scheduler's own text.
        at: when it was last reviewed.
    """

    idea: str
    due: float
    state: str
    at: float = 0.0


class Place(msgspec.Struct, frozen=True):
    """Where the learner was in a course."""

    lesson: str
    step: str
    at: float = 0.0


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in a record, for another machine."""

    format: int = SCHEMA
    events: tuple[Event, ...] = ()
    drills: tuple[Drilled, ...] = ()
    cards: tuple[Card, ...] = ()
    places: dict[str, Place] = {}


def default_path() -> Path:
    """Where the record is: $SCOPETUTOR_DATA, or the platform's folder for user data."""
    chosen = os.environ.get("SCOPETUTOR_DATA")
    if chosen:
        return Path(chosen) / FILE
    import platformdirs  # noqa: PLC0415 - not needed where the folder is given

    return platformdirs.user_data_path("scopetutor", appauthor=False) / FILE


class Progress:
    """The record in a file, or only in memory.

    Args:
        path: of the file; None keeps everything in memory.
        clock: gives the seconds since 1970.

    Raises:
        ProgressError: the file cannot be used, with what to do about it.
    """

    def __init__(
        self, path: Path | None, clock: Callable[[], float] = time.time
    ) -> None:
        self.path = path
        self.clock = clock
        self._database = self._opened(path)

    @staticmethod
    def _opened(path: Path | None) -> sqlite3.Connection:
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(
                path or ":memory:", timeout=PATIENCE, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error, _ELSEWHERE) from None
        try:
            _prepare_in_turn(database, path)
        except sqlite3.Error as error:
            database.close()
            raise _unusable(path, error, _ELSEWHERE) from None
        except ProgressError:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        try:
            self._database.execute("begin immediate")
            try:
                yield self._database
            except BaseException:
                self._database.rollback()
                raise
            self._database.commit()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from None

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from None

    # -- events ---------------------------------------------------------------------

    def add(self, event: Event, place: Place | None = None) -> None:
        """Adds an event and, with it, where the learner is."""
        with self._writing() as database:
            self._insert(database, event)
            if place is not None:
                self._put_place(database, event.course, place)

    def _insert(self, database: sqlite3.Connection, event: Event) -> None:
        stamped = msgspec.structs.replace(
            event, at=event.at or self.clock(), uid=event.uid or uuid.uuid4().hex
        )
        _insert_row(database, "event", stamped)

    def events(self, course: str = "") -> list[Event]:
        """All events, the oldest first; of one course if it is given."""
        where = "where course = ?" if course else ""
        values = (course,) if course else ()
        fields = ", ".join(Event.__struct_fields__)
        rows = self._rows(f"select {fields} from event {where} order by at", *values)
        return [
            Event(**dict(zip(Event.__struct_fields__, r, strict=True))) for r in rows
        ]

    def records(self, course: str) -> dict[tuple[str, str], Record]:
        """What has been reached in each step, by lesson and step."""
        found: dict[tuple[str, str], Record] = {}
        for event in self.events(course):
            key = event.lesson, event.step
            found[key] = _after(found.get(key, Record()), event)
        return found

    def misconceptions(self, course: str = "") -> dict[str, int]:
        """How often each misconception was shown, the most frequent first."""
        counts: dict[str, int] = {}
        for event in self.events(course):
            if event.misconception:
                counts[event.misconception] = counts.get(event.misconception, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def forget(self, course: str = "", lesson: str = "", step: str = "") -> int:
        """Forgets a step, a lesson, a course or everything; how many events went."""
        chosen = [("course", course), ("lesson", lesson), ("step", step)]
        conditions = [(column, value) for column, value in chosen if value]
        where = " and ".join(f"{column} = ?" for column, _ in conditions) or "1"
        values = [value for _, value in conditions]
        with self._writing() as database:
            gone = database.execute(f"delete from event where {where}", values).rowcount
            if not (lesson or step):
                only = "where course = ?" if course else ""
                database.execute(f"delete from place {only}", values)
            if not conditions:
                database.execute("delete from drill")
                database.execute("delete from card")
        return gone

    # -- places, drills, cards ------------------------------------------------------

    def place(self, course: str) -> Place | None:
        """Where the learner was in a course."""
        rows = self._rows("select lesson, step, at from place where course = ?", course)
        return Place(*rows[0]) if rows else None

    def put_place(self, course: str, place: Place) -> None:
        """Remembers where the learner is."""
        with self._writing() as database:
            self._put_place(database, course, place)

    def _put_place(
        self, database: sqlite3.Connection, course: str, place: Place
    ) -> None:
        database.execute(
            "insert or replace into place (course, at, lesson, step) values (?,?,?,?)",
            (course, place.at or self.clock(), place.lesson, place.step),
        )

    def add_drill(self, drilled: Drilled) -> None:
        """Adds an answered question of a drill."""
        stamped = msgspec.structs.replace(
            drilled, at=drilled.at or self.clock(), uid=drilled.uid or uuid.uuid4().hex
        )
        with self._writing() as database:
            _insert_row(database, "drill", stamped)

    def drills(self, topic: str = "") -> list[Drilled]:
        """The answered questions, the oldest first; of one topic if it is given."""
        where = "where topic = ?" if topic else ""
        rows = self._rows(
            f"select topic, level, was_right, at, uid from drill {where} order by at",
            *((topic,) if topic else ()),
        )
        return [
            Drilled(topic=t, level=lv, was_right=bool(r), at=at, uid=uid)
            for t, lv, r, at, uid in rows
        ]

    def put_card(self, card: Card) -> None:
        """Remembers when an idea is due."""
        with self._writing() as database:
            _put_card(
                database, msgspec.structs.replace(card, at=card.at or self.clock())
            )

    def cards(self) -> dict[str, Card]:
        """All ideas that come back, the one that is due first in front."""
        rows = self._rows("select idea, due, state, at from card order by due")
        return {r[0]: Card(idea=r[0], due=r[1], state=r[2], at=r[3]) for r in rows}

    # -- to and from other machines -------------------------------------------------

    def export(self) -> Export:
        """Everything there is."""
        rows = self._rows("select course, lesson, step, at from place")
        return Export(
            events=tuple(self.events()),
            drills=tuple(self.drills()),
            cards=tuple(self.cards().values()),
            places={course: Place(*rest) for course, *rest in rows},
        )

    def merge(self, other: Export) -> int:
        """Takes in another record: events add up, the later place and card win.

        Returns:
            How many events are new.
        """
        if other.format > SCHEMA:
            raise ProgressError(
                "the export is from a newer scopetutor", hint="update scopetutor"
            )
        places = {course: self.place(course) for course in other.places}
        cards = self.cards()
        with self._writing() as database:
            before = database.total_changes
            for event in other.events:
                self._insert(database, event)
            new = database.total_changes - before
            for drilled in other.drills:
                _insert_row(database, "drill", drilled)
            for course, place in other.places.items():
                mine = places[course]
                if mine is None or mine.at < place.at:
                    self._put_place(database, course, place)
            for card in other.cards:
                if card.idea not in cards or cards[card.idea].at < card.at:
                    _put_card(database, card)
        return new


def decode_export(data: bytes) -> Export:
    """An export file's content; ProgressError if it is none."""
    try:
        return msgspec.json.decode(data, type=Export)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProgressError(
            f"not an export of progress: {error}", hint="made by: progress export"
        ) from None


def _prepare_in_turn(database: sqlite3.Connection, path: Path | None) -> None:
    """Prepares the file; waits while another process does.

    SQLite's own patience does not cover the change of the journal: of two terminals
    that open a new file at once, one is refused without waiting.
    """
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return _prepare(database, path)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
        if database.in_transaction:
            database.rollback()
        time.sleep(0.01)


def _prepare(database: sqlite3.Connection, path: Path | None) -> None:
    """Makes the tables, or finds that the file is another one's."""
    version = database.execute("pragma user_version").fetchone()[0]
    if version > SCHEMA:
        raise ProgressError(
            "the record of your progress is from a newer scopetutor",
            place=str(path),
            hint="update scopetutor",
        )
    # Readers and a writer at the same time; every commit is on disk when it returns.
    # (A network folder may refuse the first; SQLite then keeps its older journal.)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    if version < SCHEMA:
        database.executescript(f"begin immediate; {_TABLES} commit;")
        database.execute(f"pragma user_version = {SCHEMA}")


def _unusable(
    path: Path | None, error: Exception, otherwise: str = _GOES_ON
) -> ProgressError:
    """What is said if the record cannot be used, and `otherwise`, what to do then."""
    reason = getattr(error, "strerror", None) or str(error)
    corrupt = isinstance(error, sqlite3.DatabaseError) and "not a database" in reason
    hint = "move the file away to begin a new one" if corrupt else ""
    return ProgressError(
        f"the record of your progress cannot be used: {reason}",
        place=str(path or ""),
        hint=hint or otherwise,
    )


def _insert_row(
    database: sqlite3.Connection, table: str, value: Event | Drilled
) -> None:
    row: Mapping[str, object] = msgspec.structs.asdict(value)
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    database.execute(
        f"insert or ignore into {table} ({names}) values ({marks})",
        tuple(row.values()),
    )


def _put_card(database: sqlite3.Connection, card: Card) -> None:
    database.execute(
        "insert or replace into card (idea, at, due, state) values (?,?,?,?)",
        (card.idea, card.at, card.due, card.state),
    )


def _after(record: Record, event: Event) -> Record:
    """A step's record once another event is known."""
    changes: dict[str, object] = {"at": event.at}
    if event.what in ("passed", "read"):
        changes |= {"passed": True, "digest": event.digest, "skipped": False}
        changes |= {"answer": event.answer}
    elif event.what == "wrong":
        changes |= {"wrong": record.wrong + 1}
    elif event.what == "skipped" and not record.passed:
        changes |= {"skipped": True}
    elif event.what == "hint" and not record.passed:
        changes |= {"hints": record.hints + 1}
    elif event.what == "solution" and not record.passed:
        changes |= {"solution": True}
    if event.answer and not record.passed:
        changes.setdefault("answer", event.answer)
    return msgspec.structs.replace(record, **changes)
