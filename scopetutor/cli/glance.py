"""Where a learner is, read at a glance: no lesson is parsed, little is imported.

`greeting` and `list` tell it some 20 ms after Python itself is there. The course's own
readers (`course.shelf`) and the record's (`progress`) take twenty times as long; what
they would say of our own course is what is said here, which tests hold.
"""

from __future__ import annotations

import os
import sys

import scopetutor

TYPE_CHECKING = False  # typing's own would be loaded sooner than needed
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    Record: TypeAlias = tuple[str, set[tuple[str, str]]]

FILE = "progress.sqlite3"
_IS_LINUX = sys.platform == "linux"
ENGLISH = {"", "C", "POSIX", "en"}
_PASSED = (
    "select lesson, step from event where course = ? and what in ('passed', 'read') "
    "group by lesson, step"
)
# Missed and never reviewed, or reviewed and due again.
_DUE = (
    "select (select count(*) from card where due <= ?) + (select count(distinct "
    "misconception) from event where misconception != '' and misconception not in "
    "(select idea from card))"
)


class Lesson:
    """A lesson of a course; a named tuple would load typing, which takes 10 ms.

    Attributes:
        id, title, part: as the course has them.
        minutes: it takes; 0 if that is not said.
        done: how many of its steps have been passed.
        steps: how many there are.
        here: whether the learner is in it.
    """

    __slots__ = ("done", "here", "id", "minutes", "part", "steps", "title")

    def __init__(
        self,
        *,
        id: str,  # noqa: A002 - as the field is called
        title: str,
        part: str,
        minutes: int,
        done: int,
        steps: int,
        here: bool,
    ) -> None:
        self.id = id
        self.title = title
        self.part = part
        self.minutes = minutes
        self.done = done
        self.steps = steps
        self.here = here

    @property
    def finished(self) -> bool:
        """Whether all its steps are done."""
        return self.done == self.steps > 0


def lessons() -> list[Lesson]:
    """The lessons of our own course; none if its files cannot be looked at (a zip)."""
    try:
        folder = _course_folder()
        course, parts = _outline(_read(f"{folder}/course.toml"))
        record = _record(course)
        return [
            _lesson(folder, name, part, record)
            for part, names in parts
            for name in names
        ]
    except OSError:
        return []


def where() -> tuple[Lesson | None, int, int]:
    """The lesson one is in, its number, and how many there are."""
    try:
        folder = _course_folder()
        course, parts = _outline(_read(f"{folder}/course.toml"))
        record = _record(course)
        names = [name for _, names in parts for name in names]
        if record[0] not in names:
            return None, 0, len(names)
        lesson = _lesson(folder, record[0], "", record)
        return lesson, names.index(record[0]) + 1, len(names)
    except OSError:
        return None, 0, 0


def has_session() -> bool:
    """Whether there is a session of the prompt to go on with."""
    try:
        names = os.listdir(f"{_data()}/workspaces")
    except OSError:
        return False
    return any(name.endswith(".journal") for name in names)


def due() -> int:
    """How many ideas are due for review, as `review.due_ideas` counts them."""
    import time

    counted = _selected(_DUE, time.time())
    return int(counted[0][0]) if counted else 0


# -- the course ---------------------------------------------------------------------


def _course_folder() -> str:
    """Inside the package, or beside it in a checkout."""
    package = os.path.dirname(scopetutor.__file__)
    shipped = f"{package}/_lessons"
    return shipped if os.path.isdir(shipped) else f"{os.path.dirname(package)}/lessons"


def _outline(text: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """The course's id, and its parts: a title and the ids of the lessons."""
    course, other = "", f"titles.{_language()}"
    parts: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        name, is_field, value = line.partition(" = ")
        if name == "id" and not parts:
            course = course or _text(value)
        elif line == "[[parts]]":
            parts.append(("", []))
        elif name in {"title", other} and parts:
            parts[-1] = (_text(value), parts[-1][1])
        elif line.startswith('  "') and not is_field:
            parts[-1][1].append(_text(line.strip().rstrip(",")))
    return course, parts


def _lesson(folder: str, name: str, part: str, record: Record) -> Lesson:
    place, passed = record
    text = _read(f"{folder}/{name}.md")
    head = dict(_fields(text))
    language = _language()
    if language and os.path.isfile(other := f"{folder}/{language}/{name}.md"):
        head |= dict(_fields(_read(other)))
    steps = tuple(_steps(text))
    return Lesson(
        id=name,
        title=_text(head.get("title", name)),
        part=part,
        minutes=int(head.get("minutes", 0)),
        done=sum((name, step) in passed for step in steps),
        steps=len(steps),
        here=name == place,
    )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The lines of the front matter, between the two lines of +++."""
    for line in text.split("+++", 2)[1].splitlines():
        name, equals, value = line.partition(" = ")
        if equals:
            yield name, value


def _steps(text: str) -> Iterator[str]:
    """The ids in the headings of the second level; those in code are none."""
    in_code = False
    for line in text.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif line.startswith("## ") and not in_code and "{#" in line:
            yield line.rpartition("{#")[2].partition("}")[0].partition(" ")[0]


def _text(value: str) -> str:
    return value.strip().strip('"').replace('\\"', '"')


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _language() -> str:
    """The language of the titles; "" for English, which is most often asked for."""
    asked = next(filter(None, map(os.environ.get, _LANGUAGES)), "")
    if asked.partition(".")[0].partition("_")[0] in ENGLISH:
        return ""
    from scopetutor.language import preferred

    return preferred()


_LANGUAGES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


# -- the record ---------------------------------------------------------------------


def _data() -> str:
    """The folder of what we keep, as `progress.default_path` has it."""
    chosen = os.environ.get("SCOPETUTOR_DATA")
    if chosen:
        return chosen
    if _IS_LINUX:  # what platformdirs says, without its 20 ms
        home = os.environ.get("XDG_DATA_HOME", "").strip()
        return f"{home or os.path.expanduser('~/.local/share')}/scopetutor"
    from scopetutor.progress import default_path

    return str(default_path().parent)


def _record(course: str) -> Record:
    """The lesson one is in, and the steps that have been passed.

    What is wrong with a record is said where it is used; here it counts as none.
    """
    place = _selected("select lesson from place where course = ?", course)
    return place[0][0] if place else "", set(_selected(_PASSED, course))


def _selected(query: str, value: object) -> list[tuple[Any, ...]]:
    """What a question to the record gives; nothing if there is no record."""
    path = f"{_data()}/{FILE}"
    if not os.path.isfile(path):
        return []
    import sqlite3

    try:
        database = sqlite3.connect(path, timeout=0.2)
        try:
            return database.execute(query, (value,)).fetchall()
        finally:
            database.close()
    except sqlite3.Error:
        return []
