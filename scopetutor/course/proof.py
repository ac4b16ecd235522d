"""Proves a course: reads every lesson, and lets `lint` try all that it promises.

Between `lint`, which tries one lesson, and `scopetutor lesson check`. Lessons are tried
several at a time, each thread with a workspace of its own.
"""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import msgspec

from scopetutor.errors import LessonError
from scopetutor.workspace.client import Options, Workspace

from .lint import Finding, Linter
from .released import lost
from .shelf import check_outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .model import Lesson
    from .shelf import Course

Result = TypeVar("Result")


class Proof(msgspec.Struct, frozen=True):
    """What trying a lesson has shown.

    Attributes:
        lesson: its id; "" for the course as a whole.
        steps: how many it has; 0 if it cannot be read.
        findings: in the order of the file.
        seconds: it took.
    """

    lesson: str
    steps: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def faults(self) -> tuple[LessonError, ...]:
        """What is wrong, without advice and notes."""
        return tuple(one.error for one in self.findings if one.kind == "fault")


def prove(
    course: Course,
    lessons: Iterable[str] = (),
    *,
    jobs: int = 2,
    options: Options | None = None,
    on_done: Callable[[Proof], None] = lambda _proof: None,
) -> list[Proof]:
    """Tries lessons; their proofs in the order of the course.

    Args:
        course: what they belong to.
        lessons: their ids; none: all of them, and what joins them.
        jobs: how many are tried at a time.
        options: what their programs are allowed.
        on_done: is told of each, in the order in which they are done.
    """
    chosen = list(lessons)
    whole = [] if chosen else [prove_outline(course)]

    def try_one(workspace: Workspace, lesson: str) -> Proof:
        proof = prove_lesson(course, lesson, workspace)
        on_done(proof)
        return proof

    tried = _in_threads(chosen or list(course.lessons), try_one, jobs, options)
    return [*whole, *tried]


def for_each(
    course: Course,
    lessons: Iterable[str],
    deed: Callable[[Lesson, Workspace], Result],
    *,
    jobs: int = 2,
    on_done: Callable[[str], None] = lambda _lesson: None,
) -> dict[str, Result]:
    """Does something with lessons, several at a time; the results by lesson.

    Args:
        course: what they belong to.
        lessons: their ids; none: all of them.
        deed: is given a lesson and a workspace to run its programs in.
        jobs: how many are done at a time.
        on_done: is told the id of each that is done.

    Raises:
        LessonError: a lesson cannot be read.
    """
    chosen = list(lessons) or list(course.lessons)

    def do_one(workspace: Workspace, lesson: str) -> Result:
        result = deed(course.lesson(lesson), workspace)
        on_done(lesson)
        return result

    return dict(zip(chosen, _in_threads(chosen, do_one, jobs), strict=True))


def _in_threads(
    lessons: list[str],
    deed: Callable[[Workspace, str], Result],
    jobs: int,
    options: Options | None = None,
) -> list[Result]:
    with workspaces(options or Options()) as mine, ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda lesson: deed(mine(), lesson), lessons))


def prove_lesson(course: Course, lesson_id: str, workspace: Workspace) -> Proof:
    """Tries one lesson in a workspace."""
    began = time.monotonic()
    try:
        reading = course.reading(lesson_id)
    except LessonError as error:
        return Proof(lesson_id, findings=(Finding("fault", error),))
    lesson = reading.lesson
    if lesson is None:
        return Proof(lesson_id, findings=tuple(_faults(reading.faults)))
    findings = [
        *Linter(lesson, workspace).check(),
        *(
            one
            for name in course.languages()
            for one in _prose(course, name, lesson_id)
        ),
    ]
    seconds = time.monotonic() - began
    return Proof(lesson_id, len(lesson.steps), tuple(findings), seconds)


def prove_outline(course: Course) -> Proof:
    """What is said of a course as a whole."""
    faults = [*check_outline(course.root), *lost(course)]
    return Proof("", findings=(*_faults(faults), *_untranslated(course)))


def _prose(course: Course, language: str, lesson_id: str) -> Iterator[Finding]:
    """What is wrong with a translation, and what it leaves out."""
    try:
        translation = course.translation(lesson_id, language)
    except LessonError as error:
        yield Finding("fault", error)
        return
    yield from _faults(translation.faults)
    if translation.lesson is not None and translation.lesson.untranslated:
        problem = f"not translated: {', '.join(translation.lesson.untranslated)}"
        yield _note(problem, f"{language}/{lesson_id}.md")


def _untranslated(course: Course) -> Iterator[Finding]:
    """The lessons that a translation leaves out."""
    for language in course.languages():
        there = {entry.name for entry in (course.root / language).iterdir()}
        missing = [name for name in course.lessons if f"{name}.md" not in there]
        if missing:
            problem = f"{len(missing)} lessons not translated: {', '.join(missing)}"
            yield _note(problem, language)


def _note(problem: str, place: str) -> Finding:
    return Finding("note", LessonError(problem, place=place))


def _faults(errors: Iterable[LessonError]) -> Iterator[Finding]:
    return (Finding("fault", error) for error in errors)


@contextlib.contextmanager
def workspaces(options: Options) -> Iterator[Callable[[], Workspace]]:
    """A function that gives each thread a workspace; all are closed in the end."""
    own = threading.local()
    opened: list[Workspace] = []

    def mine() -> Workspace:
        if not hasattr(own, "workspace"):
            own.workspace = Workspace(options)
            opened.append(own.workspace)
            own.workspace.start()
        workspace: Workspace = own.workspace
        return workspace

    try:
        yield mine
    finally:
        for workspace in opened:
            workspace.close()
