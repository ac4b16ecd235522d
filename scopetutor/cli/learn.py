"""`scopetutor learn`: the lessons, from where one stopped.

It opens the course and the record; `talking` starts the prompt, and `repl.learn` is the
conversation. `scopetutor` alone names this command as the one thing to do next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from scopetutor.errors import UsageError

from .courses import COURSE, LANGUAGE, learned, steps_offered
from .showing import PLAIN
from .talking import talk

if TYPE_CHECKING:
    from scopetutor.tutor import Here, Tutor


def command(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[LESSON[/STEP]]",
            help="Where to begin: a lesson's id or number; nothing: where you stopped.",
            autocompletion=steps_offered,
            show_default=False,
        ),
    ] = "",
    course: COURSE = None,
    language: LANGUAGE = None,
    plain: PLAIN = False,
) -> None:
    r"""Go on with the lessons, or start them.

    You predict, write and mend small programs; the engine says what is true. Enter goes
    on, `hint` helps, `skip` always works, and `help` lists all commands. What you have
    done is kept; nothing you type can spoil anything.

    \b
    Examples:
      scopetutor learn
      scopetutor learn reuse
      scopetutor learn reuse/its-name
      scopetutor learn --course ./my-course --language zh
    """
    raise typer.Exit(learn(target, course=course, language=language, plain=plain))


def learn(
    target: str = "",
    *,
    course: str | None = None,
    language: str | None = None,
    plain: bool = False,
) -> int:
    """Start the lessons; the exit code."""
    from scopetutor.repl.learn import LessonLoop
    from scopetutor.tutor import Tutor

    with learned(course, language, goes_on=True) as (found, progress):
        return talk(
            lambda workspace: Tutor(found, progress, workspace),
            LessonLoop,
            begin=lambda tutor: _gone_to(tutor, target) if target else tutor.resume(),
            strict=course is not None,
            plain=plain,
        )


def _gone_to(tutor: Tutor, target: str) -> Here:
    """The step that was asked for.

    Raises:
        UsageError: there is none.
    """
    try:
        return tutor.goto(target)
    except UsageError as error:  # `:list` is for the prompt
        error.hint = error.hint.replace(":list", "scopetutor list")
        raise
