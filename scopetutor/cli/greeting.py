"""`scopetutor` alone: what it is, where one was, and the one thing to do next.

Answered by `front` without Typer, Rich or the engine.
"""

from __future__ import annotations

import sys

from .glance import due, has_session, where

TYPE_CHECKING = False  # typing's own would be loaded sooner than needed
if TYPE_CHECKING:
    from .glance import Lesson


def greet(width: int, bold: bool) -> int:
    """Say it; the exit code."""
    sys.stdout.write(greeting(where(), has_session(), width, bold, due()))
    return 0


def greeting(
    place: tuple[Lesson | None, int, int],
    session: bool,
    width: int,
    bold: bool,
    missed: int = 0,
) -> str:
    """The text.

    Args:
        place: the lesson one is in, its number, and how many there are.
        session: whether there is one of the prompt that can be gone on with.
        width: of the screen.
        bold: whether it can show bold text.
        missed: how many ideas are due for review.
    """
    from .front import INTRODUCTION, wrapped

    def strong(text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if bold else text

    here, number, count = place
    lines = [*wrapped(INTRODUCTION, width), ""]
    if here is not None:
        lines += [*wrapped(_place(here, f"lesson {number} of {count}"), width), ""]
    first = "go on" if here else "the first lesson: 12 minutes"
    rows = [("scopetutor learn", first)]
    if missed:
        ideas = "an idea you missed" if missed == 1 else f"{missed} ideas you missed"
        rows.append(("scopetutor review", f"{ideas}, once more"))
    rows.append(("scopetutor repl", "a prompt to try things at"))
    if session:
        rows.append(("scopetutor repl --resume", "go on with your last session"))
    rows += [("scopetutor list", "all lessons"), ("scopetutor --help", "all commands")]
    column = max(len(command) for command, _ in rows)
    for row, (command, told) in enumerate(rows):
        room = " " * (column - len(command))
        said, *more = wrapped(told, max(width - column - 5, 10))
        lines.append(f"  {strong(command) if row == 0 else command}{room}   {said}")
        lines += [" " * (column + 5) + line for line in more]
    return "\n".join(lines) + "\n"


def _place(here: Lesson, which: str) -> str:
    if here.finished:
        return f"You have finished “{here.title}” ({which})."
    done = f", step {here.done + 1} of {here.steps}" if here.done else ""
    return f"You are in “{here.title}” ({which}{done})."
