"""The detectors know beliefs by what they see, without being told by the lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scopetutor.course.bench import Bench
from scopetutor.course.judge import Standing, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.course.model import Lesson, Step, Wrong
    from scopetutor.course.shelf import Course
    from scopetutor.course.verdict import Verdict
    from scopetutor.workspace.client import Workspace

LEAST_FOUND = 0.8
"""Of the programs whose belief an author has named; 47 of 56 when this was written."""


def test_beliefs_are_seen(course: Course, workspace: Workspace) -> None:
    """Without the `wrong` blocks most beliefs are found, and each with evidence."""
    verdicts = list(unaided(course, workspace))
    found = [one for wrong, one in verdicts if one.misconception == wrong.misconception]

    assert len(found) >= LEAST_FOUND * len(verdicts)
    assert [one.misconception for one in found if not one.evidence] == []


def unaided(course: Course, workspace: Workspace) -> Iterator[tuple[Wrong, Verdict]]:
    """The verdicts on wrong programs, in steps that list no wrong answers."""
    for lesson in map(course.lesson, course.lessons):
        bare = without_wrongs(lesson)
        bench = Bench(workspace)
        for step, alone in zip(lesson.steps, bare.steps, strict=True):
            for wrong in named(step):
                bench.begin(bare, alone)
                standing = Standing(bench.beginning)
                yield wrong, judge(bench, wrong.code, standing).verdict


def named(step: Step) -> list[Wrong]:
    """The wrong programs of a step whose belief the author has named."""
    return [wrong for wrong in step.wrongs if wrong.code and wrong.misconception]


def without_wrongs(lesson: Lesson) -> Lesson:
    """The lesson as if its author had thought of no mistake."""
    steps = tuple(msgspec.structs.replace(step, wrongs=()) for step in lesson.steps)
    return msgspec.structs.replace(lesson, steps=steps)
