"""`list`: the lessons of the course and how far each is; the steps of one lesson.

After `tutor`, which knows which steps are done. `scopetutor progress` and `list` in a
lesson show it; `scopetutor list` writes the same lines without Rich (`cli.listing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from scopetutor.language import say

from .outline import Cell
from .step import MARKS
from .table import table
from .visible import one_line
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.tutor import LessonMark, StepMark

    from .look import Look


def lesson_map(lessons: Sequence[LessonMark], look: Look) -> Text:
    """Draw the lessons, part by part, as `scopetutor list` does."""
    ids = max((len(lesson.id) for lesson in lessons), default=0)
    lines: list[Text] = []
    for before, lesson in zip((None, *lessons), lessons, strict=False):
        if before is None or lesson.part != before.part:
            gap = [Text()] if lines else []
            lines += [*gap, Text(one_line(lesson.part), "heading")]
        lines.append(_row(lesson, ids, look))
    return paragraphs(lines)


def _row(lesson: LessonMark, ids: int, look: Look) -> Text:
    sign = say("done") if lesson.finished else say("here") if lesson.here else ""
    room = " " * max(4 - cell_len(sign), 0)
    done = f"{lesson.done}/{lesson.steps}"
    head = f"  {sign}{room} {lesson.number:2}  {lesson.id:{ids}}  {done:>5}  "
    told = lesson.problem or lesson.title
    style = "error" if lesson.problem else "heading"
    row = hanging(head, one_line(told), look.width, style=style, head="quiet")
    row.stylize("passed" if lesson.finished else "here", 2, 2 + len(sign))
    return row


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
