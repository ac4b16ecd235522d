"""`scopetutor config`: the settings, what they are, what they mean.

After `scopetutor.config`; `:config` at the prompt shows the same table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .table import table
from .visible import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .look import Look


def settings(rows: Sequence[tuple[str, str, str]], look: Look, file: str) -> Text:
    """Draw the settings.

    Args:
        rows: name, value and meaning of each.
        look: how.
        file: where they are kept.
    """
    cells = [(Cell(n, "heading"), Cell(v, "value"), Cell(what)) for n, v, what in rows]
    drawn = table(("setting", "value", "meaning"), cells, look)
    if not look.plain:
        drawn.append_text(Text(f"\n  {one_line(file)}", "quiet"))
    return drawn


if __name__ == "__main__":
    from .demo import show

    ROWS = (("theme", "auto", 'colours for a "dark" or a "light" screen'),)
    show(lambda look: settings(ROWS, look, "~/.config/scopetutor/config.toml"))
