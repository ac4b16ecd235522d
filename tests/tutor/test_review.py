"""Missed ideas come back in questions of the course, when they are due."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopetutor.course.shelf import open_course
from scopetutor.progress import Event, Place, Progress
from scopetutor.review import ReviewTutor, due_ideas, items
from scopetutor.workspace.client import Workspace

TINY = Path(__file__).parents[1] / "course" / "tiny"
DAY = 86_400.0


class Clock:
    """A clock that is set by hand."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture(scope="module")
def workspace():
    """One for all tests of this file."""
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def clock():
    """The time in these tests."""
    return Clock()


@pytest.fixture
def progress(clock):
    """A learner who has once believed that reuse=True makes variables."""
    with Progress(None, clock) as progress:
        event = Event(
            course="tiny",
            lesson="sample",
            step="share-w",
            digest="",
            what="wrong",
            misconception="reuse-true-makes",
        )
        progress.add(event, Place("sample", "share-w"))
        yield progress


@pytest.fixture
def review(progress, workspace, clock):
    """Begins a review."""
    course = open_course(TINY)

    def begin() -> ReviewTutor:
        tutor = ReviewTutor(
            course, progress, workspace, items(course, progress, clock())
        )
        tutor.resume()
        return tutor

    return begin


def test_what_was_missed_is_due_at_once(progress, clock):
    """In a step whose wrong answers name the idea."""
    [item] = items(open_course(TINY), progress, clock())

    assert item.idea == "reuse-true-makes"
    assert item.step in ("share-w", "in-order")


def test_lessons_one_has_been_in_come_first(clock):
    """However often an idea was missed, the question is not from a lesson ahead."""
    course = open_course(TINY.parents[2] / "lessons")
    event = Event(
        course=course.id,
        lesson="first-variable",
        step="two-names",
        digest="",
        what="wrong",
        misconception="op-name-has-index",
    )
    with Progress(None, clock) as progress:
        for _ in range(6):
            progress.add(event, Place("first-variable", "two-names"))
            [item] = items(course, progress, clock())
            assert item.lesson == "first-variable"


def test_an_answer_says_when_it_comes_back(review, progress, clock):
    """Known: later and later; the place in the lessons is left alone."""
    before = progress.place("tiny")
    waits = []
    for _ in range(3):
        tutor = review()
        answer = "2 1" if tutor.step.id == "in-order" else tutor.step.solutions[0].text
        assert tutor.submit(answer).passed
        assert tutor.here.mark == "passed"
        [card] = progress.cards().values()
        waits.append(card.due - clock.now)
        assert due_ideas(progress, clock()) == []
        clock.now = card.due
    assert DAY <= waits[0] < waits[1] < waits[2]
    assert progress.place("tiny") == before


def test_missed_again_comes_back_soon(review, progress, clock):
    """The first judgement counts: a right answer after a wrong one was no recall."""
    tutor = review()
    tutor.submit("1 2" if tutor.step.id == "in-order" else "1 / 0")
    [first] = progress.cards().values()
    tutor.submit("2 1" if tutor.step.id == "in-order" else tutor.step.solutions[0].text)
    [second] = progress.cards().values()

    assert first.due == second.due
    assert first.due - clock.now < 3 * DAY
    assert tutor.here.mark == "tried"


def test_looking_at_the_solution_is_missing(review, progress):
    """And a hint is help."""
    tutor = review()
    tutor.solution()

    assert tutor.here.mark == "tried"
    assert progress.cards()


def test_skipped_stays_due(review, progress, clock):
    """And behind the last question is the end."""
    tutor = review()

    assert tutor.skip() is None
    assert tutor.next_lesson() is None
    assert due_ideas(progress, clock()) == ["reuse-true-makes"]
    assert [mark.mark for mark in tutor.summary().steps] == ["new"]
    assert tutor.back().number == 1


def test_ideas_no_step_asks_for_are_left_out(progress, clock):
    """They stay due for a course that does."""
    progress.add(
        Event(
            course="tiny",
            lesson="x",
            step="y",
            digest="",
            what="wrong",
            misconception="name-case-matters",
        )
    )

    assert len(due_ideas(progress, clock())) == 2
    assert len(items(open_course(TINY), progress, clock())) == 1
