"""How the commands that answer and end show something: a drawing, or JSON.

A drawing suits the terminal; through a pipe it is plain lines. The prompt and the
lessons have a screen of their own, `repl.screen`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

    from scopetutor.render.look import Look, ThemeName


def show(draw: Callable[[Look], Text], *, plain: bool = False) -> None:
    """Print a drawing in the look that suits stdout."""
    from scopetutor.render.look import console, detect

    look = detect(sys.stdout, os.environ, plain=plain or None, theme=_theme())
    drawing = draw(look)
    if look.color:
        console(sys.stdout, look).print(drawing)
    else:
        # Rich would take a second for ten thousand lines without colours.
        _write(drawing.plain)


def _theme() -> ThemeName:
    """The user's theme; a settings file that is wrong is the prompt's business."""
    from scopetutor import config
    from scopetutor.errors import UsageError

    try:
        return config.load(config.path()).theme
    except UsageError:
        return "auto"


def show_json(value: object) -> None:
    """Print a value as JSON, in lines."""
    import msgspec

    _write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _write(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    known = text.encode(encoding, "backslashreplace").decode(encoding)
    sys.stdout.write(known + "\n")
