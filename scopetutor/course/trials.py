"""What a lesson accepts and what it refuses, answer by answer.

Between `judge` and `scopetutor lesson test`: each solution, the starter, nothing at all
and each wrong answer is judged as a learner's would be. `lint` looks at the same
answers for what is wrong with the lesson; here every answer has a line of its own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from scopetutor.errors import LessonError

from .bench import Bench
from .judge import Standing, judge
from .misconceptions import misconceptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.workspace.client import Workspace

    from .model import Lesson, Step
    from .verdict import Verdict


class Trial(msgspec.Struct, frozen=True):
    """One answer, and what became of it.

    Attributes:
        step: the id of the step.
        line: in the lesson's file.
        what: the answer is, such as "solution", "starter" or "wrong 2".
        accepted: whether it must pass.
        passed: whether it does.
        sentence: what the learner is told first.
        problem: what is wrong, or "".
        seconds: it took.
    """

    step: str
    line: int
    what: str
    accepted: bool
    passed: bool
    sentence: str
    problem: str = ""
    seconds: float = 0.0


class _Answer(msgspec.Struct, frozen=True):
    """An answer to try: `message` is what a wrong one must be told."""

    line: int
    what: str
    text: str
    accepted: bool = False
    message: str = ""


def trials_of(lesson: Lesson, workspace: Workspace) -> Iterator[Trial]:
    """Tries the answers of every step, in the order of the file."""
    bench = Bench(workspace)
    for step in lesson.steps:
        try:
            bench.begin(lesson, step)
            answers = list(_answers(bench, step))
        except LessonError as error:
            yield Trial(
                step.id, step.line, "set-up", True, False, "", problem=error.problem
            )
            continue
        for answer in answers:
            yield _tried(bench, answer)


def _tried(bench: Bench, answer: _Answer) -> Trial:
    began = time.monotonic()
    verdict = judge(bench, answer.text, Standing(bench.beginning)).verdict
    return Trial(
        bench.step.id,
        answer.line,
        answer.what,
        answer.accepted,
        verdict.passed,
        verdict.sentence,
        _problem(answer, verdict),
        time.monotonic() - began,
    )


def _problem(answer: _Answer, verdict: Verdict) -> str:
    if answer.accepted and not verdict.passed:
        return f"it is refused: {verdict.sentence}"
    if verdict.passed and not answer.accepted:
        return "it is accepted"
    if answer.message and verdict.message != answer.message:
        return f"it is told something else: {verdict.message or verdict.sentence}"
    return ""


def _answers(bench: Bench, step: Step) -> Iterator[_Answer]:
    if not step.active:
        return
    if step.typed:
        truth = bench.truth().answer
        right = "none" if step.kind == "order" and truth == "0" else truth
        yield _Answer(step.line, "truth", right, accepted=True)
    for solution in step.solutions:
        what = f"solution {solution.name}".strip()
        text = solution.text
        if step.kind == "order":
            text = bench.order_of(solution.text) or ""
        yield _Answer(solution.line, what, text, accepted=True)
    if step.starter and step.kind != "order":
        yield _Answer(step.line, "starter", step.starter)
    yield _Answer(step.line, "nothing", "")
    for number, wrong in enumerate(step.wrongs, 1):
        message = wrong.say or misconceptions()[wrong.misconception].truth.strip()
        for text in (wrong.code,) if wrong.code else wrong.answers:
            yield _Answer(wrong.line, f"wrong {number}", text, message=message)
