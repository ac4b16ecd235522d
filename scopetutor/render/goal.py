"""The goal of a step beside what the learner has made: what is missing, what is extra.

Side by side where the screen is wide enough, one below the other where it is not. Both
are drawn from snapshots; names and shapes are shown, whatever else counts is in the
verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.language import say

from .marks import Mark
from .nodes import Node, grow, last_part
from .outline import Cell, Row, outline
from .words import shape_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.snapshot import Snapshot

    from .look import Look

GAP = 4
LEAST = 30  # columns for each side


def goal(own: Snapshot, asked: Snapshot, look: Look) -> Text:
    """Draw both states.

    Args:
        own: what the learner has made.
        asked: what is to be reached.
        look: how.
    """
    have, want = _names(own), _names(asked)
    left = _side(own, want, "extra")
    right = _side(asked, have, "missing")
    titles = say("yours"), say("goal")
    half = (look.width - GAP) // 2
    if look.plain or half < LEAST:
        return _below(titles, left, right, look)
    narrow = look._replace(width=half)
    return _beside(titles, outline(left, narrow), outline(right, narrow), half)


def _names(snapshot: Snapshot) -> set[str]:
    graph = snapshot.here.graph
    return {v.tensor_name for v in snapshot.variables.values() if v.graph == graph}


def _side(snapshot: Snapshot, other: set[str], kind: str) -> list[Row]:
    rows = list(_rows(grow(snapshot), 0, other, kind))
    return rows or [Row(0, Cell(say("nothing yet"), "quiet"))]


def _rows(scope: Node, depth: int, other: set[str], kind: str) -> Iterator[Row]:
    for view in scope.variables:
        mark: Mark = ""
        word = ""
        if view.tensor_name not in other:
            mark = "gone" if kind == "extra" else "created"
            word = say("too many") if kind == "extra" else say("missing")
        yield Row(
            depth,
            Cell(last_part(view.op_name), "variable"),
            (Cell(shape_text(view.shape), "type"), Cell(word, mark)),
            mark,
        )
    for below in scope.scopes.values():
        if below.size:
            yield Row(depth, Cell(f"{last_part(below.name)}/", "scope"))
            yield from _rows(below, depth + 1, other, kind)


def _below(
    titles: tuple[str, str], left: list[Row], right: list[Row], look: Look
) -> Text:
    parts = []
    for title, rows in zip(titles, (left, right), strict=True):
        parts += [Text(f"  {title}:", "heading"), outline(rows, look)]
    return Text("\n").join(parts)


def _beside(titles: tuple[str, str], left: Text, right: Text, half: int) -> Text:
    lefts = [Text(f"  {titles[0]}", "heading"), *left.split("\n")]
    rights = [Text(f"  {titles[1]}", "heading"), *right.split("\n")]
    drawn = Text()
    for index in range(max(len(lefts), len(rights))):
        line = lefts[index].copy() if index < len(lefts) else Text()
        other = rights[index] if index < len(rights) else Text()
        if other.plain.strip():
            line.append(" " * (half + GAP - line.cell_len)).append_text(other)
        drawn.append("\n" if index else "").append_text(line)
    return drawn


if __name__ == "__main__":
    from .demo import AFTER, BEFORE, show

    show(lambda look: goal(BEFORE, AFTER, look))
