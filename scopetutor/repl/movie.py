"""`:movie` and `scopetutor trace FILE`: step through a program, forwards and backwards.

The program is run again from the start, in a workspace of its own; `render.movie` draws
the frames. Without somebody to press keys, all frames are shown one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.errors import ScriptError, UsageError
from scopetutor.legacy.script import text_of
from scopetutor.render.movie import Frame, frame, frames, program
from scopetutor.workspace.client import Workspace

from .running import Running

if TYPE_CHECKING:
    from .loop import Loop

ASK = "movie> "
HELP = "Enter goes on, b goes back, a number goes there, q ends."


def movie(loop: Loop, words: str) -> None:
    """Show how a file, or what has been typed, runs line by line."""
    if words:
        programs = [_program(Path(words.strip("'\"")).expanduser())]
    else:
        line = loop.workspace.timeline.path(loop.workspace.moment)
        programs = [(one.text, one.name) for one in line if one.entry]
    if not programs:
        raise UsageError("nothing has been typed yet", hint=":movie model.py")
    scenes = _scenes(loop, programs)
    if not scenes:
        loop.say("There is no line to run.")
    elif loop.prompt is None:
        loop.screen.show(program(scenes, loop.screen.look))
    else:
        _play(loop, scenes)


def frames_of(loop: Loop, file: Path) -> list[Frame]:
    """The frames of a file, for programs.

    Raises:
        UsageError: it cannot be read.
        ScriptError: it is no text.
    """
    return _scenes(loop, [_program(file)])


def _program(file: Path) -> tuple[str, str]:
    """The text of a file and its name."""
    return text_of(str(file)), str(file)


def _scenes(loop: Loop, programs: list[tuple[str, str]]) -> list[Frame]:
    """Run the programs in a workspace that is thrown away and written down nowhere.

    Raises:
        ScriptError: one did not come to its end, and its lines are lost with it.
    """
    scenes: list[Frame] = []
    options = replace(loop.workspace.options, journal=None, follow=True)
    with Workspace(options) as stage, Running(loop.screen, stage.interrupt):
        for text, name in programs:
            ran = stage.run(text, name=name)
            if ran.whole:
                raise ScriptError(ran.sentence.partition(". ")[0], place=name)
            loop.failed = loop.failed or ran.error is not None
            scenes += frames(text, ran.delta.deeds, stage.snapshot, ran.error)
    return scenes


def _show(loop: Loop, scenes: list[Frame], number: int) -> None:
    view = scenes[number - 1]
    drawn = frame(view, number, len(scenes), loop.screen.look)
    loop.screen.show(Text("\n").append_text(drawn))


def _play(loop: Loop, scenes: list[Frame]) -> None:
    """Let the user step through the frames."""
    assert loop.prompt is not None
    number = 1
    loop.say(HELP)
    while True:
        _show(loop, scenes, number)
        try:
            key = loop.prompt.read(ASK, program=False).strip().lower()
        except (EOFError, KeyboardInterrupt):
            return
        if key.lstrip(":") in {"q", "quit", "exit"}:
            return
        step = _next(key, number, len(scenes))
        if step is None:
            loop.say(HELP)
        elif step > len(scenes):
            return
        else:
            number = max(step, 1)


def _next(key: str, number: int, last: int) -> int | None:
    """The frame a key leads to, one behind the last for the end; None: no such key."""
    if key.isdecimal():
        return min(int(key), last)
    if key in {"", "n"}:
        return number + 1
    return number - 1 if key in {"b", "p"} else None
