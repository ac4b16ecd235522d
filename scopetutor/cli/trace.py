"""`scopetutor trace FILE`: how a program's variables come about, line by line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .showing import PLAIN


def command(
    file: Annotated[Path, typer.Argument(help="A Python program for TensorFlow 1.")],
    plain: PLAIN = False,
) -> None:
    r"""Step through a program: the scopes that are open, and what each line decides.

    Each line is shown as it runs, up to 2,000. Enter goes on, b goes back, a number
    goes there, q ends. Through a pipe, all of it is printed.

    \b
    Examples:
      scopetutor trace model.py
      scopetutor trace model.py --plain | less
    """
    from scopetutor.repl import movie, paint
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import Behind, make_prompt, make_workspace, read_config

    settings = read_config()
    screen = Screen(settings, plain=plain)
    with make_workspace(settings) as workspace:
        loop = Loop(workspace, screen, settings)
        if sys.stdin.isatty() and sys.stdout.isatty():
            behind = Behind(lambda: loop)
            loop.prompt = make_prompt(behind, settings, plain=screen.look.plain)
        try:
            movie.movie(loop, str(file))
        finally:
            paint.restore()
    raise typer.Exit(int(loop.failed))
