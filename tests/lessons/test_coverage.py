"""Every block, claim and confusion that the course must treat has its steps."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scopetutor.course.misconceptions import misconceptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopetutor.course.model import Step
    from scopetutor.course.shelf import Course

KINDS = tomllib.loads(
    (Path(__file__).parent / "sources.toml").read_text(encoding="utf-8")
)
WANTED = [name for kind in KINDS.values() for name in kind]
REVIEWED_BY_RUNNING = ("predict", "code", "fix", "order")
LEAST_MISCONCEPTIONS = 30


@pytest.fixture(scope="module")
def treated(course: Course) -> Mapping[str, list[Step]]:
    """The steps by the source they name, in their heading or at an assertion."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for lesson in map(course.lesson, course.lessons):
        for step in lesson.steps:
            for source in sources(step):
                steps[source].append(step)
    return steps


def sources(step: Step) -> set[str]:
    """What a step covers."""
    named = [one.source for one in step.asserts if one.source]
    return {
        *step.sources,
        *(name.strip() for text in named for name in text.split(",")),
    }


@pytest.mark.parametrize("name", WANTED)
def test_treated(name: str, treated: Mapping[str, list[Step]]) -> None:
    """A learner has to do something about it: reading alone does not count."""
    assert [step.id for step in treated[name] if step.active]


@pytest.mark.parametrize("name", KINDS["false"])
def test_false_claims_are_run(name: str, treated: Mapping[str, list[Step]]) -> None:
    """What a text says wrongly is shown by running it, not by saying so."""
    assert [step.id for step in treated[name] if step.kind in REVIEWED_BY_RUNNING]


def test_no_unknown_sources(treated: Mapping[str, list[Step]]) -> None:
    """A slip in a `source=` is found."""
    assert sorted(set(treated) - set(WANTED)) == []


def test_misconceptions_are_treated(course: Course) -> None:
    """Each belief names a lesson of the course, and a wrong answer there names it."""
    beliefs = misconceptions()
    assert len(beliefs) >= LEAST_MISCONCEPTIONS
    missing = []
    for name, belief in beliefs.items():
        if belief.lesson not in course.lessons:
            missing.append(f"{name}: no lesson {belief.lesson}")
            continue
        steps = course.lesson(belief.lesson).steps
        if not any(w.misconception == name for step in steps for w in step.wrongs):
            missing.append(f"{name}: no wrong answer in {belief.lesson} names it")
    assert missing == []


def test_lessons_are_for_doing(course: Course) -> None:
    """Half of the steps at least are active; hints and wrong answers are there."""
    thin = []
    for lesson in map(course.lesson, course.lessons):
        if not lesson.head.after or not 10 <= lesson.head.minutes <= 20:
            thin.append(f"{lesson.id}: what for, or how long")
        if sum(step.active for step in lesson.steps) * 2 < len(lesson.steps):
            thin.append(f"{lesson.id}: mostly for reading")
        for step in lesson.steps:
            if step.active and len(step.hints) < 2:
                thin.append(f"{lesson.id}/{step.id}: hints")
            if step.kind in ("code", "fix") and len(step.wrongs) < 3:
                thin.append(f"{lesson.id}/{step.id}: wrong answers")
    assert thin == []


def test_needs_come_first(course: Course) -> None:
    """A lesson needs only what stands before it."""
    seen: set[str] = set()
    for name in course.lessons:
        assert set(course.lesson(name).head.needs) <= seen, name
        seen.add(name)
