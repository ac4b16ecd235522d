"""What has been typed and shown, so that it can be exported.

`screen` writes it down as it goes along; `export` makes files of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_PIECES = 20_000


class Turn(NamedTuple):
    """An entry and what the screen showed of it.

    Attributes:
        entry: what was typed.
        pieces: drawings, and the text that the program printed.
    """

    entry: str
    pieces: list[RenderableType]


class Record:
    """The turns of a session; after 20,000 pieces the oldest turns are forgotten.

    Attributes:
        turns: oldest first.
    """

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self._count = 0

    def begin(self, entry: str) -> None:
        """An entry was typed; what is shown from now on belongs to it."""
        self.turns.append(Turn(entry, []))

    def add(self, piece: RenderableType) -> None:
        """Something was shown."""
        if not self.turns:
            return
        self.turns[-1].pieces.append(piece)
        self._count += 1
        while self._count > MOST_PIECES and len(self.turns) > 1:
            self._count -= len(self.turns.pop(0).pieces)
