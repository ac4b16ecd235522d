"""One learner is always right, one is always wrong, and TensorFlow 1.15.5 agrees."""

from __future__ import annotations

import json
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor.course.bench import Bench
from scopetutor.course.checks import shape_text, short_type, variables
from scopetutor.course.judge import Standing, judge
from scopetutor.course.misconceptions import misconceptions
from scopetutor.course.shelf import own_course

from .programs import programs
from .record import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.course.model import Step
    from scopetutor.course.shelf import Course
    from scopetutor.course.verdict import Verdict
    from scopetutor.workspace.client import Workspace

RECORDED: dict[str, dict[str, Any]] = json.loads(ANSWERS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lesson_id", own_course().lessons)
def test_learners(lesson_id: str, course: Course, workspace: Workspace) -> None:
    """Right answers pass, wrong ones meet their own message, and the truth is TF's."""
    lesson = course.lesson(lesson_id)
    asked = {one["id"].partition("/")[2]: one for one in programs(lesson)}
    bench = Bench(workspace)
    problems: list[str] = []
    for step in lesson.steps:
        bench.begin(lesson, step)
        found = [*always_right(bench), *always_wrong(bench)] if step.active else []
        if step.id in asked:
            found.extend(unlike_tensorflow(bench, asked[step.id]))
        problems.extend(f"{lesson.file}:{step.line} {one}" for one in found)
    assert problems == []


def always_right(bench: Bench) -> Iterator[str]:
    """Says what is wrong with the verdicts on right answers."""
    for answer in right_answers(bench):
        verdict = verdict_on(bench, answer)
        if not verdict.passed:
            yield f"{answer!r} is right, and gets: {verdict.sentence}"


def right_answers(bench: Bench) -> Iterator[str]:
    """The truth of a question, or the solutions of a task."""
    step = bench.step
    if step.typed:
        truth = bench.truth().answer
        yield "none" if step.kind == "order" and truth == "0" else truth
        return
    for solution in step.solutions:
        yield ordered(step, solution.text) if step.kind == "order" else solution.text


def ordered(step: Step, text: str) -> str:
    """The numbers of the pieces that make this text."""
    numbers = range(1, len(step.pieces) + 1)
    for order in permutations(numbers):
        if " ".join(step.pieces[n - 1] for n in order).split() == text.split():
            return " ".join(map(str, order))
    raise AssertionError(f"no order of the pieces gives {text!r}")


def always_wrong(bench: Bench) -> Iterator[str]:
    """Says which wrong answers pass, or meet a message that is not theirs."""
    beliefs = misconceptions()
    for wrong in bench.step.wrongs:
        own = wrong.say or beliefs[wrong.misconception].truth.strip()
        for answer in [wrong.code] if wrong.code else wrong.answers:
            verdict = verdict_on(bench, answer)
            if verdict.passed:
                yield f"{answer!r} is wrong, and passes"
            elif verdict.message != own:
                yield f"{answer!r} meets {verdict.message!r}"


def verdict_on(bench: Bench, answer: str) -> Verdict:
    """What the learner is told, as if it were the first try."""
    return judge(bench, answer, Standing(bench.beginning)).verdict


def unlike_tensorflow(bench: Bench, asked: dict[str, Any]) -> Iterator[str]:
    """Says where the engine's truth differs from what was recorded."""
    recorded = RECORDED.get(asked["id"])
    if recorded is None or recorded["digest"] != asked["digest"]:
        yield "its program has changed: record it anew (see record.py)"
        return
    if recorded["false"]:
        yield f"does not hold in TensorFlow: {recorded['false']}"
    if asked["asks"] == "claims":
        return
    ours = state(bench) if asked["asks"] == "state" else bench.truth().answer
    theirs = recorded.get("answer", [recorded.get("error"), recorded.get("variables")])
    if asked["eager"] and asked["asks"] == "state":
        ours, theirs = ours[0], theirs[0]  # eager variables are in no list
    if ours != theirs:
        yield f"the engine has {ours}, TensorFlow has {theirs}"


def state(bench: Bench) -> list[Any]:
    """How the solution ends, and the variables there are after it."""
    goal = bench.goal()
    views = [
        [view.tensor_name, shape_text(view), view.dtype, view.trainable]
        for view in variables(goal).values()
    ]
    return [short_type(goal.error.type) if goal.error else "", sorted(views)]
