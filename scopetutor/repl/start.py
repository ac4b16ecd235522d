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
    from pathlib import Path

    from scopetutor.config import Config
    from scopetutor.workspace.client import Workspace

    from .loop import Loop
    from .plain_prompt import PlainPrompt
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


def make_workspace(settings: Config, wishes: Wishes = NOTHING_SPECIAL) -> Workspace:
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
    for file in wishes.files:
        loop.run_file(file)
    if wishes.code is not None:
        return loop.work_off([wishes.code])
    return loop.work_off(pieces(sys.stdin.read()))


def _talk(
    workspace: Workspace, screen: Screen, settings: Config, wishes: Wishes
) -> int:
    if not paint.painted and not screen.look.plain:
        paint.paint("" if wishes.quiet else paint.GREETING)
    from .loop import Loop

    loop = Loop(workspace, screen, settings)
    prompt = make_prompt(loop)
    if paint.painted:
        paint.erase()
    elif not wishes.quiet:
        screen.write(paint.GREETING)
    for file in wishes.files:
        loop.run_file(file)
    return loop.talk(prompt)


def make_prompt(loop: Loop) -> Prompt | PlainPrompt:
    """The prompt a loop reads from: one that draws, or one that only prints."""
    from .state import State

    workspace, settings = loop.workspace, loop.config
    state = State(workspace.snapshot)
    if loop.screen.look.plain:
        from .plain_prompt import PlainPrompt

        warm_up(workspace)
        return PlainPrompt(state, None if sys.stdin.isatty() else sys.stdin)
    from .completer import LiveCompleter
    from .history import history_file
    from .prompt import Prompt

    return Prompt(
        settings,
        state,
        LiveCompleter(workspace.complete, loop.table.by_name, loop.offered),
        history=history_file(settings.history) if settings.history else None,
        started=lambda: warm_up(workspace),
    )


def warm_up(workspace: Workspace) -> None:
    """Start the process, and load what the first answer needs, in the background."""

    def load() -> None:
        try:
            workspace.start()
        except ScopetutorError:
            return  # the first entry will say what is wrong
        import scopetutor.render.change
        import scopetutor.render.error  # noqa: F401

    threading.Thread(target=load, daemon=True).start()
