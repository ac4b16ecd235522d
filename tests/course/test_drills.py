"""Drills ask endless questions whose truth the engine computes.

SCOPETUTOR_DRILLS sets how many questions are drawn of each topic and level.
"""

from __future__ import annotations

import os
import random

import pytest

from scopetutor.course.bench import Bench
from scopetutor.course.drills import LEVELS, TOPICS, draw, level_after, topic_after
from scopetutor.course.judge import Standing, judge
from scopetutor.course.misconceptions import misconceptions

COUNT = int(os.environ.get("SCOPETUTOR_DRILLS", "1"))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_has_one_answer(topic: str, workspace):
    """The truth is one short line, it is accepted, and another answer is refused."""
    for level in range(1, LEVELS + 1, 2):
        for seed in range(COUNT):
            question = draw(topic, level, seed, workspace)
            bench = Bench(workspace)
            bench.begin(question.lesson, question.step)
            truth = bench.truth().answer
            answer = "none" if truth == "0" and question.step.kind == "order" else truth
            standing = Standing(bench.beginning)

            assert truth
            assert "\n" not in truth
            assert judge(bench, answer, standing).verdict.passed
            other = "b" if truth == "a" else "a"
            assert not judge(bench, other, standing).verdict.passed


def test_a_seed_gives_the_same_question(workspace):
    """And another seed another one."""
    first = draw("reuse", 4, 7, workspace)

    assert draw("reuse", 4, 7, workspace) == first
    assert any(draw("reuse", 4, seed, workspace) != first for seed in (8, 9))


def test_harder_questions_are_longer(workspace):
    """The level is how much there is to keep in mind."""

    def lines(level: int) -> int:
        drawn = (draw("names", level, seed, workspace) for seed in range(4))
        return sum(one.step.shows[0].text.count("\n") for one in drawn)

    assert lines(1) < lines(5)


@pytest.mark.parametrize(
    ("results", "level"),
    [
        ([], 1),
        ([(1, True)], 1),
        ([(1, True), (1, True)], 2),
        ([(1, True), (1, True), (2, True)], 2),
        ([(2, True), (2, True)], 3),
        ([(5, True), (5, True)], 5),
        ([(3, False)], 2),
        ([(1, False)], 1),
        ([(2, False), (1, True)], 1),
    ],
)
def test_difficulty_follows_the_answers(results, level: int):
    """Two right answers in a row go up, one wrong goes down, within the borders."""
    assert level_after(results) == level


def test_what_goes_wrong_comes_more_often():
    """In drills, and in lessons by the topics of the beliefs that were met."""
    wrong = [("captured", False)] * 5 + [("names", True)] * 5
    dice = random.Random(1)
    drawn = [topic_after(wrong, {"flags": 3}, dice) for _ in range(400)]

    assert drawn.count("captured") > drawn.count("flags") > drawn.count("names") > 0


def test_topics_of_beliefs_can_be_drilled_or_have_lessons():
    """Each misconception names a topic; most topics can be drilled."""
    topics = [one.topic for one in misconceptions().values()]

    assert sum(topic in TOPICS for topic in topics) > len(topics) / 2
