"""An outline: rows of things below things, drawn as a tree or read as lines.

The scope tree, the change after an entry, the timeline and the goal of a lesson are
made of `Row`s; this file lays them out. The same rows give the picture (guides, aligned
columns) and the plain form (words and commas), so both have the same content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len
from rich.text import Text

from .marks import SIGNS, WORDS, Mark
from .visible import visible
from .wrap import paragraphs, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .look import Look

INDENT = 2
GUTTER = 3  # spaces between columns
COMPARED = 3  # columns that are set one below the other; further cells just follow


class Cell(msgspec.Struct, frozen=True):
    """A piece of a row: text, and what it means (a name of `theme.STYLES`)."""

    text: str
    style: str = ""


class Row(msgspec.Struct, frozen=True):
    """One thing in an outline.

    Attributes:
        depth: how many things it lies below.
        name: what it is called.
        cells: what is said of it, in the order it should be read.
        mark: what happened to it.
        below: lines that belong to it, too long for cells, such as source code.
    """

    depth: int
    name: Cell
    cells: tuple[Cell, ...] = ()
    mark: Mark = ""
    below: tuple[Cell, ...] = ()

    def at(self, depth: int) -> Row:
        """The same row at another depth."""
        return msgspec.structs.replace(self, depth=depth)


def outline(rows: Sequence[Row], look: Look) -> Text:
    """The rows, one below the other; no newline at the end."""
    if look.plain:
        return paragraphs([_plain(row) for row in rows])
    guides = _guides(rows, look)
    heads = [_head(row, own) for row, (own, _) in zip(rows, guides, strict=True)]
    columns = _columns(heads, rows)
    if columns[-1][1] > look.width:
        columns = []
    lines = []
    for row, head, (_, under) in zip(rows, heads, guides, strict=True):
        margin = " " * INDENT + under
        line = _laid_out(head, row, columns, margin, look.width)
        lines.append(_with_below(line, row.below, margin))
    return paragraphs(lines)


def _plain(row: Row) -> Text:
    """A row as a phrase: "new w, w:0, float32_ref (2, 3)"."""
    parts = [row.name.text, *(cell.text for cell in row.cells if cell.text)]
    word = WORDS[row.mark]
    pad = "  " * row.depth + " " * INDENT
    phrase = pad + (f"{word} " if word else "") + ", ".join(parts)
    below = "".join(f"\n{pad}  {cell.text}" for cell in row.below)
    return Text(visible(phrase + below))


def _guides(rows: Sequence[Row], look: Look) -> list[tuple[str, str]]:
    """For each row: the lines left of it, and left of what is written under it.

    They say what the row lies below. Read from the last row upwards: a level's line
    goes on as long as that level has a further row.
    """
    glyphs = look.glyphs
    guides = [("", "")] * len(rows)
    further: set[int] = set()  # levels with a row after the one looked at
    for index in range(len(rows) - 1, -1, -1):
        depth = rows[index].depth
        has_children = depth + 1 in further
        further = {level for level in further if level <= depth}
        lines = [
            glyphs.pipe if d in further else glyphs.gap for d in range(1, depth + 1)
        ]
        own = glyphs.branch if depth in further else glyphs.last
        child = glyphs.pipe if has_children else glyphs.gap
        guides[index] = (
            "".join([*lines[:-1], own]) if depth else "",
            "".join([*lines, child]),
        )
        further.add(depth)
    return guides


def _head(row: Row, guides: str) -> Text:
    head = Text(" " * INDENT).append(guides, "quiet")
    if sign := SIGNS[row.mark]:
        head.append(f"{sign} ", row.mark)
    return head.append(visible(row.name.text), row.name.style)


def _columns(heads: Sequence[Text], rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Where each of the aligned columns starts and ends."""
    end = max((head.cell_len for head in heads), default=0)
    columns = []
    for index in range(COMPARED):
        texts = [row.cells[index].text for row in rows if len(row.cells) > index]
        width = max((cell_len(visible(text)) for text in texts), default=0)
        # A column that is empty in every row takes no room.
        start = end + GUTTER if width else end
        end = start + width
        columns.append((start, end))
    return columns


def _laid_out(
    head: Text, row: Row, columns: Sequence[tuple[int, int]], margin: str, width: int
) -> Text:
    """A row with each cell in its column, or after the cell before if it has none.

    A cell that would leave the screen goes on a line below, and so do those after it.
    """
    line, at, under = head, head.cell_len, False
    for index, cell in enumerate(row.cells):
        if not cell.text:
            continue
        text = visible(cell.text)
        room = cell_len(text)
        in_column = index < len(columns) and not under
        start = columns[index][0] if in_column else at + (GUTTER if columns else 2)
        if start + room <= width:
            line.append(" " * (start - at))
            at = start
        else:
            line.append("\n").append(margin, "quiet")
            at, under = cell_len(margin), True
        first, *more = wrap(text, max(width - at, 12)) if under else [text]
        line.append(first, cell.style)
        for rest in more:
            line.append("\n").append(margin, "quiet").append(rest, cell.style)
        at += cell_len((more or [first])[-1])
    return line


def _with_below(line: Text, below: Sequence[Cell], margin: str) -> Text:
    for cell in below:
        line.append("\n").append(margin, "quiet").append(visible(cell.text), cell.style)
    return line
