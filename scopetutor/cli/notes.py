"""`scopetutor notes`: one's own work as a Markdown file to keep.

After the lessons: the record says what was answered, the course what the steps asked,
and `misconceptions` what was believed. The file is for the reader alone; `submit` is
what a teacher gets.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import COURSE, LANGUAGE, learned, lessons_offered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scopetutor.course.model import Lesson, Step
    from scopetutor.course.shelf import Course
    from scopetutor.progress import Record


def command(
    lesson: Annotated[
        str,
        typer.Argument(
            metavar="[LESSON]",
            help="One lesson; default: all you have begun.",
            autocompletion=lessons_offered,
            show_default=False,
        ),
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.")
    ] = None,
    course: COURSE = None,
    language: LANGUAGE = None,
) -> None:
    r"""Write your answers and what you learned from them as Markdown.

    Each step that you passed, with its task, what you typed, and what there is to say
    to it; then the ideas you met by being wrong.

    \b
    Examples:
      scopetutor notes > notes.md
      scopetutor notes reuse -o reuse.md
    """
    from scopetutor.errors import UsageError

    with learned(course, language) as (found, progress):
        if lesson and lesson not in found.lessons:
            hint = "scopetutor progress"
            raise UsageError(f"there is no lesson {lesson!r}", hint=hint)
        records = progress.records(found.id)
        text = markdown(found, records, progress.misconceptions(found.id), lesson)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(output)) from None
    sys.stdout.write(f"Wrote {output}.\n")


def markdown(
    course: Course,
    records: Mapping[tuple[str, str], Record],
    met: Mapping[str, int],
    only: str = "",
) -> str:
    """The notes.

    Args:
        course: what was learned from.
        records: what was reached in each step.
        met: how often each misconception was met.
        only: the id of the one lesson to tell of, or "".
    """
    from scopetutor.language import say

    begun = [
        course.lesson(name)
        for name in course.lessons
        if only in ("", name) and any(lesson == name for lesson, _ in records)
    ]
    parts = [f"# {course.outline.title}"]
    for lesson in begun:
        parts += _of_lesson(lesson, records)
    if not begun:
        parts.append(say("Nothing has been done yet: scopetutor learn"))
    if not only:
        parts += _of_beliefs(met)
    return "\n\n".join(parts) + "\n"


def _of_lesson(
    lesson: Lesson, records: Mapping[tuple[str, str], Record]
) -> Iterator[str]:
    from scopetutor.language import say

    yield f"## {lesson.title}"
    if lesson.head.after:
        yield say("After it I can {after}.", after=lesson.head.after)
    for step in lesson.steps:
        record = records.get((lesson.id, step.id))
        if record is not None and step.active:
            yield from _of_step(step, record)


def _of_step(step: Step, record: Record) -> Iterator[str]:
    from scopetutor.course.model import Prose
    from scopetutor.language import say

    yield f"### {step.title}"
    for part in step.parts:
        yield part.text if isinstance(part, Prose) else _fenced(part.text)
    for letter, text in step.answer.options:
        yield f"* {letter}: {text}"
    if not record.passed:
        yield say("Not passed yet.")
        return
    yield say("My answer:")
    yield _fenced(record.answer, "" if step.typed else "python")
    notes = [step.answer.note, *(code.note for code in step.shows)]
    notes += [step.solutions[0].note] if step.solutions else []
    yield from filter(None, notes)


def _fenced(text: str, language: str = "python") -> str:
    """A block of code; the fence is longer than any inside."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _of_beliefs(met: Mapping[str, int]) -> Iterator[str]:
    from scopetutor.course.misconceptions import misconceptions
    from scopetutor.language import current, say

    known = misconceptions(current())
    told = [(known[idea], count) for idea, count in met.items() if idea in known]
    if not told:
        return
    yield "## " + say("What I believed, and what is so")
    for one, count in told:
        belief = " ".join(one.belief.split())
        yield f"* {belief} ({count} ×)\n  {' '.join(one.truth.split())}"
