"""A drill asks, judges, writes down, and asks harder or easier questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopetutor.course.shelf import open_course
from scopetutor.drill import DrillTutor
from scopetutor.progress import Progress
from scopetutor.workspace.client import Workspace

TINY = Path(__file__).parents[1] / "course" / "tiny"


@pytest.fixture(scope="module")
def workspace():
    """One for all tests of this file."""
    with Workspace() as workspace:
        yield workspace


@pytest.fixture
def drill(workspace):
    """A drill with its own record."""
    with Progress(None) as progress:
        workspace.go_to(0)

        def begin(**wishes: object) -> DrillTutor:
            wishes = {"topic": "names", "seed": 1, **wishes}
            tutor = DrillTutor(open_course(TINY), progress, workspace, **wishes)
            tutor.resume()
            return tutor

        yield begin


def test_right_answers_make_it_harder(drill):
    """Two of them, and the level goes up."""
    tutor = drill()
    levels = []
    for _ in range(3):
        levels.append(tutor.question.level)
        assert tutor.submit(tutor._bench.truth().answer).passed
        tutor.next()
    assert levels == [1, 1, 2]
    assert (tutor.right, tutor.answered) == (3, 3)


def test_one_try_then_the_truth(drill):
    """A wrong answer is told the truth, counts once, and is explained."""
    tutor = drill(topic="captured")
    verdict = tutor.submit("z" if tutor.step.kind == "predict" else "b")
    if verdict.status == "unready":
        verdict = tutor.submit("a")
    tutor.solution()

    assert tutor.answered == 1
    assert tutor.here.mark in ("tried", "passed")
    explained = tutor.explain()
    assert explained.subject or explained.reasons


def test_a_belief_that_is_met_is_kept_for_review(drill):
    """Also from a question that nobody wrote."""
    tutor = drill(seed=2)
    while not tutor._bench.truth().answer.endswith(":0"):
        tutor.next()
    answer = tutor._bench.truth().answer.removesuffix(":0")
    verdict = tutor.submit(answer)

    assert verdict.misconception == "variable-name-lacks-index"
    assert verdict.truth == f"{answer}:0"
    assert tutor.progress.misconceptions() == {"variable-name-lacks-index": 1}


def test_the_end(drill):
    """After as many questions as were wished for; without a wish there is none."""
    tutor = drill(count=2)
    assert tutor.here.steps == 2
    assert tutor.skip() is not None
    assert tutor.skip() is None
    assert tutor.next_lesson() is None
    assert tutor.steps() == ()
    assert tutor.back().number == 2
    assert tutor.summary().lesson == "Drill: 0 / 0"


def test_a_seed_repeats_the_drill(drill, workspace):
    """For a class in which all get the same questions."""
    texts = []
    for _ in range(2):
        with Progress(None) as progress:
            workspace.go_to(0)
            tutor = DrillTutor(open_course(TINY), progress, workspace, seed=5)
            tutor.resume()
            shown = [tutor.step.shows[0].text]
            tutor.next()
            shown.append(tutor.step.shows[0].text)
            texts.append(shown)
    assert texts[0] == texts[1]
