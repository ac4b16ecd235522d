"""`:export FILE`: the session as Markdown, HTML, SVG, a notebook or Python.

The ending of the file's name says which. What the screen showed comes from `record`;
the Python file is that of `:save`; graphs are the business of `export_graph`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from scopetutor.errors import UsageError
from scopetutor.render.words import counted

from .export_graph import KINDS as GRAPH_KINDS
from .export_graph import export_graph, is_graph
from .keeping import save, write
from .paint import PROMPT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console, RenderableType
    from rich.terminal_theme import TerminalTheme

    from scopetutor.render.look import ThemeName

    from .loop import Loop
    from .record import Turn

WIDTH = 80
_FETCHED_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
MORE = "... "


def export(loop: Loop, words: str) -> None:
    """Write the session to a file of the kind its name says."""
    if not words:
        raise UsageError("which file?", hint=":export session.md")
    file = Path(words.strip("'\"")).expanduser()
    if is_graph(file):
        export_graph(loop, file)
        return
    if file.suffix.lower() == ".py":
        save(loop, words)
        return
    make = KINDS.get(file.suffix.lower())
    if make is None:
        known = ", ".join((*KINDS, ".py", *GRAPH_KINDS))
        raise UsageError(f"{file.name} does not say what to write", hint=known)
    turns = [turn for turn in loop.screen.record.turns if not _is_export(turn)]
    if not turns:
        raise UsageError("there is nothing to export yet")
    write(file, make(loop, turns))
    loop.say(f"{counted(len(turns), 'entry', 'entries')} in {file}")


def _is_export(turn: Turn) -> bool:
    """Whether an entry is the wish to export, which is no part of the session."""
    return turn.entry.startswith(":export")


# -- one kind after the other --------------------------------------------------------


def markdown(_loop: Loop, turns: Sequence[Turn]) -> str:
    """The session as fenced blocks, as it stood on the screen."""
    blocks = [f"```text\n{_typed(turn)}{_plain(turn)}```\n" for turn in turns]
    return "\n".join(blocks)


def notebook(_loop: Loop, turns: Sequence[Turn]) -> str:
    """The session as a Jupyter notebook; commands of the prompt become text."""
    cells = [_cell(turn, number) for number, turn in enumerate(turns, 1)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    first: dict[str, Any] = {
        "cell_type": "code",
        "id": "load",
        "metadata": {},
        "execution_count": None,
        "source": "%load_ext scopetutor",
        "outputs": [],
    }
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel},
        "cells": [first, *cells],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _cell(turn: Turn, number: int) -> dict[str, Any]:
    shown = _plain(turn)
    if turn.entry.startswith(":"):
        fenced = f"```text\n{_typed(turn)}{shown}```"
        return {
            "cell_type": "markdown",
            "id": f"turn-{number}",
            "metadata": {},
            "source": fenced,
        }
    output = {"output_type": "stream", "name": "stdout", "text": shown}
    return {
        "cell_type": "code",
        "id": f"turn-{number}",
        "metadata": {},
        "execution_count": number,
        "source": turn.entry,
        "outputs": [output] if shown else [],
    }


def html(loop: Loop, turns: Sequence[Turn]) -> str:
    """The session as a page of its own, in the colours of the theme."""
    recorded = _recorded(loop, turns)
    return recorded.export_html(theme=_paper(_theme(loop)), inline_styles=True)


def svg(loop: Loop, turns: Sequence[Turn]) -> str:
    """The session as a picture."""
    drawn = _recorded(loop, turns).export_svg(
        title="scopetutor", theme=_paper(_theme(loop)), unique_id="session"
    )
    # Rich lets the page fetch its font from afar; the reader's own will do.
    return _FETCHED_FONT.sub("", drawn)


KINDS: dict[str, Callable[[Loop, Sequence[Turn]], str]] = {
    ".md": markdown,
    ".html": html,
    ".svg": svg,
    ".ipynb": notebook,
}


# -- what a turn looks like ----------------------------------------------------------


def _typed(turn: Turn) -> str:
    first, *more = turn.entry.split("\n")
    return "\n".join([f"{PROMPT}{first}", *(f"{MORE}{line}" for line in more)]) + "\n"


def _plain(turn: Turn) -> str:
    """What was shown, without styles, each drawing on lines of its own."""
    text = ""
    for piece in turn.pieces:
        if isinstance(piece, str):
            text += piece
        else:
            fresh = "" if not text or text.endswith("\n") else "\n"
            text += f"{fresh}{_text(piece).plain}\n"
    return text if not text or text.endswith("\n") else f"{text}\n"


def _text(piece: RenderableType) -> Text:
    return piece if isinstance(piece, Text) else Text(str(piece))


def _theme(loop: Loop) -> ThemeName:
    """The theme of the screen; "auto" is the terminal's own, and a file has none."""
    theme = loop.screen.look.theme
    return "dark" if theme == "auto" else theme


def _paper(theme: ThemeName) -> TerminalTheme:
    """What a theme's colours are made to stand on."""
    from rich.color import Color
    from rich.terminal_theme import TerminalTheme

    from scopetutor.render.theme import BACKGROUNDS, styles

    names = BACKGROUNDS[theme], styles(theme)["variable"]
    paper, ink = (Color.parse(name).get_truecolor() for name in names)
    return TerminalTheme(paper, ink, [ink] * 8)


def _recorded(loop: Loop, turns: Sequence[Turn]) -> Console:
    """A Rich console that has the session in its record, and wrote it nowhere."""
    import io

    from rich.console import Console

    from scopetutor.render.code import code
    from scopetutor.render.theme import rich_theme

    look = loop.screen.look._replace(color=True, plain=False)
    console = Console(
        file=io.StringIO(),
        record=True,
        width=max(WIDTH, _widest(turns)),
        theme=rich_theme(_theme(loop)),
        force_terminal=True,
        force_jupyter=False,
        color_system="truecolor",
        highlight=False,
        markup=False,
    )
    for turn in turns:
        drawn = code(turn.entry, look)
        for number, line in enumerate(drawn.split("\n")):
            prompt = (MORE, "quiet") if number else (PROMPT, "prompt")
            whole = Text.assemble(prompt, line[4:])
            console.print(whole, soft_wrap=True)
        for piece in turn.pieces:
            end = "" if isinstance(piece, str) else "\n"
            console.print(piece, soft_wrap=True, end=end)
    return console


def _widest(turns: Sequence[Turn]) -> int:
    """The longest line, within reason."""
    lines = [line for turn in turns for line in _plain(turn).split("\n")]
    lines += [line for turn in turns for line in _typed(turn).split("\n")]
    return min(max(map(len, lines), default=0), 120)
