"""A learner who knows everything goes through lessons in a real terminal.

SCOPETUTOR_LESSONS sets how many lessons, from the first one on; "all" is all of them.
Wrong answers and their messages are tried by `scopetutor lesson check`.
"""

from __future__ import annotations

import os

import pytest

from scopetutor.course.bench import Bench
from scopetutor.course.shelf import own_course
from scopetutor.errors import LessonError
from scopetutor.workspace.client import Workspace

WISH = os.environ.get("SCOPETUTOR_LESSONS", "1")
PASTE, PASTED, RUN = "\x1b[200~", "\x1b[201~", "\x1b\r"
BACKSPACE = "\x7f"


def lessons() -> list[str]:
    """The lessons to go through."""
    every = own_course().lessons
    return list(every if WISH == "all" else every[: int(WISH)])


def right_answers(lesson_id: str) -> list[tuple[str, str]]:
    """For each step: what to type, and how to send it ("" for a step to read)."""
    lesson = own_course().lesson(lesson_id)
    answers = []
    with Workspace() as workspace:
        bench = Bench(workspace)
        for step in lesson.steps:
            bench.begin(lesson, step)
            if not step.active:
                answers.append(("", ""))
            elif step.typed:
                truth = bench.truth().answer
                none = step.kind == "order" and truth == "0"
                answers.append(("none" if none else truth, "\r"))
            elif step.kind == "order":
                answers.append((bench.order_of(step.solutions[0].text) or "", "\r"))
            else:
                clear = BACKSPACE * (2 * len(step.starter))
                text = step.solutions[0].text
                answers.append((f"{clear}{PASTE}{text}{PASTED}", RUN))
    return answers


@pytest.mark.parametrize("lesson_id", lessons())
def test_right_answers_lead_to_the_end(lesson_id: str, terminal):
    """Every step is passed at the first try, and the lesson's end says so."""
    try:
        answers = right_answers(lesson_id)
    except LessonError as error:  # `lesson check` tells of it
        pytest.skip(str(error))
    screen = terminal("learn", f"{lesson_id}/", rows=160, columns=100)
    for number, (answer, send) in enumerate(answers, 1):
        heading = f"── {number}/{len(answers)} "
        screen.until(heading, seconds=60)
        screen.settle(0.2)
        if answer:
            screen.type(answer + send)
            screen.until(
                lambda text, above=heading: "✓" in text[text.rfind(above) + 1 :],
                seconds=60,
            )
            screen.settle(0.2)
        screen.type("\r")
    count = len(answers)
    end = f"{count} of {count} steps done, {count} of them without the solution."
    screen.until(end, seconds=60)
