"""`scopetutor learn`: the lessons, from where one stopped."""

from __future__ import annotations

from collections.abc import Iterator  # Typer evaluates annotations
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import COURSE, LANGUAGE, PLAIN, open_or_own

if TYPE_CHECKING:
    from scopetutor.repl.loop import Loop


def _targets(incomplete: str) -> Iterator[tuple[str, str]]:
    """The lessons, for the shell's Tab key."""
    from scopetutor.course.shelf import own_course

    for name, head in own_course().heads.items():
        if name.startswith(incomplete):
            yield name, head.title


def command(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[LESSON[/STEP]]",
            help="Where to begin: a lesson's id or number; nothing: where you stopped.",
            autocompletion=_targets,
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
    from scopetutor import language as languages
    from scopetutor.progress import Progress, default_path
    from scopetutor.repl import paint
    from scopetutor.repl.learn import LessonLoop
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import Behind, make_prompt, make_workspace, read_config
    from scopetutor.tutor import Tutor

    languages.use(languages.preferred() if language is None else language)
    settings = read_config()
    workspace = make_workspace(settings)
    try:
        workspace.start()
        screen = Screen(settings, plain=plain)
        with Progress(default_path()) as progress:
            tutor = Tutor(open_or_own(course, languages.current()), progress, workspace)
            loop = LessonLoop(tutor, screen, settings, _sandbox)
            loop.begin(tutor.goto(target) if target else tutor.resume())
            prompt = make_prompt(
                Behind(lambda: loop), settings, plain=screen.look.plain
            )
            return loop.talk(prompt)
    finally:
        workspace.close()
        paint.restore()


def _sandbox(lesson: Loop) -> None:
    """A prompt on a workspace of its own, until its user leaves."""
    from scopetutor.repl.learn import LessonLoop
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.start import Behind, make_prompt

    assert isinstance(lesson, LessonLoop)
    workspace = lesson.tutor.sandbox()
    try:
        inner = Loop(workspace, lesson.screen, lesson.config)
        plain = lesson.screen.look.plain
        inner.talk(make_prompt(Behind(lambda: inner), lesson.config, plain=plain))
    finally:
        workspace.close()
