"""`scopetutor trace FILE`: how a program's variables come about, line by line.

`repl.movie` runs the program in a workspace and makes a frame of each line; `:movie`
does so for what was typed at the prompt.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .showing import JSON, PLAIN, show_json

if TYPE_CHECKING:
    from scopetutor.render.movie import Frame


def command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A Python program for TensorFlow 1.")
    ],
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Step through a program: the scopes that are open, and what each line decides.

    Each line is shown as it runs, up to 2,000. Enter goes on, b goes back, a number
    goes there, q ends. Through a pipe, all of it is printed.

    \b
    Examples:
      scopetutor trace model.py
      scopetutor trace model.py --plain | less
      scopetutor trace model.py --json

    `scopetutor help json` describes the JSON.
    """
    from contextlib import closing

    from scopetutor.repl import movie, paint
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import Behind, make_prompt, make_workspace, read_config

    settings = read_config()
    screen = Screen(settings, plain=plain)
    with closing(make_workspace(settings)) as workspace:  # the movie has its own
        loop = Loop(workspace, screen, settings)
        if json:
            show_json([_told(one) for one in movie.frames_of(loop, file)])
            raise typer.Exit(int(loop.failed))
        if sys.stdin.isatty() and sys.stdout.isatty():
            behind = Behind(lambda: loop)
            loop.prompt = make_prompt(behind, settings, plain=screen.look.plain)
        try:
            movie.movie(loop, str(file))
        finally:
            paint.restore()
    raise typer.Exit(int(loop.failed))


def _told(one: Frame) -> dict[str, object]:
    """A line as it ran, for programs."""
    return {
        "file": one.site.file,
        "line": one.site.line,
        "text": one.site.text,
        "open": [{"scope": flag.scope, "reuse": flag.reuse} for flag in one.scopes],
        "says": one.says,
    }
