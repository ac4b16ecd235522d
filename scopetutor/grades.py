"""Handing in and grading: one file of answers, judged again from nothing.

After `course` and `progress`. `handed_in` makes a learner's file; `grade` reads files
that may be anything, and judges every answer in a strict workspace as a lesson would.
What a file says about itself counts for nothing. The verdict on an answer depends on
the step and the text alone, so equal answers of a class are judged once.
"""

from __future__ import annotations

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec

from scopetutor.course.bench import Bench
from scopetutor.course.judge import Standing, judge
from scopetutor.course.proof import workspaces
from scopetutor.errors import LessonError, ScopetutorError
from scopetutor.workspace.client import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from scopetutor.course.model import Lesson, Step
    from scopetutor.course.shelf import Course
    from scopetutor.progress import Event, Progress
    from scopetutor.workspace.client import Workspace

FORMAT = 1
SUFFIX = ".answers.json"
MOST_BYTES = 8 << 20  # of a file
MOST_CHARACTERS = 100_000  # of an answer
ANSWER_TIME = 5.0  # seconds for one answer
FILE_TIME = 60.0  # seconds for all answers of a file
STRICT = Options(
    strict=True, time_limit=ANSWER_TIME, memory_limit=1 << 30, output_limit=100_000
)


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a learner hands in.

    Attributes:
        course: its id.
        name: of the learner.
        answers: by "lesson/step", what passed last or was typed last.
        digests: by "lesson/step", of what the step asked then.
        transcript: everything that happened, the oldest first; for people.
        checksum: of the answers; tells damage, not honesty.
        format: of the file.
    """

    course: str
    name: str
    answers: dict[str, str]
    digests: dict[str, str] = {}
    transcript: tuple[Happened, ...] = ()
    checksum: str = ""
    format: int = FORMAT


class Happened(msgspec.Struct, frozen=True):
    """One line of a transcript."""

    at: float
    step: str
    what: str
    answer: str = ""


class Grade(msgspec.Struct, frozen=True):
    """How a file of answers was judged.

    Attributes:
        file: its name.
        name: of the learner, as the file says; "" if it cannot be read.
        passed: the steps whose answers pass, as "lesson/step".
        failed: the steps that were answered otherwise.
        steps: how many steps of the course ask for an answer.
        problem: what is wrong with the file, or "".
        seconds: it took.
    """

    file: str
    name: str = ""
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    steps: int = 0
    problem: str = ""
    seconds: float = 0.0

    @property
    def percent(self) -> float:
        """Of all steps that ask for an answer, those that pass."""
        return 100.0 * len(self.passed) / self.steps if self.steps else 0.0


def handed_in(course: Course, progress: Progress, name: str) -> HandedIn:
    """What a learner has to hand in of a course."""
    records = progress.records(course.id)
    active = {label for label, _lesson, _step in _asked(course)}
    answers, digests = {}, {}
    for (lesson, step), record in records.items():
        label = f"{lesson}/{step}"
        if label in active and record.answer:
            answers[label] = record.answer
            digests[label] = record.digest
    events = progress.events(course.id)
    return HandedIn(
        course=course.id,
        name=name,
        answers=answers,
        digests=digests,
        transcript=tuple(_happened(event) for event in events),
        checksum=checksum(answers),
    )


def _happened(event: Event) -> Happened:
    step = f"{event.lesson}/{event.step}"
    return Happened(event.at, step, event.what, event.answer)


def checksum(answers: dict[str, str]) -> str:
    """Tells whether a file was damaged on its way."""
    data = msgspec.json.encode(sorted(answers.items()))
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def grade(
    course: Course,
    files: Iterable[Path],
    *,
    jobs: int = 2,
    on_done: Callable[[Grade], None] = lambda _grade: None,
) -> list[Grade]:
    """Judges files of answers; a grade for each, in their order, whatever they hold.

    Args:
        course: the answers are to.
        files: to read.
        jobs: how many are judged at a time, each in a process of its own.
        on_done: is told of each, in the order in which they are done.
    """
    steps = {label: (lesson, step) for label, lesson, step in _asked(course)}
    verdicts = _Verdicts()
    with workspaces(STRICT) as mine, ThreadPoolExecutor(jobs) as pool:

        def judge_one(file: Path) -> Grade:
            began = time.monotonic()
            judged = _judged(course, file, steps, verdicts, mine)
            done = msgspec.structs.replace(judged, seconds=time.monotonic() - began)
            on_done(done)
            return done

        return list(pool.map(judge_one, files))


def _asked(course: Course) -> Iterator[tuple[str, Lesson, Step]]:
    """The steps of a course that ask for an answer."""
    for name in course.lessons:
        lesson = course.lesson(name)
        for step in lesson.steps:
            if step.active:
                yield f"{name}/{step.id}", lesson, step


class _Verdicts:
    """What has been judged already, by step and answer; for several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bool] = {}
        self._lock = threading.Lock()

    def get(self, label: str, answer: str) -> bool | None:
        with self._lock:
            return self._known.get((label, answer))

    def put(self, label: str, answer: str, passed: bool) -> None:
        with self._lock:
            self._known[label, answer] = passed


def _judged(
    course: Course,
    file: Path,
    steps: dict[str, tuple[Lesson, Step]],
    verdicts: _Verdicts,
    mine: Callable[[], Workspace],
) -> Grade:
    try:
        told = read(file)
    except LessonError as error:
        return Grade(file.name, steps=len(steps), problem=error.problem)
    if told.course != course.id:
        problem = f"of another course: {told.course[:60]}"
        return Grade(file.name, told.name, steps=len(steps), problem=problem)
    problems = []
    if told.checksum != checksum(told.answers):
        problems.append("the checksum is wrong: damaged or changed by hand")
    unknown = sum(label not in steps for label in told.answers)
    if unknown:
        problems.append(f"{unknown} answers to steps that are not in the course")
    passed: list[str] = []
    failed: list[str] = []
    late = time.monotonic() + FILE_TIME
    for label, (lesson, step) in steps.items():
        answer = told.answers.get(label)
        if answer is None:
            continue
        right = verdicts.get(label, answer)
        if right is None and time.monotonic() > late:
            problems.append(f"stopped after {FILE_TIME:g} s, at {label}")
            break
        if right is None:
            right = _is_right(lesson, step, answer, mine())
            verdicts.put(label, answer, right)
        (passed if right else failed).append(label)
    return Grade(
        file.name,
        told.name,
        tuple(passed),
        tuple(failed),
        len(steps),
        "; ".join(problems),
    )


def _is_right(lesson: Lesson, step: Step, answer: str, workspace: Workspace) -> bool:
    if len(answer) > MOST_CHARACTERS:
        return False
    try:
        bench = Bench(workspace)
        bench.begin(lesson, step)
        verdict = judge(bench, answer, Standing(bench.beginning)).verdict
    except ScopetutorError:
        workspace.go_to(0)
        return False
    return verdict.passed


def read(file: Path) -> HandedIn:
    """A file of answers.

    Raises:
        LessonError: it is none, with the reason.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise LessonError(f"cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise LessonError(f"larger than {MOST_BYTES >> 20} MB")
    try:
        told = msgspec.json.decode(data, type=HandedIn)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise LessonError(f"no file of answers: {error}") from None
    if told.format > FORMAT:
        raise LessonError("written by a newer scopetutor")
    return told
