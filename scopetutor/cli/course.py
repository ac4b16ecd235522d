"""`scopetutor course`: courses of others.

`course.library` keeps the copies. Before one is kept, `course.proof` tries every step
of it in workspaces, and the user is told which modules its programs import.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator  # Typer evaluates annotations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .showing import JSON, show_json
from .ticker import Ticker

if TYPE_CHECKING:
    import ast

    from scopetutor.course.model import Lesson
    from scopetutor.course.proof import Proof
    from scopetutor.course.shelf import Course

group = typer.Typer(
    help="Add courses of others; they run in the strict box.", no_args_is_help=True
)

MOST_SHOWN = 20  # faults


@group.command(short_help="Copy a course, try it, and list it")
def add(
    source: Annotated[str, typer.Argument(help="A folder, a zip, or a git URL.")],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Add it even if it has faults.")
    ] = False,
) -> None:
    r"""Add a course: it is copied, tried from beginning to end, and listed.

    A course is text: lessons and programs. Its programs are run in the strict box only:
    they can read no file of yours, write none, and reach no network.

    \b
    Examples:
      scopetutor course add ./my-course
      scopetutor course add course.zip
      scopetutor course add https://example.org/course.git
    """
    from scopetutor.course.library import fetched, keep
    from scopetutor.course.proof import prove
    from scopetutor.workspace.client import Options

    with fetched(source) as course:
        with Ticker(len(course.lessons)) as ticker:
            proofs = prove(
                course,
                options=Options(strict=True, time_limit=20.0),
                on_done=lambda proof: ticker.tick(proof.lesson),
            )
        faults = [fault for proof in proofs for fault in proof.faults]
        sys.stderr.writelines(f"{fault}\n" for fault in faults[:MOST_SHOWN])
        if len(faults) > MOST_SHOWN:
            sys.stderr.write(f"and {len(faults) - MOST_SHOWN} more\n")
        if faults and not yes:
            sys.stderr.write("scopetutor: the course has faults and was not added\n")
            sys.stderr.write("  try  --yes to add it anyway\n")
            raise typer.Exit(1)
        told = list(_summary(course, proofs))
        keep(course)
    sys.stdout.writelines(f"{line}\n" for line in told)
    sys.stdout.write(f"  try  scopetutor learn --course {course.id}\n")


def _summary(course: Course, proofs: list[Proof]) -> Iterator[str]:
    """What the course is, and what its programs use."""
    from scopetutor.render.words import counted

    outline = course.outline
    lessons = counted(len(course.lessons), "lesson")
    steps = counted(sum(proof.steps for proof in proofs), "step")
    yield f"{outline.title} ({course.id})"
    by = f" by {outline.author}" if outline.author else ""
    terms = f", {outline.license}" if outline.license else ""
    yield f"  {lessons}, {steps}{by}{terms}"
    languages = ", ".join(course.languages())
    if languages:
        yield f"  also in: {languages}"
    yield f"  its programs import: {', '.join(_imports(course)) or 'nothing'}"
    yield "  they run in the strict box: no files of yours, no network"


def _imports(course: Course) -> list[str]:
    """The modules that the programs of a course import, besides TensorFlow."""
    import ast

    from scopetutor.errors import LessonError

    found = {"tensorflow"}
    for name in course.lessons:
        try:
            lesson = course.lesson(name)
        except LessonError:
            continue
        for node in (n for text in _programs(lesson) for n in _nodes(text)):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return sorted(found)


def _programs(lesson: Lesson) -> Iterator[str]:
    for step in lesson.steps:
        yield step.setup
        yield from (code.text for code in (*step.shows, *step.solutions))
        yield from (one.text for one in step.asserts)


def _nodes(text: str) -> Iterator[ast.AST]:
    import ast

    from scopetutor.course.source import parse

    return ast.walk(parse(text) or ast.Module([], []))


@group.command("list", short_help="List the courses there are")
def show(json: JSON = False) -> None:
    """List the courses there are: the one that comes with scopetutor, and the added.

    `scopetutor help json` describes the JSON.
    """
    from scopetutor.course.library import all_added
    from scopetutor.course.shelf import open_course, own_course
    from scopetutor.errors import LessonError
    from scopetutor.render.words import counted

    places: list[Path | None] = [None, *all_added()]
    rows = []
    for place in places:
        try:
            course = open_course(place) if place else own_course()
        except LessonError as error:
            sys.stderr.write(f"{place}: {error.problem}\n")
            continue
        rows.append((course.id, course.outline.title, len(course.lessons)))
    if json:
        keys = ("id", "title", "lessons")
        show_json([dict(zip(keys, row, strict=True)) for row in rows])
        return
    for name, title, count in rows:
        sys.stdout.write(f"{name}\t{title}\t{counted(count, 'lesson')}\n")


def _added(incomplete: str) -> Iterator[str]:
    from scopetutor.course.library import all_added

    names = (folder.name for folder in all_added())
    yield from (name for name in names if name.startswith(incomplete))


@group.command(short_help="Remove an added course")
def remove(
    course: Annotated[
        str,
        typer.Argument(help="The id of an added course.", autocompletion=_added),
    ],
) -> None:
    """Remove an added course; what you have learned of it stays."""
    from scopetutor.course.library import remove as remove_course

    remove_course(course)
    sys.stdout.write(f"Removed {course}.\n")
