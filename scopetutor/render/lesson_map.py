"""`list`: the lessons of the course and how far each is; the steps of one lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.language import say

from .outline import Cell
from .step import MARKS
from .table import table
from .visible import one_line
from .wrap import paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.tutor import LessonMark, StepMark

    from .look import Look


def lesson_map(lessons: Sequence[LessonMark], look: Look) -> Text:
    """Draw the lessons, part by part."""
    parts: list[Text] = []
    for part in dict.fromkeys(lesson.part for lesson in lessons):
        if parts:
            parts.append(Text())
        if part:
            parts.append(Text(one_line(part), "heading"))
        rows = [_row(lesson, look) for lesson in lessons if lesson.part == part]
        headings = ("", "", say("lesson"), say("done"), say("minutes"), "id", "")
        parts.append(table(headings, rows, look))
    return paragraphs(parts)


def _row(lesson: LessonMark, look: Look) -> tuple[Cell, ...]:
    remark = lesson.problem
    if not remark and lesson.here:
        remark = say("you are here")
    elif not remark and lesson.needs and not lesson.finished:
        remark = say("after {lessons}", lessons=", ".join(lesson.needs))
    tick = "ok" if look.ascii or look.plain else "✓"
    sign = tick if lesson.finished else ">" if lesson.here else ""
    return (
        Cell(sign, "passed" if lesson.finished else "here"),
        Cell(str(lesson.number), "quiet"),
        Cell(one_line(lesson.title), "heading"),
        Cell(f"{lesson.done}/{lesson.steps}"),
        Cell(str(lesson.minutes or ""), "quiet"),
        Cell(lesson.id, "quiet"),
        Cell(one_line(remark), "error" if lesson.problem else "quiet"),
    )


def step_list(steps: Sequence[StepMark], look: Look) -> Text:
    """Draw the steps of a lesson."""
    rows = [
        (
            Cell(">" if step.here else "", "here"),
            Cell(str(number), "quiet"),
            Cell(one_line(step.title), "heading"),
            Cell(say(step.kind)),
            Cell(say(MARKS[step.mark]) if MARKS[step.mark] else ""),
            Cell(step.id, "quiet"),
        )
        for number, step in enumerate(steps, 1)
    ]
    headings = ("", "", say("step"), say("kind"), say("so far"), "id")
    return table(headings, rows, look)
