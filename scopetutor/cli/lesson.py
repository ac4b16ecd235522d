"""`scopetutor lesson`: for those who write lessons.

`course.proof`, `course.trials` and `course.mutants` find out what is wrong; here it
becomes lines with file and line, an exit code for CI, JSON or JUnit.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import lessons_offered
from .showing import JSON, PLAIN
from .ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scopetutor.course.proof import Proof
    from scopetutor.course.shelf import Course
    from scopetutor.course.trials import Trial

group = typer.Typer(
    help="Write lessons, and prove them right before anyone sees them.",
    no_args_is_help=True,
)

LESSONS = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LESSON]...",
        help="Ids or files of lessons; nothing: the whole course.",
        autocompletion=lessons_offered,
        show_default=False,
    ),
]
COURSE = Annotated[
    Path | None,
    typer.Option(help="The folder or zip of a course; default: where the files are."),
]
JOBS = Annotated[int, typer.Option(min=1, help="How many are tried at a time.")]


@group.command(short_help="Try every promise; one line for each fault")
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
        _print_json(_as_values(found, proofs))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _report(found, proofs, quiet))
    kinds = ("fault", "advice") if strict else ("fault",)
    failed = any(one.kind in kinds for proof in proofs for one in proof.findings)
    raise typer.Exit(1 if failed else 0)


@group.command("test", short_help="List what lessons accept and refuse")
def try_answers(
    lessons: LESSONS = None,
    course: COURSE = None,
    jobs: JOBS = 2,
    json: JSON = False,
    junit: Annotated[
        Path | None, typer.Option(help="Write a report for CI services to this file.")
    ] = None,
) -> None:
    r"""List what lessons accept and refuse, answer by answer.

    Each solution, the starter, nothing at all and each wrong answer is judged as a
    learner's would be. The exit code is 1 if one is judged otherwise than it must be.

    \b
    Examples:
      scopetutor lesson test reuse
      scopetutor lesson test --junit report.xml
    """
    from scopetutor.course.proof import for_each
    from scopetutor.course.trials import trials_of

    found, chosen = course_of(lessons or [], course)
    with Ticker(len(chosen or found.lessons), quiet=json) as ticker:
        trials = for_each(
            found,
            chosen,
            lambda lesson, workspace: list(trials_of(lesson, workspace)),
            jobs=jobs,
            on_done=ticker.tick,
        )
    if junit is not None:
        from .junit import junit as report

        write_file(junit, report(trials))
    if json:
        _print_json(
            {
                lesson: [_placed(found, lesson, one, one.line) for one in tried]
                for lesson, tried in trials.items()
            }
        )
    else:
        sys.stdout.writelines(f"{line}\n" for line in _matrix(found, trials))
    failed = any(one.problem for tried in trials.values() for one in tried)
    raise typer.Exit(1 if failed else 0)


def _matrix(course: Course, trials: Mapping[str, Sequence[Trial]]) -> Iterator[str]:
    every = [one for tried in trials.values() for one in tried]
    for lesson, tried in trials.items():
        for one in tried:
            place = where(course, f"{lesson}.md:{one.line}")
            wanted = "accepted" if one.accepted else "refused"
            told = f"NO, {one.problem}" if one.problem else wanted
            yield f"{place}: {one.step}, {one.what}: {told}"
    failed = sum(bool(one.problem) for one in every)
    yield f"{_counted(len(every), 'answer')}: {failed or 'none'} judged wrongly"


@group.command(short_help="Break solutions: do the checks notice?")
def mutate(
    lessons: LESSONS = None,
    course: COURSE = None,
    least: Annotated[
        float, typer.Option(min=0, max=100, help="The share that must be caught, in %.")
    ] = 95.0,
    jobs: JOBS = 2,
    json: JSON = False,
) -> None:
    r"""Break the solutions in small ways; the checks must notice.

    `reuse` left out, a scope misspelt, another shape, tf.Variable in the place of
    tf.get_variable: each such mutant should be refused. Those that pass are listed. A
    mutant that does the very same as the solution is no mistake and does not count. The
    exit code is 1 if too few are caught.

    \b
    Examples:
      scopetutor lesson mutate
      scopetutor lesson mutate lessons/reuse.md --least 100
    """
    from scopetutor.course.mutants import mutants_of
    from scopetutor.course.proof import for_each

    found, chosen = course_of(lessons or [], course)
    with Ticker(len(chosen or found.lessons), quiet=json) as ticker:
        mutants = for_each(found, chosen, mutants_of, jobs=jobs, on_done=ticker.tick)
    every = [one for made in mutants.values() for one in made]
    caught = sum(one.fate == "caught" for one in every)
    survivors = sum(one.fate == "survives" for one in every)
    share = 100.0 * caught / max(caught + survivors, 1)
    if json:
        _print_json(
            {
                lesson: [_placed(found, lesson, one, one.line) for one in made]
                for lesson, made in mutants.items()
            }
        )
    else:
        for lesson, made in mutants.items():
            for one in made:
                if one.fate == "survives":
                    place = where(found, f"{lesson}.md:{one.line}")
                    sys.stdout.write(f"{place}: {one.step}: survives: {one.what}\n")
        same = len(every) - caught - survivors
        counted = _counted(caught + survivors, "mutant")
        survive = "survives" if survivors == 1 else "survive"
        sys.stdout.write(
            f"{counted}, {caught} caught ({share:.1f} %), {survivors or 'none'} "
            f"{survive}; {same} more do the same as the solution\n"
        )
    raise typer.Exit(1 if caught + survivors and share < least else 0)


@group.command(short_help="Begin a lesson that is right as it stands")
def new(
    lesson: Annotated[str, typer.Argument(help="Its id, such as share-weights.")],
    title: Annotated[str, typer.Option(help="Its title; default: from the id.")] = "",
    course: Annotated[
        Path, typer.Option(help="The folder of the course; default: this one.")
    ] = Path(),
) -> None:
    r"""Begin a lesson: a file that is right as it stands, with each kind of block.

    It is listed in the course.toml beside it, which is made if there is none.

    \b
    Examples:
      scopetutor lesson new share-weights
      scopetutor lesson new share-weights --course my-course --title "Shared weights"
    """
    from scopetutor.course.blank import write_lesson

    file, listed = write_lesson(course, lesson, title)
    sys.stdout.write(f"Made {file}.\n")
    if not listed:
        sys.stdout.write(
            f"Add {lesson!r} to a part in {file.parent / 'course.toml'}.\n"
        )
    sys.stdout.write(f"  try  scopetutor lesson check {file}\n")


@group.command("release", short_help="Write down the ids of all steps")
def release_ids(course: COURSE = None) -> None:
    r"""Write down the ids of all steps; from then on `check` misses those that go.

    Progress is kept by these ids. The file is released.txt, beside course.toml.
    """
    from scopetutor.course.released import RELEASED_FILE, release

    found, _ = course_of([], course)
    count = release(found)
    place = where(found, RELEASED_FILE)
    sys.stdout.write(f"{_counted(count, 'step')} in {place}.\n")


@group.command(short_help="Show a lesson as a learner will see it")
def preview(
    lesson: Annotated[
        str,
        typer.Argument(help="A lesson's id or file.", autocompletion=lessons_offered),
    ],
    step: Annotated[str, typer.Argument(help="One step only; default: all.")] = "",
    course: COURSE = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="With hints and solutions.")
    ] = False,
    language: Annotated[str, typer.Option(help="Of the prose, such as zh.")] = "",
    plain: PLAIN = False,
) -> None:
    r"""Show a lesson as a learner will see it, from the first step to the last.

    \b
    Examples:
      scopetutor lesson preview lessons/reuse.md
      scopetutor lesson preview reuse share-w --answers
    """
    from scopetutor import language as languages
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import make_workspace, read_config

    from .previewing import pages

    found, chosen = course_of([lesson], course)
    if language:
        from scopetutor.course.shelf import Course

        languages.use(language)
        found = Course(found.root, language)
    settings = read_config()
    screen = Screen(settings, plain=plain)
    with make_workspace(settings) as workspace:
        for drawn in pages(
            found, chosen[0], step, workspace, screen.look, answers=answers
        ):
            screen.show(drawn)


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
            problem = f"there is no lesson {name!r} in the course"
            file = f"{name}.md"
            said = f"there is a file {file}" if Path(file).is_file() else ""
            raise UsageError(f"{problem}; {said or meant(name, course.lessons)}")
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


def write_file(file: Path, text: str) -> None:
    """Writes a report.

    Raises:
        UsageError: the file cannot be written.
    """
    from scopetutor.errors import UsageError

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise UsageError(problem, place=str(file)) from None


def _placed(course: Course, lesson: str, value: object, line: int) -> dict[str, object]:
    """A value's fields, with where it stands."""
    import msgspec

    fields: dict[str, object] = msgspec.to_builtins(value)
    del fields["line"]
    return {"place": where(course, f"{lesson}.md:{line}"), **fields}


def _print_json(value: object) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


def _as_values(course: Course, proofs: list[Proof]) -> list[dict[str, object]]:
    """What trying the lessons has shown, for programs."""
    return [
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
