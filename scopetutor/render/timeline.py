"""`:log`: the moments of a workspace and the entries that led to them.

The line that leads to the present moment runs down the left; lines that were left (by
going back and typing something else) stand indented where they begin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .marks import Mark
from .outline import Cell, Row, outline
from .visible import one_line
from .words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.text import Text

    from scopetutor.workspace.timeline import Moment

    from .look import Look

CODE_WIDTH = 50
SLOW = 0.5  # seconds after which the time is worth saying


def timeline(
    moments: Sequence[Moment], failed: Sequence[Moment], current: int, look: Look
) -> Text:
    """Draw the moments.

    Args:
        moments: all of them.
        failed: entries that led nowhere, because the process did not survive them.
        current: the number of the present one.
        look: how.
    """
    children: dict[int, list[Moment]] = {}
    for moment in (*moments, *failed):
        if moment.number:
            children.setdefault(moment.parent, []).append(moment)
    parents = {moment.number: moment.parent for moment in moments}
    main = {current}
    while current:
        current = parents[current]
        main.add(current)
    here = max(main)  # a moment has a greater number than those before it
    mark: Mark = "here" if here == 0 else ""
    first = Row(0, Cell("0", "heading"), (Cell("nothing yet"),), mark)
    lines = _Lines(children, main, here, {moment.number for moment in failed})
    return outline([first, *lines.after(0, 0)], look)


class _Lines(msgspec.Struct, frozen=True):
    """The lines of moments.

    Attributes:
        children: the moments after each moment.
        main: the moments that lead to the present one, and it.
        here: the present one.
        lost: those that led nowhere.
    """

    children: Mapping[int, list[Moment]]
    main: set[int]
    here: int
    lost: set[int]

    def after(self, number: int, depth: int) -> Iterator[Row]:
        """The rows after a moment: lines that were left, then its own line."""
        while below := self.children.get(number, []):
            through = next((m for m in below if m.number in self.main), below[-1])
            for moment in below:
                if moment is not through:
                    yield self.row(moment, depth + 1)
                    yield from self.after(moment.number, depth + 1)
            yield self.row(through, depth)
            number = through.number

    def row(self, moment: Moment, depth: int) -> Row:
        """A moment and the entry that led to it."""
        first, *more = moment.text.strip().split("\n")
        code = one_line(first.strip(), CODE_WIDTH)
        ending: str = "" if moment.ending == "ok" else moment.ending
        if moment.number in self.lost:
            ending = f"{ending}, led nowhere"
        return Row(
            depth,
            Cell(str(moment.number), "heading"),
            (
                Cell(f"entry {moment.entry}" if moment.entry else "lesson", "place"),
                Cell(code, "code"),
                Cell(counted(len(more), "further line") if more else "", "quiet"),
                Cell(ending, "error"),
                Cell(_duration(moment.seconds), "quiet"),
            ),
            "here" if moment.number == self.here else "",
        )


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds > SLOW else ""


if __name__ == "__main__":
    from .demo import MOMENTS, show

    show(lambda look: timeline(MOMENTS, (), 4, look))
