"""A table: columns under headings; those without room go on lines below their row.

A last column that has some room, and not enough, goes on below itself.

The drawables that are tables (variables, values, moments, what a checkpoint holds) give
their headings and cells; this file lays them out. Plain tables are tab-separated
lines with a heading, which both a screen reader and `cut` can take apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from .outline import Cell
from .visible import one_line
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .look import Look

GUTTER = 2
INDENT = 2
NARROWEST = 28  # cells in which a last column of sentences can be read


def table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], look: Look) -> Text:
    """Draw a table; columns that are empty in every row are left out."""
    kept = [c for c in range(len(headings)) if any(row[c].text for row in rows)]
    headings = [headings[column] for column in kept]
    rows = [[row[column] for column in kept] for row in rows]
    if look.plain:
        return _plain(headings, rows)
    widths = [
        max(cell_len(one_line(text)) for text in column)
        for column in zip(
            headings, *([cell.text for cell in row] for row in rows), strict=True
        )
    ]
    titles = [Cell(heading, "heading") for heading in headings]
    beside = _fitting(widths, look.width)
    if beside == len(widths) - 1 and look.width - _start(widths) >= NARROWEST:
        flowing = [_flowing(row, widths, look) for row in rows]
        return paragraphs([_line(titles, widths), *flowing])
    lines = [_line(titles[:beside], widths)]
    for row in rows:
        lines.append(_line(row[:beside], widths))
        lines.extend(_under(headings[beside:], row[beside:], look))
    return paragraphs(lines)


def _plain(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Text:
    lines = ["\t".join(headings)]
    lines += ["\t".join(one_line(cell.text) for cell in row) for row in rows]
    return Text("\n".join(lines))


def _fitting(widths: Sequence[int], width: int) -> int:
    """How many columns have room side by side; at least one."""
    end = INDENT
    for count, column in enumerate(widths):
        end += column + (GUTTER if count else 0)
        if end > width:
            return max(count, 1)
    return len(widths)


def _line(cells: Sequence[Cell], widths: Sequence[int]) -> Text:
    line = Text(" " * INDENT)
    gap = 0
    for cell, width in zip(cells, widths, strict=False):
        text = one_line(cell.text)
        # The gap before a cell is written with it, so that no line ends in spaces.
        if text:
            line.append(" " * gap).append(text, cell.style)
            gap = 0
        gap += width - cell_len(text) + GUTTER
    return line


def _start(widths: Sequence[int]) -> int:
    """Where the last column begins."""
    return INDENT + sum(widths[:-1]) + GUTTER * (len(widths) - 1)


def _flowing(row: Sequence[Cell], widths: Sequence[int], look: Look) -> Text:
    """A row whose last cell goes on below itself."""
    line = _line(row[:-1], widths)
    last, start = row[-1], _start(widths)
    if not last.text:
        return line
    text = hanging(" " * start, one_line(last.text), look.width, style=last.style)
    return line.append(" " * (start - cell_len(line.plain))).append_text(text[start:])


def _under(headings: Sequence[str], cells: Sequence[Cell], look: Look) -> list[Text]:
    """The columns that had no room, below the row: "dtype float32 · trainable yes"."""
    told = [
        f"{heading} {one_line(cell.text)}".lstrip()
        for heading, cell in zip(headings, cells, strict=True)
        if cell.text
    ]
    if not told:
        return []
    text = f" {look.glyphs.dot} ".join(told)
    return [hanging(" " * INDENT + "  ", text, look.width, style="quiet")]
