"""Puts the parts of a prompt together and starts it, fastest things first.

The order matters. The prompt has been painted (`paint`); now prompt_toolkit is loaded,
which takes most of the time; when its prompt is on the screen, and no sooner, the rest
(the workspace process, Rich, the drawings) is loaded behind it.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, NamedTuple

from scopetutor import config
from scopetutor.errors import UsageError

from . import paint
from .screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scopetutor.config import Config
    from scopetutor.workspace.client import Workspace

    from .loop import Loop
    from .plain_prompt import PlainPrompt
    from .prompt import Prompt


class Wishes(NamedTuple):
    """What the command line asks for.

    Attributes:
        plain: lines rather than drawings.
        quiet: no greeting.
        code: to run instead of reading; None: read.
        files: to run first.
        allow_files: folders in which entries may write.
        allow_network: whether entries may open sockets.
        time_limit: seconds an entry may take, 0: any number; None: as set, or usual.
        memory_limit: bytes an entry may take, 0: any number; None: as set, or usual.
        resume: the name of the workspace to go on with, "": the last one; None: a new
            one.
        json: reports for programs instead of drawings.
    """

    plain: bool = False
    quiet: bool = False
    code: str | None = None
    files: tuple[Path, ...] = ()
    allow_files: tuple[Path, ...] = ()
    allow_network: bool = False
    time_limit: float | None = None
    memory_limit: int | None = None
    resume: str | None = None
    json: bool = False


NOTHING_SPECIAL = Wishes()


def start(wishes: Wishes = NOTHING_SPECIAL) -> int:
    """Start a prompt, or work off what comes through a pipe; the exit code."""
    settings = read_config()
    talking = wishes.code is None and not wishes.json and sys.stdin.isatty()
    screen = Screen(
        settings,
        plain=wishes.plain,
        out=sys.stderr if wishes.json else None,
        err=None if talking else sys.stderr,
    )
    try:
        if talking:
            return _talk(screen, settings, wishes)
        return _work_off(screen, settings, wishes)
    finally:
        paint.restore()


def read_config() -> Config:
    """The user's settings; what is wrong with them is said, and the defaults hold."""
    try:
        return config.load(config.path())
    except UsageError as error:
        sys.stderr.write(f"\r{error}\n")
        return config.Config()


def make_workspace(
    settings: Config, wishes: Wishes = NOTHING_SPECIAL, *, keep: bool = False
) -> Workspace:
    """A workspace that has not been started.

    Args:
        settings: the user's.
        wishes: those of the command line.
        keep: whether a new one is written down, to be resumed.

    Raises:
        UsageError: there is no such workspace to go on with.
    """
    from scopetutor.workspace import journals
    from scopetutor.workspace.client import Options, Workspace

    usual = Options()
    seconds, memory = wishes.time_limit, wishes.memory_limit
    options = Options(
        time_limit=settings.seconds or usual.time_limit if seconds is None else seconds,
        memory_limit=(
            settings.megabytes << 20 or usual.memory_limit if memory is None else memory
        ),
        allow_files=wishes.allow_files,
        allow_network=wishes.allow_network,
        journal=journals.new_path() if keep and wishes.resume is None else None,
    )
    if wishes.resume is None:
        return Workspace(options)
    return Workspace.resume(journals.named(wishes.resume), options)


def _work_off(screen: Screen, settings: Config, wishes: Wishes) -> int:
    from .pieces import pieces

    loop = make_loop(screen, settings, wishes)
    try:
        if wishes.resume is not None:
            _say_where(loop)
        for file in wishes.files:
            loop.run_file(file)
        if wishes.code is not None:
            return loop.work_off([wishes.code])
        return loop.work_off(pieces(sys.stdin.read().removeprefix("\ufeff")))
    finally:
        loop.workspace.close()


def _talk(screen: Screen, settings: Config, wishes: Wishes) -> int:
    plain = screen.look.plain
    greeting = "" if wishes.quiet else paint.GREETING
    if plain and paint.painted:
        paint.erase()  # the settings, which were not known then, want it plain
        paint.restore()
    elif plain:
        screen.write(greeting)
    elif not paint.painted:
        paint.paint(greeting)
    behind = Behind(lambda: make_loop(screen, settings, wishes, keep=True))
    prompt = make_prompt(behind, settings, plain=plain)
    try:
        if wishes.resume is not None:
            behind.result().guarded(lambda: _say_where(behind.result()))
        if wishes.files:
            behind.result().guarded(lambda: _run_files(behind.result(), wishes.files))
        return _conversation(prompt, behind)
    finally:
        if behind.begun:
            behind.result().workspace.close()


def _say_where(loop: Loop) -> None:
    """Go to where a workspace was left, and say so."""
    workspace = loop.workspace
    with loop.running:
        ran = workspace.go_to(workspace.moment)
    entries = len(workspace.timeline.path(workspace.moment))
    path = workspace.options.journal
    name = path.stem if path is not None else ""
    loop.say(f"{name}: moment {ran.moment}, after {entries} entries (:log, :tree)")
    loop.say(ran.sentence)


def _run_files(loop: Loop, files: tuple[Path, ...]) -> None:
    for file in files:
        loop.run_file(file)


def _conversation(prompt: Prompt | PlainPrompt, behind: Behind) -> int:
    """The first entry is read while the loop is still loading."""
    while True:
        try:
            first = prompt.read()
            loop = behind.result()
            break
        except KeyboardInterrupt:
            continue
        except EOFError:
            return 0
    return loop.talk(prompt, first)


class Behind:
    """Something that is loaded behind the prompt.

    Args:
        make: makes it.

    Attributes:
        begun: whether loading has begun.
        first: what is to be done before it.
        then: what is to be done with it.
    """

    def __init__(self, make: Callable[[], Loop]) -> None:
        self.begun = False
        self.first: list[Callable[[], None]] = []
        self.then: list[Callable[[Loop], None]] = []
        self._make = make
        self._made: Loop | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._load, daemon=True)
        self._beginning = threading.Lock()

    def begin(self) -> None:
        """Start loading; completion and the prompt may both be the first to ask."""
        with self._beginning:
            if not self.begun:
                self._thread.start()
                self.begun = True

    def result(self) -> Loop:
        """What was loaded, as soon as it is there.

        Raises:
            Exception: what loading raised.
        """
        self.begin()
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._made is not None
        return self._made

    def _load(self) -> None:
        try:
            for deed in self.first:
                deed()
            self._made = self._make()
            for use in self.then:
                use(self._made)
        except Exception as error:  # raised again where the loop is asked for
            self._error = error


def make_loop(
    screen: Screen,
    settings: Config,
    wishes: Wishes = NOTHING_SPECIAL,
    *,
    keep: bool = False,
) -> Loop:
    """A loop on a workspace that is starting, with what its first answer needs."""
    workspace = make_workspace(settings, wishes, keep=keep)
    workspace.start()
    import scopetutor.render.change
    import scopetutor.render.error  # noqa: F401 - loaded while one types

    if wishes.json:
        from .report import ReportLoop

        return ReportLoop(workspace, screen, settings)
    from .loop import Loop

    return Loop(workspace, screen, settings)


def make_prompt(
    behind: Behind, settings: Config, *, plain: bool
) -> Prompt | PlainPrompt:
    """The prompt a loop reads from: one that draws, or one that only prints.

    Without a keyboard there is nothing to draw a prompt for.
    """
    from .state import State

    state = State()
    if plain or not sys.stdin.isatty():
        from .plain_prompt import PlainPrompt

        behind.begin()
        return PlainPrompt(state, None if sys.stdin.isatty() else sys.stdin)
    from .completer import LiveCompleter
    from .history import history_file
    from .prompt import Prompt

    prompt = Prompt(
        settings,
        state,
        LiveCompleter(behind.result),
        history=history_file(settings.history) if settings.history else None,
        started=behind.begin,
    )
    behind.first.append(prompt.load_colors)
    behind.then.append(prompt.attach)
    return prompt
