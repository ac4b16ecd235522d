"""Puts the parts of a prompt together and starts it, fastest things first.

The order matters. The prompt has been painted (`paint`); now prompt_toolkit is loaded,
which takes most of the time; when its prompt is on the screen, and no sooner, the
workspace process is started and Rich is loaded, both in the background.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import msgspec

from scopetutor import config
from scopetutor.errors import ScopetutorError, UsageError

from . import paint
from .screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scopetutor.config import Config
    from scopetutor.workspace.client import Workspace

    from .loop import Loop
    from .prompt import Prompt


class Wishes(msgspec.Struct, frozen=True):
    """What the command line asks for.

    Attributes:
        plain: lines rather than drawings.
        quiet: no greeting.
        code: to run instead of reading; None: read.
        files: to run first.
        journal: the file entries are kept in; None: none.
        restore: whether what the journal holds is run first.
        allow_files: folders in which entries may write.
        allow_network: whether entries may open sockets.
    """

    plain: bool = False
    quiet: bool = False
    code: str | None = None
    files: tuple[Path, ...] = ()
    journal: Path | None = None
    restore: bool = False
    allow_files: tuple[Path, ...] = ()
    allow_network: bool = False


NOTHING_SPECIAL = Wishes()


def start(wishes: Wishes = NOTHING_SPECIAL) -> int:
    """Start a prompt, or work off what comes through a pipe; the exit code."""
    settings = read_config()
    talking = wishes.code is None and sys.stdin.isatty()
    screen = Screen(settings, plain=wishes.plain, err=None if talking else sys.stderr)
    workspace = make_workspace(settings, wishes)
    try:
        if talking:
            return _talk(workspace, screen, settings, wishes)
        return _work_off(workspace, screen, settings, wishes)
    finally:
        workspace.close()
        paint.restore()


def read_config() -> Config:
    """The user's settings; what is wrong with them is said, and the defaults hold."""
    try:
        return config.load(config.path())
    except UsageError as error:
        sys.stderr.write(f"\r{error}\n")
        return config.Config()


def make_workspace(settings: Config, wishes: Wishes) -> Workspace:
    """A workspace that has not been started."""
    from scopetutor.workspace.client import Options, Workspace

    usual = Options()
    return Workspace(
        Options(
            time_limit=settings.seconds or usual.time_limit,
            memory_limit=settings.megabytes << 20 or usual.memory_limit,
            allow_files=wishes.allow_files,
            allow_network=wishes.allow_network,
            journal=wishes.journal,
        )
    )


def _work_off(
    workspace: Workspace, screen: Screen, settings: Config, wishes: Wishes
) -> int:
    from .loop import Loop
    from .pieces import pieces

    workspace.start()
    loop = Loop(workspace, screen, settings)
    run_files(loop, wishes.files)
    if wishes.code is not None:
        return loop.work_off([wishes.code])
    return loop.work_off(pieces(sys.stdin.read()))


def _talk(
    workspace: Workspace, screen: Screen, settings: Config, wishes: Wishes
) -> int:
    if not paint.painted:
        paint.paint("" if wishes.quiet else paint.GREETING)
    loop, prompt = _conversation(workspace, screen, settings)
    if wishes.files:
        paint.erase()
        run_files(loop, wishes.files)
    else:
        paint.erase()
    return loop.talk(prompt)


def _conversation(
    workspace: Workspace, screen: Screen, settings: Config
) -> tuple[Loop, Prompt]:
    """The loop and the prompt it reads from."""
    from .commands import BY_NAME
    from .completer import LiveCompleter
    from .loop import Loop
    from .prompt import Prompt, State

    loop = Loop(workspace, screen, settings)
    completer = LiveCompleter(workspace.complete, BY_NAME, loop.offered)
    prompt = Prompt(
        settings,
        State(workspace.snapshot),
        completer,
        history=_history_file(settings),
        started=lambda: _warm_up(workspace),
    )
    return loop, prompt


def _warm_up(workspace: Workspace) -> None:
    """Start the process, and load what the first answer needs, behind the prompt."""

    def load() -> None:
        try:
            workspace.start()
        except ScopetutorError:
            return  # the first entry will say what is wrong
        import scopetutor.render.change
        import scopetutor.render.error  # noqa: F401

    threading.Thread(target=load, daemon=True).start()


def run_files(loop: Loop, files: Iterable[Path]) -> None:
    """Run files in the workspace, one after the other.

    Raises:
        UsageError: if one cannot be read.
    """
    for file in files:
        loop.run_file(file)


def _history_file(settings: Config) -> Path | None:
    """Where earlier entries are kept; None if they are not to be, or cannot."""
    if not settings.history:
        return None
    from .history import history_file

    return history_file(settings.history)
