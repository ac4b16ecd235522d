"""How a drawing should look: for whom, how wide, in which characters and colours.

The first step of every drawing: `cli` and `repl` make one `Look` from what the terminal
can do and what the user wishes, and hand it to the functions of this folder.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

ThemeName: TypeAlias = Literal["auto", "dark", "light", "contrast"]

NARROWEST = 20
"""Below this width nothing can be laid out; lines are then broken by the terminal."""


class Look(NamedTuple):
    """What a drawing has to keep to.

    Attributes:
        width: columns.
        height: rows of a screenful; drawings fold what does not fit.
        plain: sentences in reading order rather than pictures: for pipes, screen
            readers and terminals that only print.
        ascii: only ASCII in what we add (the user's own names are kept).
        color: whether colours and bold text reach the screen.
        theme: which set of colours.
    """

    width: int = 80
    height: int = 24
    plain: bool = False
    ascii: bool = False
    color: bool = False
    theme: ThemeName = "auto"

    @property
    def glyphs(self) -> Glyphs:
        """The characters to draw with."""
        return ASCII if self.ascii else UNICODE


class Glyphs(NamedTuple):
    """The characters a drawing is made of."""

    branch: str
    last: str
    pipe: str
    gap: str
    dot: str
    bars: str
    ellipsis: str
    line: str
    arrow: str


UNICODE = Glyphs("├── ", "└── ", "│   ", "    ", "·", " ▁▂▃▄▅▆▇█", "…", "─", "→")
ASCII = Glyphs("|-- ", "`-- ", "|   ", "    ", "-", " .:-=+*#@", "...", "-", "->")


def detect(
    stream: IO[str],
    environ: Mapping[str, str],
    *,
    plain: bool | None = None,
    width: int | None = None,
    theme: ThemeName = "auto",
) -> Look:
    """The look that suits a stream.

    Args:
        stream: where the drawing will go.
        environ: NO_COLOR, FORCE_COLOR, TERM and COLUMNS are respected.
        plain: the user's wish; None: plain unless `stream` is a terminal that can move
            its cursor.
        width: the user's wish; None: the terminal's, or 80.
        theme: the user's wish.
    """
    terminal = stream.isatty()
    dumb = environ.get("TERM", "") in {"dumb", "unknown"}
    if plain is None:
        plain = not terminal or dumb
    colorful = terminal and not dumb and not plain
    if environ.get("FORCE_COLOR"):
        colorful = True
    if environ.get("NO_COLOR"):
        colorful = False
    columns, rows = _size(stream, environ)
    return Look(
        width=max(width or columns, NARROWEST),
        height=rows,
        plain=plain,
        ascii=not _can_draw(stream),
        color=colorful,
        theme=theme,
    )


def console(stream: IO[str], look: Look) -> Console:
    """A Rich console that prints drawings as they are: no markup, no own highlights."""
    from rich.console import Console

    from .theme import rich_theme

    return Console(
        file=stream,
        width=look.width,
        force_terminal=look.color,
        force_jupyter=False,
        color_system="auto" if look.color else None,
        no_color=not look.color,
        theme=rich_theme(look.theme),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )


def _size(stream: IO[str], environ: Mapping[str, str]) -> tuple[int, int]:
    import os

    if environ.get("COLUMNS", "").isdigit() and int(environ["COLUMNS"]):
        return int(environ["COLUMNS"]), 24
    try:
        columns, rows = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return 80, 24
    return columns or 80, rows or 24


def _can_draw(stream: IO[str]) -> bool:
    """Whether the stream's encoding has box-drawing characters."""
    try:
        "├─█·→".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
