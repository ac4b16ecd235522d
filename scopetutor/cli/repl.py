"""`scopetutor repl`: a prompt, or the entries that come through a pipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scopetutor.repl.start import Wishes, start


def command(
    file: Annotated[
        list[Path] | None,
        typer.Option("--input", "-i", help="Run this file first; may be given again."),
    ] = None,
    code: Annotated[
        str | None, typer.Option("--code", "-c", help="Run this instead of reading.")
    ] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Lines instead of drawings, no colours.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No greeting.")] = False,
    allow_files: Annotated[
        list[Path] | None,
        typer.Option(help="Let entries write in this folder; may be given again."),
    ] = None,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Let entries open sockets.")
    ] = False,
) -> None:
    r"""Try TensorFlow 1.15 at a prompt, with undo and pictures.

    Type Python. `import tensorflow as tf` works on any Python from 3.11 on: the engine
    is scopetutor's own, and does what TensorFlow 1.15.5 does. After each entry you see
    what it made, reused or changed. :help lists the commands of the prompt.

    \b
    Examples:
      scopetutor repl
      scopetutor repl -i model.py
      scopetutor repl -c 'import tensorflow as tf; tf.get_variable("w", [2])'
      echo 'print(1 + 1)' | scopetutor repl

    Through a pipe, each statement is an entry, results are plain lines, and the exit
    code is 1 if an entry raised an error.
    """
    wishes = Wishes(
        plain=plain,
        quiet=quiet,
        code=code,
        files=tuple(file or ()),
        allow_files=tuple(allow_files or ()),
        allow_network=allow_network,
    )
    raise typer.Exit(start(wishes))
