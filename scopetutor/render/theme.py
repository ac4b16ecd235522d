"""Colours by meaning. No drawing names a colour; each names what it shows.

Every theme is for people who see colours differently too: two styles that tell things
apart differ for them as well (`tests/render/test_theme.py` computes it), and no meaning
is carried by colour alone. Used by `look.console` for drawings and by `repl.style` for
the prompt.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .look import ThemeName

if TYPE_CHECKING:
    from rich.theme import Theme

# meaning: (auto, dark, light, contrast). "auto" keeps to the terminal's own 16 colours,
# and to those of them that can be read on black and on white.
STYLES: dict[str, tuple[str, str, str, str]] = {
    "scope": ("bold", "bold #e4e4e4", "bold #1c1c1c", "bold #ffffff"),
    "variable": ("", "#d0d0d0", "#262626", "#ffffff"),
    "tensor": ("", "#d0d0d0", "#262626", "#ffffff"),
    "type": ("cyan", "#56b4e9", "#005a8c", "#7fd4ff"),
    "reuse.no": ("", "#d0d0d0", "#262626", "#ffffff"),
    "reuse.yes": ("bold magenta", "bold #e69f00", "bold #8a00c2", "bold #ffd000"),
    "reuse.auto": ("bold magenta", "bold #e69f00", "bold #8a00c2", "bold #ffd000"),
    "created": ("bold green", "bold #2fc99a", "bold #00684b", "bold #5fffaf"),
    "reused": ("bold magenta", "bold #e69f00", "bold #8a00c2", "bold #ffd000"),
    "initialized": ("cyan", "#56b4e9", "#005a8c", "#7fd4ff"),
    "assigned": ("bold cyan", "bold #56b4e9", "bold #005a8c", "bold #7fd4ff"),
    "gone": ("bold red", "bold #ff7f50", "bold #a83200", "bold #ff9f80"),
    "error": ("bold red", "bold #ff7f50", "bold #a83200", "bold #ff9f80"),
    "code": ("", "#d0d0d0", "#262626", "#ffffff"),
    "here": ("bold", "bold #e4e4e4", "bold #1c1c1c", "bold #ffffff"),
    "folded": ("", "#d0d0d0", "#262626", "#ffffff"),
    "code.inline": ("bold", "bold #e4e4e4", "bold #1c1c1c", "bold #ffffff"),
    "try": ("bold green", "bold #2fc99a", "bold #00684b", "bold #5fffaf"),
    "place": ("dim", "#a8a8a8", "#585858", "#ffffff"),
    "quiet": ("dim", "#a8a8a8", "#585858", "#ffffff"),
    "heading": ("bold", "bold #e4e4e4", "bold #1c1c1c", "bold #ffffff"),
    "value": ("", "#d0d0d0", "#262626", "#ffffff"),
    "bars": ("cyan", "#56b4e9", "#005a8c", "#7fd4ff"),
    "passed": ("bold green", "bold #2fc99a", "bold #00684b", "bold #5fffaf"),
    "failed": ("bold red", "bold #ff7f50", "bold #a83200", "bold #ff9f80"),
    "prompt": ("bold green", "bold #2fc99a", "bold #00684b", "bold #5fffaf"),
}

THEMES: tuple[ThemeName, ...] = ("auto", "dark", "light", "contrast")

BACKGROUNDS: dict[ThemeName, str] = {
    "dark": "#101010",
    "light": "#ffffff",
    "contrast": "#000000",
}
"""What each theme is made for; the darkest or lightest that terminals commonly have."""


def styles(name: ThemeName) -> dict[str, str]:
    """Meaning to style, in Rich's words, such as "bold #ff7f50"."""
    column = THEMES.index(name)
    return {meaning: row[column] for meaning, row in STYLES.items()}


@cache
def rich_theme(name: ThemeName) -> Theme:
    """The theme for a Rich console. Rich's own styles, which Markdown uses, stay."""
    from rich.theme import Theme

    return Theme({key: value or "none" for key, value in styles(name).items()})
