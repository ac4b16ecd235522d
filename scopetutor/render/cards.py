"""`:explain` and `scopetutor explain` alone: all concept cards, by id.

After `evaluator.cards`, which has their texts; one card alone is drawn by
`explanation`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .outline import Cell
from .table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from .look import Look


def card_list(cards: Sequence[tuple[str, str]], look: Look) -> Text:
    """Draw the cards.

    Args:
        cards: id and title of each.
        look: how.
    """
    rows = [(Cell(name, "variable"), Cell(title)) for name, title in cards]
    return table(("card", "about"), rows, look)


if __name__ == "__main__":
    from .demo import show

    show(lambda look: card_list([("already-exists", "The same name twice")], look))
