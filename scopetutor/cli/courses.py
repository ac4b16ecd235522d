"""What the commands about a course have in common: which course, in which language.

`learn`, `list`, `review`, `drill`, `progress`, `notes`, `submit` and `grade` take their
options from here, and get the course and the record of what was learned.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator  # Typer evaluates annotations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scopetutor.errors import ProgressError

from .leaving import complain

if TYPE_CHECKING:
    from scopetutor.course.shelf import Course
    from scopetutor.progress import Progress

COURSE = Annotated[
    str | None,
    typer.Option(help="Another course: a folder, a zip, or the name of an added one."),
]
LANGUAGE = Annotated[
    str | None,
    typer.Option("--language", "--lang", help="Such as zh; default: yours."),
]


def steps_offered(incomplete: str) -> Iterator[tuple[str, str]]:
    """Lessons and, behind a slash, their steps, for the shell's Tab key."""
    from scopetutor.course.shelf import own_course

    course = own_course()
    lesson, slash, step = incomplete.partition("/")
    if not slash:
        yield from lessons_offered(incomplete)
    elif lesson in course.lessons:
        for one in course.lesson(lesson).steps:
            if one.id.startswith(step):
                yield f"{lesson}/{one.id}", one.title


def lessons_offered(incomplete: str) -> Iterator[tuple[str, str]]:
    """The lessons, for the shell's Tab key."""
    from scopetutor.course.shelf import own_course

    for name, head in own_course().heads.items():
        if name.startswith(incomplete):
            yield name, head.title


def open_or_own(where: str | Path | None, language: str = "") -> Course:
    """The course of that name, folder or zip, or the one that comes with scopetutor.

    Raises:
        LessonError: there is no course there.
    """
    from scopetutor.course.library import added
    from scopetutor.course.shelf import open_course, own_course

    if not where:
        return own_course(language)
    here = Path(where)
    return open_course(here if here.exists() else added(str(where)) or here, language)


@contextlib.contextmanager
def learned(
    where: str | None, language: str | None, *, goes_on: bool = False
) -> Iterator[tuple[Course, Progress]]:
    """A course in the language that is wished for, and what has been learned of it.

    Args:
        where: the course is; None: scopetutor's own.
        language: of its prose; None: the user's.
        goes_on: whether a record that cannot be used is no obstacle, but is told.

    Raises:
        ProgressError: the record cannot be used.
    """
    from scopetutor import language as languages
    from scopetutor.progress import Progress, default_path

    languages.use(languages.preferred() if language is None else language)
    course = open_or_own(where, languages.current())
    try:
        progress = Progress(default_path())
    except ProgressError as error:
        if not goes_on:
            raise
        complain(error)
        sys.stderr.write("  what you do now is not kept\n")
        progress = Progress(None)
    with progress:
        yield course, progress
