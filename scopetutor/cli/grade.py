"""`scopetutor grade`: the answers of a class, judged again.

The files come from `scopetutor submit`. `grades` runs every answer again in a
workspace; here the result becomes a table, CSV or JSON.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import COURSE
from .showing import JSON
from .ticker import Ticker

if TYPE_CHECKING:
    from scopetutor.grades import Grade


def command(
    folder: Annotated[
        Path, typer.Argument(help="With the files that `scopetutor submit` wrote.")
    ],
    course: COURSE = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    json: JSON = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="How many are judged at a time.")
    ] = 2,
) -> None:
    r"""Judge the answers of a class; every file gets a line.

    Each answer is run again in the strict box: no files, no network, five seconds. What
    a file says about itself does not count. The exit code is 1 if a file cannot be
    judged.

    \b
    Examples:
      scopetutor grade handed-in/
      scopetutor grade handed-in/ --csv > grades.csv
    """
    from scopetutor.errors import UsageError
    from scopetutor.grades import grade

    from .courses import open_or_own

    if csv and json:
        raise UsageError("--csv or --json, not both")
    if not folder.is_dir():
        raise UsageError("there is no such folder", place=str(folder))
    files = sorted(file for file in folder.iterdir() if file.suffix == ".json")
    if not files:
        hint = "they are called NAME.answers.json"
        raise UsageError("there is no file of answers", place=str(folder), hint=hint)
    with Ticker(len(files), quiet=csv or json) as ticker:
        grades = grade(
            open_or_own(course),
            files,
            jobs=jobs,
            on_done=lambda one: ticker.tick(one.file),
        )
    if json:
        _print_json(grades)
    elif csv:
        _print_csv(grades)
    else:
        _print_table(grades)
    raise typer.Exit(1 if any(one.problem for one in grades) else 0)


def _print_table(grades: list[Grade]) -> None:
    from scopetutor.render.visible import one_line

    width = max(len(one_line(one.name or one.file)[:40]) for one in grades)
    for one in grades:
        name = one_line(one.name or one.file)[:40].ljust(width)
        score = f"{len(one.passed):4} of {one.steps}  {one.percent:5.1f} %"
        problem = f"  {one_line(one.file)}: {one_line(one.problem)}"
        sys.stdout.write(f"{name} {score}{problem if one.problem else ''}\n")
    wrong = sum(bool(one.problem) for one in grades)
    told = f", {wrong} with problems" if wrong else ""
    count = "1 file" if len(grades) == 1 else f"{len(grades)} files"
    sys.stdout.write(f"{count}{told}\n")


def _print_csv(grades: list[Grade]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("file", "name", "passed", "steps", "percent", "problem"))
    for one in grades:
        row = (one.file, one.name, len(one.passed), one.steps, f"{one.percent:.1f}")
        writer.writerow(_harmless(str(cell)) for cell in (*row, one.problem))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _print_json(grades: list[Grade]) -> None:
    import msgspec

    values = [{**msgspec.to_builtins(one), "percent": one.percent} for one in grades]
    sys.stdout.write(msgspec.json.encode(values).decode() + "\n")
