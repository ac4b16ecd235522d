"""A lesson drawn from its first step to its last, for its author.

`scopetutor lesson preview` shows what comes out.

`lesson` calls it; the drawings are those a learner sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.course.bench import Bench
from scopetutor.errors import UsageError
from scopetutor.render.step import hint, solution, step
from scopetutor.tutor import Here, HintView, SolutionView, without_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.course.model import Step
    from scopetutor.course.shelf import Course
    from scopetutor.render.look import Look
    from scopetutor.workspace.client import Workspace


def pages(
    course: Course,
    lesson_id: str,
    step_id: str,
    workspace: Workspace,
    look: Look,
    *,
    answers: bool,
) -> Iterator[Text]:
    """The drawings of a lesson's steps, or of one of them.

    Raises:
        UsageError: there is no such step.
        LessonError: the lesson is wrong.
    """
    lesson = course.lesson(lesson_id)
    if step_id and lesson.step(step_id) is None:
        ids = ", ".join(one.id for one in lesson.steps)
        raise UsageError(f"there is no step {step_id!r}; there are: {ids}")
    bench = Bench(workspace)
    for number, one in enumerate(lesson.steps, 1):
        if step_id not in ("", one.id):
            continue
        bench.begin(lesson, one)
        here = Here(
            lesson=lesson,
            step=one,
            number=number,
            steps=len(lesson.steps),
            lesson_number=course.lessons.index(lesson_id) + 1,
            lessons=len(course.lessons),
            mark="new",
        )
        shown = tuple(bench.show()) if answers else without_answer(one, bench.show())
        yield Text("\n").append_text(step(here, shown, look))
        if answers:
            yield from _answers(bench, one, look)


def _answers(bench: Bench, one: Step, look: Look) -> Iterator[Text]:
    for number, told in enumerate(one.hints, 1):
        yield Text("\n").append_text(
            hint(HintView(told.text, number, len(one.hints)), look)
        )
    if one.typed:
        truth = bench.truth()
        view = SolutionView(answer=truth.answer, note=one.answer.note)
    else:
        view = SolutionView(programs=one.solutions)
    if one.active:
        yield Text("\n").append_text(solution(view, look))
