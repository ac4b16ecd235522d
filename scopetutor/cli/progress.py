"""`scopetutor progress`: what has been done, and how to take it elsewhere.

The record is `scopetutor.progress`, an SQLite file that the lessons write. What
`export` writes on one machine, `import` joins to the record of another.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import COURSE, LANGUAGE, learned, steps_offered
from .showing import JSON, PLAIN

if TYPE_CHECKING:
    from scopetutor.course.shelf import Course
    from scopetutor.progress import Progress

group = typer.Typer(invoke_without_command=True)


@group.callback()
def show(
    context: typer.Context,
    course: COURSE = None,
    language: LANGUAGE = None,
    json: JSON = False,
    plain: PLAIN = False,
) -> None:
    r"""Show what you have done, and take it to another machine.

    Marks of all lessons, the ideas you met by being wrong, and what is due for review.

    \b
    Examples:
      scopetutor progress
      scopetutor progress --json
      scopetutor progress export my-progress.json
      scopetutor progress import my-progress.json
      scopetutor progress forget reuse
    """
    if context.invoked_subcommand is not None:
        return
    with learned(course, language) as (found, progress):
        if json:
            import msgspec

            told = msgspec.json.format(msgspec.json.encode(_told(found, progress)))
            sys.stdout.write(told.decode() + "\n")
        else:
            _draw(found, progress, plain=plain)


def _told(course: Course, progress: Progress) -> dict[str, object]:
    """Everything there is to say, for programs."""
    from scopetutor.tutor import course_map

    drills = progress.drills()
    place = progress.place(course.id)
    return {
        "course": course.id,
        "here": f"{place.lesson}/{place.step}" if place else "",
        "lessons": [
            {
                "id": mark.id,
                "title": mark.title,
                "part": mark.part,
                "done": mark.done,
                "steps": mark.steps,
                "needs": list(mark.needs),
                "problem": mark.problem,
            }
            for mark in course_map(course, progress)
        ],
        "steps": {
            f"{lesson}/{step}": record
            for (lesson, step), record in progress.records(course.id).items()
        },
        "misconceptions": progress.misconceptions(course.id),
        "drills": {
            "answered": len(drills),
            "right": sum(one.was_right for one in drills),
        },
        "due": _due(progress),
    }


def _due(progress: Progress) -> list[str]:
    """The ideas that should be reviewed now."""
    now = progress.clock()
    return [card.idea for card in progress.cards().values() if card.due <= now]


def _draw(course: Course, progress: Progress, *, plain: bool) -> None:
    from scopetutor.course.misconceptions import misconceptions
    from scopetutor.language import current, say
    from scopetutor.render.lesson_map import lesson_map
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import read_config
    from scopetutor.tutor import course_map

    screen = Screen(read_config(), plain=plain)
    place = progress.place(course.id)
    marks = course_map(course, progress, place.lesson if place else "")
    screen.show(lesson_map(marks, screen.look))
    lines = []
    met = progress.misconceptions(course.id)
    known = misconceptions(current())
    if met:
        lines += ["", say("Ideas you met by being wrong:")]
        for idea, count in list(met.items())[:10]:
            belief = known[idea].belief if idea in known else idea
            lines.append(f"  {count} × {' '.join(belief.split())}")
    due = len(_due(progress))
    if due:
        told = say("{count} due for review: scopetutor review", count=due)
        lines += ["", told]
    drills = progress.drills()
    if drills:
        right = sum(one.was_right for one in drills)
        told = say("Drill: {right} of {count} right.", right=right, count=len(drills))
        lines += ["", told]
    screen.write("".join(f"{line}\n" for line in lines))


@group.command("export", short_help="Write it to a file, for another machine")
def export(
    file: Annotated[
        Path | None,
        typer.Argument(help="The file to write; default: standard output."),
    ] = None,
) -> None:
    r"""Write everything you have done to a file, for another machine."""
    import msgspec

    from scopetutor.errors import UsageError
    from scopetutor.progress import Progress, default_path

    with Progress(default_path()) as progress:
        data = msgspec.json.format(msgspec.json.encode(progress.export())) + b"\n"
    if file in (None, Path("-")):
        sys.stdout.write(data.decode())
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(file)) from None
    sys.stdout.write(f"Wrote {file}.\n")


@group.command("import", short_help="Add what was done on another machine")
def take_in(
    file: Annotated[Path, typer.Argument(help="Made by: scopetutor progress export")],
) -> None:
    r"""Add what was done on another machine; nothing of yours is lost."""
    from scopetutor.errors import UsageError
    from scopetutor.progress import Progress, decode_export, default_path

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise UsageError(problem, place=str(file)) from None
    other = decode_export(data)
    with Progress(default_path()) as progress:
        new = progress.merge(other)
    sys.stdout.write(f"{new} of {len(other.events)} events were new.\n")


@group.command("forget", short_help="Forget a step, a lesson, or everything")
def forget(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[LESSON[/STEP]]",
            help="Default: everything.",
            autocompletion=steps_offered,
            show_default=False,
        ),
    ] = "",
    course: COURSE = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    r"""Forget a step, a lesson, or everything."""
    from scopetutor.errors import UsageError
    from scopetutor.progress import Progress, default_path

    from .courses import open_or_own

    lesson, _, step = what.partition("/")
    found = open_or_own(course)
    if lesson and lesson not in found.lessons:
        raise UsageError(f"there is no lesson {lesson!r}", hint="scopetutor progress")
    if step and found.lesson(lesson).step(step) is None:
        raise UsageError(f"lesson {lesson!r} has no step {step!r}")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("this cannot be undone", hint="--yes")
        told = what or "everything you have done, in all courses"
        typer.confirm(f"Forget {told}?", abort=True)
    with Progress(default_path()) as progress:
        gone = progress.forget(found.id if lesson or course else "", lesson, step)
    sys.stdout.write(f"Forgot {gone} events.\n")
