"""Ids of lessons and steps that learners' progress is kept by: they stay for ever.

`scopetutor lesson release` writes down what there is; `lesson check` then finds what an
update has lost. A file of lines "lesson/step" beside course.toml.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import LessonError, UsageError

from .faults import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .shelf import Course

RELEASED_FILE = "released.txt"
_HEAD = (
    "# Released: progress is kept by these ids. Written by: scopetutor lesson release"
)


def lost(course: Course) -> Iterator[LessonError]:
    """What was released once and is not there any more."""
    file = course.root / RELEASED_FILE
    if not file.is_file():
        return
    now = set(_ids(course))
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#") and line not in now:
            yield LessonError(
                f"{line!r} was released and is gone",
                place=f"{RELEASED_FILE}:{number}",
                hint=f"ids stay for ever; {meant(line, now)}",
            )


def release(course: Course) -> int:
    """Writes down all ids; how many there are. What was there stays.

    Raises:
        UsageError: the course is not in a folder, or the file cannot be written.
    """
    if not isinstance(course.root, Path):
        raise UsageError("the course is not in a folder")
    file = course.root / RELEASED_FILE
    try:
        before = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        ids = {line for line in before if line and not line.startswith("#")}
        ids.update(_ids(course))
        file.write_text("\n".join([_HEAD, *sorted(ids), ""]), encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(file)) from None
    return len(ids)


def _ids(course: Course) -> Iterator[str]:
    """All steps as "lesson/step"; those of wrong files are left out."""
    for name in course.lessons:
        try:
            reading = course.reading(name)
        except LessonError:
            continue
        if reading.lesson is not None:
            yield from (f"{name}/{step.id}" for step in reading.lesson.steps)
