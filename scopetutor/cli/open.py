"""`scopetutor open`: what somebody shared, run again in the strict box.

`:share` at the prompt made the token (`workspace.token`). Nothing of it is trusted: the
entries run where they reach no file and no network, and none is taken for a `:command`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .showing import PLAIN

if TYPE_CHECKING:
    from scopetutor.config import Config
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.screen import Screen
    from scopetutor.workspace.token import Shared

LARGEST = 4 << 20  # characters of a file
SECONDS = 20.0  # that each entry may take


def command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="TOKEN|FILE",
            help="What :share printed, a file with it, or a Python file; - reads it.",
        ),
    ],
    source: Annotated[
        bool, typer.Option("--source", help="Only print the source; run nothing.")
    ] = False,
    plain: PLAIN = False,
) -> None:
    r"""Run what somebody shared, in a strict box, and go on from there.

    The entries run one after the other where they can read and write no file of yours,
    reach no network and start no program. Then you have a prompt, with undo to before
    each of them. Through a pipe it ends, with exit code 1 if an entry raised an error.

    \b
    Examples:
      scopetutor open sct1-eNqrVkrNKykq…
      scopetutor open model.py
      scopetutor open --source sct1-eNqrVkrNKykq…
    """
    raise typer.Exit(open_shared(what, source=source, plain=plain))


def open_shared(what: str, *, source: bool = False, plain: bool = False) -> int:
    """Replay a token or a file; the exit code."""
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import read_config

    shared = read(what)
    if source:
        _print_source(shared)
        return 0
    settings = read_config()
    talking = sys.stdin.isatty() and what != "-"
    screen = Screen(settings, plain=plain, err=None if talking else sys.stderr)
    return _replay(shared, screen, settings, talking=talking)


def read(what: str) -> Shared:
    """What a token holds, or a file with a token or with Python in it.

    Raises:
        TokenError: it is none of these.
        UsageError: the file cannot be read.
    """
    from scopetutor.errors import UsageError
    from scopetutor.workspace.token import opened

    if what != "-" and (what.startswith("sct") or not what.strip()):
        return opened(what)
    if what == "-":
        return _of_text(sys.stdin.read(LARGEST))
    try:
        with Path(what).open(encoding="utf-8-sig") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise UsageError(f"{what} is too large to be a shared session")
        return _of_text(text)
    except FileNotFoundError:
        hint = "a token begins with sct1-"
        raise UsageError(f"there is no file {what[:80]!r}", hint=hint) from None
    except UnicodeDecodeError:
        raise UsageError(f"{what[:80]} is not text in UTF-8") from None
    except OSError as error:
        problem = f"{what[:80]} cannot be read: {error.strerror or error}"
        raise UsageError(problem) from None


def _of_text(text: str) -> Shared:
    from scopetutor.errors import UsageError
    from scopetutor.repl.pieces import pieces
    from scopetutor.workspace.token import Shared, opened

    if not text.strip():
        raise UsageError("there is nothing in it to run", hint="scopetutor repl")
    if text.strip().startswith("sct") and "\n" not in text.strip():
        return opened(text)
    return Shared(0, tuple(pieces(text)))


def _print_source(shared: Shared) -> None:
    """Print the entries; a terminal is told of control characters, not given them."""
    from scopetutor.workspace.protocol import visible

    text = "\n\n".join(shared.entries) + "\n"
    sys.stdout.write(visible(text) if sys.stdout.isatty() else text)


def _replay(shared: Shared, screen: Screen, settings: Config, *, talking: bool) -> int:
    from scopetutor.repl import paint
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.start import Behind, make_prompt
    from scopetutor.workspace.client import Options, Workspace

    options = Options(strict=True, entropy=shared.entropy, time_limit=SECONDS)
    with Workspace(options) as workspace:
        loop = Loop(workspace, screen, settings)
        _run_all(loop, shared)
        if not talking:
            return 1 if loop.failed else 0
        try:
            prompt = make_prompt(
                Behind(lambda: loop), settings, plain=screen.look.plain
            )
            return loop.talk(prompt)
        finally:
            paint.restore()


def _run_all(loop: Loop, shared: Shared) -> None:
    """Runs the entries, each shown as if it had been typed; none is a command."""
    from scopetutor.repl.commands import Leave

    for text in shared.entries:
        first, *more = text.split("\n")
        loop.screen.fresh_line()
        echoed = [f"tf> {first}", *(f"... {line}" for line in more)]
        loop.screen.write("\n".join(echoed) + "\n")
        try:
            loop.guarded(lambda text=text: loop.run(text))  # type: ignore[misc]
        except Leave:
            loop.say("The entry asks to leave; the rest was not run.")
            return
