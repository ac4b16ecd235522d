"""The tutor: where the learner is in a course, what was typed, and what to say to it.

Joins `course` (what a lesson is, how an attempt is judged), `progress` (what has been
done) and a workspace (where code runs). It draws nothing and asks nothing: `repl` calls
its methods and draws the frozen values they return. It never goes on by itself.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from scopetutor.course.bench import Bench, Shown
from scopetutor.course.judge import Standing, judge
from scopetutor.course.model import Code, Lesson, Step
from scopetutor.course.verdict import Verdict
from scopetutor.errors import LessonError, ProgressError, UsageError
from scopetutor.progress import Event, Place, Progress, Record
from scopetutor.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.course.shelf import Course
    from scopetutor.progress import What
    from scopetutor.workspace.client import Workspace
    from scopetutor.workspace.worker import OnOutput

Mark: TypeAlias = Literal["new", "tried", "passed", "helped", "skipped", "changed"]
"""How far a step is: "helped" was passed after its solution had been looked at,
"changed" was passed when it still asked something else."""


class Here(msgspec.Struct, frozen=True):
    """The step the learner is at.

    Attributes:
        lesson, step: what it says.
        number, steps: which one it is, from 1, of how many.
        lesson_number, lessons: the same for the lesson in the course.
        mark: how far it is.
        hints_taken: how many of its hints have been shown since one is here.
        attempts: how many wrong attempts since one is here.
        last_answer: what was typed here last, in this session or an earlier one.
    """

    lesson: Lesson
    step: Step
    number: int
    steps: int
    lesson_number: int
    lessons: int
    mark: Mark
    hints_taken: int = 0
    attempts: int = 0
    last_answer: str = ""

    @property
    def label(self) -> str:
        """What to call the step in a report, such as "reuse/share-w"."""
        return f"{self.lesson.id}/{self.step.id}"


class HintView(msgspec.Struct, frozen=True):
    """A hint: its Markdown, which one it is from 1, and how many there are."""

    text: str
    number: int
    count: int


class SolutionView(msgspec.Struct, frozen=True):
    """The answer to a step.

    Attributes:
        programs: the solutions of a program step.
        answer: the truth of a typed question.
        printed: what the program of a prediction prints.
        note: what there is to say to it, in Markdown.
    """

    programs: tuple[Code, ...] = ()
    answer: str = ""
    printed: str = ""
    note: str = ""


class StepMark(msgspec.Struct, frozen=True):
    """A step in the list of a lesson's steps."""

    id: str
    title: str
    kind: str
    mark: Mark
    here: bool = False


class LessonMark(msgspec.Struct, frozen=True):
    """A lesson in the map of the course.

    Attributes:
        id, title, concepts, minutes: as its front matter has them.
        part: the title of its part.
        number: which one it is in the course, from 1.
        done, steps: how many of its steps are passed, of how many; steps is 0 if the
            lesson's file is wrong.
        needs: the ids of the lessons it builds on that are not done.
        here: whether the learner is in it.
        problem: what is wrong with its file, or "".
    """

    id: str
    title: str
    part: str
    number: int
    done: int
    steps: int
    concepts: tuple[str, ...] = ()
    minutes: int = 0
    needs: tuple[str, ...] = ()
    here: bool = False
    problem: str = ""

    @property
    def finished(self) -> bool:
        """Whether all of its steps are passed."""
        return 0 < self.steps == self.done


class Summary(msgspec.Struct, frozen=True):
    """What to say at the end of a lesson.

    Attributes:
        lesson: its title.
        after: what one can do now.
        steps: how far each step is.
        beliefs: (misconception, how often) that this lesson met.
        next_lesson: the id of the lesson that comes next, or "".
        next_title: its title.
        at_first_try: whether every step was passed with no wrong answer and no help.
        part: the title of the lesson's part, if all of its lessons are done; or "".
        course_done: whether every step of the course is passed.
        finished, lessons: how many lessons are done, and how many there are; 0 of 0
            where there is no course to get through.
    """

    lesson: str
    after: str
    steps: tuple[StepMark, ...]
    beliefs: tuple[tuple[str, int], ...] = ()
    next_lesson: str = ""
    next_title: str = ""
    at_first_try: bool = False
    part: str = ""
    course_done: bool = False
    finished: int = 0
    lessons: int = 0


class Tutor:
    """Leads through a course.

    Args:
        course: what is learned.
        progress: where it is written down.
        workspace: where code runs; the tutor moves it from moment to moment.

    Attributes:
        trouble: what went wrong with writing progress down, or "". Learning goes on.
    """

    def __init__(
        self, course: Course, progress: Progress, workspace: Workspace
    ) -> None:
        self.course = course
        self.progress = progress
        self.workspace = workspace
        self.trouble = ""
        self._bench = Bench(workspace)
        self._lesson: Lesson | None = None
        self._index = 0
        self._standing = Standing(0)
        self._hints = 0
        self._attempts = 0
        self._unwritten: list[Event] = []

    # -- where one is ---------------------------------------------------------------

    def resume(self) -> Here:
        """Goes to where the learner stopped, or to the first step of the course."""
        place = self.progress.place(self.course.id)
        if place is not None and place.lesson in self.course.lessons:
            lesson = self.course.lesson(place.lesson)
            step = place.step if lesson.step(place.step) else ""
            return self._enter(place.lesson, step)
        return self._enter(self.course.lessons[0])

    @property
    def lesson(self) -> Lesson:
        """The lesson the learner is in."""
        assert self._lesson is not None, "resume() or goto() first"
        return self._lesson

    @property
    def step(self) -> Step:
        """The step the learner is at."""
        return self.lesson.steps[self._index]

    @property
    def here(self) -> Here:
        """Where the learner is."""
        lessons = self.course.lessons
        record = self._records().get((self.lesson.id, self.step.id), Record())
        return Here(
            lesson=self.lesson,
            step=self.step,
            number=self._index + 1,
            steps=len(self.lesson.steps),
            lesson_number=lessons.index(self.lesson.id) + 1,
            lessons=len(lessons),
            mark=_mark(self.step, record),
            hints_taken=self._hints,
            attempts=self._attempts,
            last_answer=record.answer,
        )

    def goto(self, target: str) -> Here:
        """Goes to a step or a lesson.

        Args:
            target: "lesson/step", a step's id or number in this lesson, or a lesson's
                id or number in the course followed by "/".

        Raises:
            UsageError: there is no such step or lesson.
        """
        lesson_id, slash, step_id = target.strip().rpartition("/")
        if slash:
            return self._enter(self._lesson_id(lesson_id), step_id)
        step = self._step_id(step_id)
        if step:
            return self._enter(self.lesson.id, step)
        return self._enter(self._lesson_id(step_id))

    def _lesson_id(self, name: str) -> str:
        lessons = self.course.lessons
        if name.isdecimal() and 1 <= int(name) <= len(lessons):
            return lessons[int(name) - 1]
        if name in lessons:
            return name
        near = get_close_matches(name, lessons, n=1)
        hint = f"did you mean {near[0]}?" if near else ":list"
        raise UsageError(f"there is no lesson or step {name!r}", hint=hint)

    def _step_id(self, name: str) -> str:
        """The id of a step of this lesson, by id or number; "" if there is none."""
        steps = self._lesson.steps if self._lesson else ()
        if name.isdecimal() and 1 <= int(name) <= len(steps):
            return steps[int(name) - 1].id
        return name if any(step.id == name for step in steps) else ""

    def _enter(self, lesson_id: str, step_id: str = "") -> Here:
        lesson = self.course.lesson(lesson_id)
        ids = [step.id for step in lesson.steps]
        if step_id.isdecimal() and 1 <= int(step_id) <= len(ids):
            step_id = ids[int(step_id) - 1]
        if step_id and step_id not in ids:
            raise UsageError(f"lesson {lesson_id!r} has no step {step_id!r}")
        self._lesson = lesson
        return self._at(ids.index(step_id) if step_id else 0)

    def _at(self, index: int) -> Here:
        self._index = index
        self._hints = self._attempts = 0
        self._bench.begin(self.lesson, self.step)
        self._standing = Standing(self._bench.beginning)
        self._remember_place()
        return self.here

    def _remember_place(self) -> None:
        place = Place(self.lesson.id, self.step.id)
        self._write(lambda: self.progress.put_place(self.course.id, place))

    def next(self) -> Here | None:
        """Goes to the next step; None at the end of the lesson (then see `summary`)."""
        if not self.step.active:
            self._record("read")
        if self._index + 1 == len(self.lesson.steps):
            return None
        return self._at(self._index + 1)

    def next_lesson(self) -> Here | None:
        """Goes to the first step of the next lesson; None at the end of the course."""
        later = self._next_lesson_id()
        return self._enter(later) if later else None

    def back(self) -> Here:
        """Goes to the step before, in this lesson or at the end of the one before."""
        if self._index > 0:
            return self._at(self._index - 1)
        number = self.course.lessons.index(self.lesson.id)
        if number == 0:
            return self._at(0)
        before = self.course.lesson(self.course.lessons[number - 1])
        return self._enter(before.id, before.steps[-1].id)

    def skip(self) -> Here | None:
        """Leaves the step undone and goes to the next; None at the lesson's end."""
        if self.step.active and self.here.mark not in ("passed", "helped"):
            self._record("skipped")
        return self.next()

    def reset(self) -> Here:
        """Takes back everything done in this step; hints taken stay taken."""
        self._standing = Standing(self._bench.beginning)
        self.workspace.go_to(self._standing.moment)
        return self.here

    # -- what one sees --------------------------------------------------------------

    def shown(self) -> tuple[Shown, ...]:
        """The step's programs and what they do.

        What a prediction is about is left out until the step is passed.
        """
        if not self.step.shows:
            return ()
        shown = self._bench.show()
        self.workspace.go_to(self._standing.moment)
        if self.here.mark in ("passed", "helped", "changed"):
            return tuple(shown)
        return without_answer(self.step, shown)

    def goal(self) -> Snapshot | None:
        """The state to reach, for a picture beside one's own; None if there is none."""
        if not self.step.solutions:
            return None
        goal = self._bench.goal().snapshot
        self.workspace.go_to(self._standing.moment)
        return goal

    @property
    def own(self) -> Snapshot:
        """What the learner has made in this step so far."""
        return self.workspace.snapshot

    def sandbox(self) -> Workspace:
        """A workspace of its own that starts from here; nothing in it counts."""
        return self.workspace.fork()

    # -- what one does --------------------------------------------------------------

    def submit(self, text: str, on_output: OnOutput | None = None) -> Verdict:
        """Judges what was typed; the state goes back unless it leads to the goal.

        Args:
            text: a program, or the answer to a question.
            on_output: gets what the program prints, while it runs.

        Raises:
            LessonError: the lesson itself is wrong.
        """
        if not self.step.active:
            raise UsageError("there is nothing to answer here", hint="go on with: next")
        before = self._records().get((self.lesson.id, self.step.id), Record())
        judgement = judge(self._bench, text, self._standing, on_output)
        self._standing = judgement.standing
        verdict = judgement.verdict
        untouched = not (before.wrong or before.hints or before.solution)
        verdict = msgspec.structs.replace(
            verdict,
            step=f"{self.lesson.id}/{self.step.id}",
            first_try=verdict.passed and untouched and not self._attempts,
        )
        if verdict.status == "wrong":
            self._attempts += 1
        if verdict.status in ("passed", "under way", "aside", "wrong"):
            self._record(verdict.status, text, verdict.misconception)
        return verdict

    def hint(self) -> HintView | None:
        """The next hint; after the last one, that one again; None if there is none."""
        hints = self.step.hints
        if not hints:
            return None
        if self._hints < len(hints):
            self._hints += 1
            self._record("hint")
        return HintView(hints[self._hints - 1].text, self._hints, len(hints))

    def solution(self) -> SolutionView:
        """The answer. A program's state is put in place, so that one can look at it."""
        step = self.step
        self._record("solution")
        if step.typed:
            truth = self._bench.truth()
            notes = [step.answer.note, *(code.note for code in step.shows)]
            note = "\n\n".join(filter(None, notes))
            self.workspace.go_to(self._standing.moment)
            return SolutionView(answer=truth.answer, printed=truth.printed, note=note)
        if not step.solutions:
            return SolutionView()
        self._bench.run(step.solutions[0].text, self._bench.beginning, origin="lesson")
        return SolutionView(programs=step.solutions, note=step.solutions[0].note)

    # -- lists ----------------------------------------------------------------------

    def steps(self) -> tuple[StepMark, ...]:
        """The steps of the lesson, with how far each is."""
        records = self._records()
        return tuple(
            StepMark(
                step.id,
                step.title,
                step.kind,
                _mark(step, records.get((self.lesson.id, step.id), Record())),
                step is self.step,
            )
            for step in self.lesson.steps
        )

    def lessons(self) -> tuple[LessonMark, ...]:
        """The map of the course."""
        here = self._lesson.id if self._lesson else ""
        return course_map(self.course, self.progress, here)

    def summary(self) -> Summary:
        """What there is to say at the end of the lesson."""
        counts: dict[str, int] = {}
        for event in self.progress.events(self.course.id):
            if event.lesson == self.lesson.id and event.misconception:
                counts[event.misconception] = counts.get(event.misconception, 0) + 1
        marks = self.lessons()
        finished = sum(mark.finished for mark in marks)
        later = self._next_lesson_id()
        records = self._records()
        return Summary(
            lesson=self.lesson.title,
            after=self.lesson.head.after,
            steps=self.steps(),
            beliefs=tuple(sorted(counts.items(), key=lambda item: -item[1])),
            next_lesson=later,
            next_title=next((mark.title for mark in marks if mark.id == later), ""),
            at_first_try=all(
                _is_untroubled(records.get((self.lesson.id, step.id), Record()))
                for step in self.lesson.steps
            ),
            part=_finished_part(marks, self.lesson.id),
            course_done=finished == len(marks),
            finished=finished,
            lessons=len(marks),
        )

    def _next_lesson_id(self) -> str:
        lessons = self.course.lessons
        number = lessons.index(self.lesson.id) + 1
        return lessons[number] if number < len(lessons) else ""

    # -- writing down ---------------------------------------------------------------

    def _records(self) -> dict[tuple[str, str], Record]:
        return self.progress.records(self.course.id)

    def _record(self, what: What, answer: str = "", misconception: str = "") -> None:
        event = Event(
            course=self.course.id,
            lesson=self.lesson.id,
            step=self.step.id,
            digest=self.step.digest,
            what=what,
            answer=answer,
            misconception=misconception,
        )
        self._unwritten.append(event)
        self._write(self._write_events)

    def _write_events(self) -> None:
        while self._unwritten:
            self.progress.add(self._unwritten[0])
            self._unwritten.pop(0)

    def _write(self, write: Callable[[], None]) -> None:
        """Writes; if that fails, says so in `trouble` and tries again the next time."""
        try:
            write()
        except ProgressError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""


def without_answer(step: Step, shown: list[Shown]) -> tuple[Shown, ...]:
    """A step's programs without what the one does that the question is about."""
    asked = step.kind == "predict" or (step.kind == "order" and step.typed)
    last = max((n for n, one in enumerate(shown) if one.code.runs), default=-1)
    return tuple(
        Shown(one.code) if asked and number == last else one
        for number, one in enumerate(shown)
    )


def course_map(
    course: Course, progress: Progress, here: str = ""
) -> tuple[LessonMark, ...]:
    """Every lesson of a course with how far it is.

    Args:
        course: the course.
        progress: what has been done.
        here: the id of the lesson the learner is in, or "".
    """
    records = progress.records(course.id)
    finished: set[str] = set()
    marks: list[LessonMark] = []
    for part in course.outline.parts:
        title = part.title_in(course.language)
        for lesson_id in part.lessons:
            mark = _lesson_mark(course, lesson_id, records, finished)
            mark = msgspec.structs.replace(
                mark, part=title, number=len(marks) + 1, here=lesson_id == here
            )
            marks.append(mark)
            if mark.finished:
                finished.add(lesson_id)
    return tuple(marks)


def _lesson_mark(
    course: Course,
    lesson_id: str,
    records: dict[tuple[str, str], Record],
    finished: set[str],
) -> LessonMark:
    try:
        lesson = course.lesson(lesson_id)
    except LessonError as error:
        return LessonMark(lesson_id, lesson_id, "", 0, 0, 0, problem=str(error))
    marks = [_mark(s, records.get((lesson_id, s.id), Record())) for s in lesson.steps]
    return LessonMark(
        id=lesson_id,
        title=lesson.title,
        part="",
        number=0,
        done=sum(mark in ("passed", "helped") for mark in marks),
        steps=len(lesson.steps),
        concepts=lesson.head.concepts,
        minutes=lesson.head.minutes,
        needs=tuple(need for need in lesson.head.needs if need not in finished),
    )


def _finished_part(marks: Sequence[LessonMark], lesson: str) -> str:
    """The title of the part a lesson is in, if all lessons there are done; or ""."""
    part = next(mark.part for mark in marks if mark.id == lesson)
    return part if all(mark.finished for mark in marks if mark.part == part) else ""


def _is_untroubled(record: Record) -> bool:
    """Whether a step was passed with no wrong answer and no help."""
    return record.passed and not (record.wrong or record.hints or record.solution)


def _mark(step: Step, record: Record) -> Mark:
    if record.passed and record.digest != step.digest:
        return "changed"
    if record.passed:
        return "helped" if record.solution else "passed"
    if record.skipped:
        return "skipped"
    return "tried" if record.wrong or record.hints or record.solution else "new"
