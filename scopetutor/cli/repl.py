"""`scopetutor repl`: a prompt, or the entries that come through a pipe.

After `front` and `app`. It reads the wishes from the command line and hands them to
`repl.start`; `--list` alone is answered here, from the journals that workspaces keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator  # Typer evaluates annotations
from pathlib import Path
from typing import Annotated

import typer

from scopetutor.repl.start import Wishes, start

from .showing import PLAIN

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(text: str) -> int:
    """A number of bytes as people write it: 512M, 2G, 1.5 GB.

    Raises:
        BadParameter: it is none.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no size; try 512M or 2G")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def _names(incomplete: str) -> Iterator[str]:
    """The sessions there are, for the shell's Tab key."""
    from scopetutor.workspace import journals

    for one in journals.kept():
        if one.name.startswith(incomplete):
            yield one.name


def _list(*, json: bool, plain: bool) -> None:
    """Print the sessions that can be resumed, the newest first."""
    from scopetutor.render.sessions import sessions
    from scopetutor.workspace import journals

    from .showing import show, show_json

    kept = journals.kept()
    if json:
        show_json([one._asdict() | {"path": str(one.path)} for one in kept])
        return
    rows = [(k.name, k.at, k.entries, k.last) for k in kept]
    show(lambda look: sessions(rows, look), plain=plain)


FILES = Annotated[
    list[Path] | None,
    typer.Option("--input", "-i", help="Run this file first; may be given again."),
]
CODE = Annotated[
    str | None, typer.Option("--code", "-c", help="Run this instead of reading.")
]
QUIET = Annotated[bool, typer.Option("--quiet", "-q", help="No greeting.")]
FOLDERS = Annotated[
    list[Path] | None,
    typer.Option(
        help="Let entries write in this folder; may be given again.",
        exists=True,
        file_okay=False,
    ),
]
NETWORK = Annotated[
    bool, typer.Option("--allow-network", help="Let entries open sockets.")
]
SECONDS = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS", min=0, help="How long an entry may take; 0: any time."
    ),
]
SIZE = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE", help="Memory an entry may take, such as 512M; 0: any."
    ),
]
RESUME = Annotated[
    bool, typer.Option("--resume", "-r", help="Go on with an earlier session.")
]
NAME = Annotated[
    str,
    typer.Argument(
        metavar="[NAME]",
        help="With --resume: which one; nothing: the last.",
        autocompletion=_names,
        show_default=False,
    ),
]
LIST = Annotated[
    bool, typer.Option("--list", "-l", help="List earlier sessions, and end.")
]
REPORTS = Annotated[
    bool, typer.Option("--json", help="Print a line of JSON for each entry.")
]


def command(
    file: FILES = None,
    code: CODE = None,
    plain: PLAIN = False,
    quiet: QUIET = False,
    allow_files: FOLDERS = None,
    allow_network: NETWORK = False,
    time_limit: SECONDS = None,
    memory_limit: SIZE = None,
    resume: RESUME = False,
    name: NAME = "",
    json: REPORTS = False,
    listed: LIST = False,
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
      scopetutor repl --json < model.py
      scopetutor repl --resume
      scopetutor repl --list --json
      scopetutor repl --time-limit 10 --memory-limit 512M --allow-files out

    Through a pipe, each statement is an entry, results are plain lines, and the exit
    code is 1 if an entry raised an error.
    """
    if listed:
        _list(json=json, plain=plain)
        raise typer.Exit(0)
    if name and not resume:
        raise typer.BadParameter(f"{name}: to run a file, say -i {name}")
    wishes = Wishes(
        plain=plain,
        quiet=quiet,
        code=code,
        files=tuple(file or ()),
        allow_files=tuple(allow_files or ()),
        allow_network=allow_network,
        time_limit=time_limit,
        memory_limit=None if memory_limit is None else size(memory_limit),
        resume=name if resume else None,
        json=json,
    )
    raise typer.Exit(start(wishes))
