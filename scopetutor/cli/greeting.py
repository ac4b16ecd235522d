"""`scopetutor` alone: what it is, where one was, and the one thing to do next.

Answered by `front` without Typer, Rich or the engine.
"""

from __future__ import annotations

import sys
from typing import NamedTuple


class Past(NamedTuple):
    """What somebody has done here before.

    Attributes:
        lesson: the title of the lesson they are in; "" for none.
        passed: how many steps they have passed.
        session: whether there is one of the prompt that can be gone on with.
    """

    lesson: str = ""
    passed: int = 0
    session: bool = False


def greet(width: int, bold: bool) -> int:
    """Say it; the exit code."""
    sys.stdout.write(greeting(_past(), width, bold))
    return 0


def greeting(past: Past, width: int, bold: bool) -> str:
    """The text.

    Args:
        past: what has been done.
        width: of the screen.
        bold: whether it can show bold text.
    """
    from .front import INTRODUCTION, wrapped

    def strong(text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if bold else text

    lines = [*wrapped(INTRODUCTION, width), ""]
    if past.lesson:
        done = f", {past.passed} steps done" if past.passed > 1 else ""
        lines += wrapped(f"You are in the lesson “{past.lesson}”{done}.", width)
        first = ("scopetutor learn", "go on")
    else:
        first = ("scopetutor learn", "the first lesson: 12 minutes")
    second = ("scopetutor repl", "a prompt to try things at")
    lines += [f"  {strong(first[0])}   {first[1]}", f"  {second[0]}    {second[1]}"]
    if past.session:
        lines.append("  scopetutor repl --resume   go on with your last session")
    lines.append("  scopetutor --help   all commands")
    return "\n".join(lines) + "\n"


def _past() -> Past:
    """What is on record; nothing that is wrong with a record matters here."""
    from scopetutor.errors import ScopetutorError

    try:
        lesson, passed = _lessons()
        return Past(lesson, passed, _session())
    except (ScopetutorError, OSError):
        return Past()


def _lessons() -> tuple[str, int]:
    from scopetutor.progress import Progress, default_path

    if not default_path().exists():
        return "", 0
    from scopetutor.course.shelf import own_course

    course = own_course()
    with Progress(default_path()) as progress:
        place = progress.place(course.id)
        records = progress.records(course.id)
    if place is None or place.lesson not in course.heads:
        return "", 0
    passed = sum(record.passed for record in records.values())
    return course.heads[place.lesson].title, passed


def _session() -> bool:
    from scopetutor.errors import UsageError
    from scopetutor.workspace import journal

    try:
        return bool(journal.named(""))
    except UsageError:
        return False
