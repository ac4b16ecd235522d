"""Every kind of mistake an author makes is told in one line that names its place."""

from __future__ import annotations

import re

import pytest

from scopetutor.course.lint import Linter
from scopetutor.course.load import read_lesson

from .conftest import TINY
from .mistakes import Mistake, read

SAMPLE = (TINY / "sample.md").read_text(encoding="utf-8")
OF_FORM = read("mistakes_of_form.txt")
WHEN_RUN = read("mistakes_when_run.txt")


def test_the_sample_is_right(workspace):
    """Without a mistake nothing is said, so each table tells of its mistakes alone."""
    reading = read_lesson(SAMPLE, "sample.md")

    assert reading.faults == ()
    assert Linter(reading.lesson, workspace).check() == ()


@pytest.mark.parametrize("mistake", OF_FORM, ids=lambda one: one.name)
def test_mistake_of_form(mistake: Mistake):
    """What can be told from the text is told without running anything."""
    reading = read_lesson(mistake.made(SAMPLE), "sample.md")
    said = [str(fault) for fault in reading.faults]

    assert reading.lesson is None
    assert mistake.matches(said), said


@pytest.mark.parametrize("mistake", WHEN_RUN, ids=lambda one: one.name)
def test_mistake_when_run(mistake: Mistake, workspace):
    """What takes running is told by the linter, with the line of the block."""
    lesson = read_lesson(mistake.made(SAMPLE), "sample.md").lesson
    assert lesson is not None
    linter = Linter(lesson, workspace)
    linter.check_head()
    line = SAMPLE.count("\n", 0, SAMPLE.index(mistake.old)) + 1
    for step in [step for step in lesson.steps if step.line <= line][-1:]:
        linter.check_step(step)  # the others are as they were
    found = sorted(linter.findings, key=lambda one: int(one.error.place.split(":")[1]))
    said = [("" if f.kind == "fault" else f"{f.kind}: ") + str(f.error) for f in found]

    assert mistake.matches(said), said


@pytest.mark.parametrize("mistake", OF_FORM + WHEN_RUN, ids=lambda one: one.name)
def test_the_complaint_is_one_line_with_a_place(mistake: Mistake):
    """file:line (or the file), then a sentence that is not too long to read."""
    assert mistake.said
    for line in mistake.said:
        assert re.match(r"(advice: )?sample\.md(:\d+)?: \S", line)
        assert len(line) < 160


def test_there_are_more_than_forty_kinds():
    """Both tables together; no kind twice."""
    names = [mistake.name for mistake in OF_FORM + WHEN_RUN]

    assert len(set(names)) == len(names) >= 90
