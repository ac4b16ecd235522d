"""`scopetutor lesson`: for those who write lessons."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.course.proof import Proof
    from scopetutor.course.shelf import Course

group = typer.Typer(help="Write lessons, and prove them right before anyone sees them.")

LESSONS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LESSON]...",
        help="Ids or files of lessons; nothing: the whole course.",
        show_default=False,
    ),
]
COURSE = Annotated[
    Path | None,
    typer.Option(help="The folder or zip of a course; default: where the files are."),
]
JOBS = Annotated[int, typer.Option(min=1, help="How many are tried at a time.")]
JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@group.command()
def check(
    lessons: LESSONS = None,
    course: COURSE = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Advice counts as a fault.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")
    ] = False,
    jobs: JOBS = 2,
    json: JSON = False,
) -> None:
    r"""Try every promise of the lessons; one line for each fault, with its place.

    Every solution must pass; the starter, nothing at all and a commented-out solution
    must fail; every wrong answer must get its own message; no hint may hold the
    answer; names must exist. The exit code is 1 if anything is wrong.

    \b
    Examples:
      scopetutor lesson check
      scopetutor lesson check lessons/reuse.md
      scopetutor lesson check --course ./my-course --strict
    """
    from scopetutor.course.proof import prove

    found, chosen = course_of(lessons or [], course)
    total = len(chosen or found.lessons)
    with Ticker(total, quiet=quiet or json) as ticker:
        proofs = prove(
            found, chosen, jobs=jobs, on_done=lambda proof: ticker.tick(proof.lesson)
        )
    if json:
        sys.stdout.write(as_json(found, proofs) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _report(found, proofs, quiet))
    kinds = ("fault", "advice") if strict else ("fault",)
    failed = any(one.kind in kinds for proof in proofs for one in proof.findings)
    raise typer.Exit(1 if failed else 0)


def course_of(lessons: list[str], where: Path | None) -> tuple[Course, list[str]]:
    """The course that is meant, and the ids of the lessons in it that are meant.

    Raises:
        UsageError: files of several courses, or of none, or no such lesson.
        LessonError: there is no course.
    """
    from scopetutor.course.faults import meant
    from scopetutor.course.shelf import OUTLINE_FILE, open_course, own_course
    from scopetutor.errors import UsageError

    files = [Path(word) for word in lessons if word.endswith(".md")]
    folders = {file.resolve().parent for file in files}
    if len(folders) > 1:
        raise UsageError("the files are in several folders", hint="one at a time")
    if where is None and folders:
        where = folders.pop()
        if not (where / OUTLINE_FILE).is_file():
            problem = f"there is no {OUTLINE_FILE} beside the file"
            raise UsageError(problem, place=str(files[0]), hint="lesson new")
    course = open_course(where) if where else own_course()
    ids = [Path(word).stem if word.endswith(".md") else word for word in lessons]
    for name in ids:
        if name not in course.lessons:
            hint = meant(name, course.lessons)
            raise UsageError(f"there is no lesson {name!r} in the course", hint=hint)
    return course, ids


def _report(course: Course, proofs: list[Proof], quiet: bool) -> Iterator[str]:
    """A line for each finding, and a last one that counts them."""
    counts = Counter(one.kind for proof in proofs for one in proof.findings)
    for proof in proofs:
        for one in proof.findings:
            if one.kind == "note" and quiet:
                continue
            kind = "" if one.kind == "fault" else f"{one.kind}: "
            hint = f" ({one.error.hint})" if one.error.hint else ""
            place = where(course, one.error.place)
            yield f"{place}: {kind}{one.error.problem}{hint}"
    if quiet:
        return
    lessons = sum(1 for proof in proofs if proof.lesson)
    steps = sum(proof.steps for proof in proofs)
    told = [_counted(counts["fault"], "fault") if counts["fault"] else "no faults"]
    if counts["advice"]:
        told.append(f"{counts['advice']} of advice")
    if counts["note"]:
        told.append(_counted(counts["note"], "note"))
    yield f"{_counted(lessons, 'lesson')}, {_counted(steps, 'step')}: {', '.join(told)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def where(course: Course, place: str) -> str:
    """A place in a course as one can click on it: from the present folder."""
    if not isinstance(course.root, Path):  # inside a zip
        return place
    try:
        return os.path.relpath(course.root / place)
    except ValueError:  # on another drive of Windows
        return str(course.root / place)


def as_json(course: Course, proofs: list[Proof]) -> str:
    """What trying the lessons has shown, for programs."""
    import msgspec

    return msgspec.json.encode(
        [
            {
                "lesson": proof.lesson,
                "steps": proof.steps,
                "seconds": round(proof.seconds, 3),
                "findings": [
                    {
                        "kind": one.kind,
                        "place": where(course, one.error.place),
                        "problem": one.error.problem,
                        "hint": one.error.hint,
                    }
                    for one in proof.findings
                ],
            }
            for proof in proofs
        ]
    ).decode()
