"""`:graph`: the data flow as boxes and lines, sources on top.

A small graph is drawn in layers. Of one that is too large for the screen, training and
constants are left out, and then scopes are folded, no more than needed; where even that
does not fit, and in plain text, each operation is listed with what feeds it.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from .data_flow import DataFlow, Part, data_flow, folded, forward, without_constants
from .layers import Layout, layout
from .outline import Cell, Row, outline
from .visible import one_line
from .words import counted
from .wrap import hanging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.snapshot import Snapshot

    from .look import Look

GAP = 2
MARGIN = 2
MOST_BOXES = 60

# A character for each set of directions a line leaves a place in.
UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
LINES = {
    UP: "│",
    DOWN: "│",
    LEFT: "─",
    RIGHT: "─",
    UP | DOWN: "│",
    LEFT | RIGHT: "─",
    UP | LEFT: "╯",
    UP | RIGHT: "╰",
    DOWN | LEFT: "╮",
    DOWN | RIGHT: "╭",
    UP | DOWN | LEFT: "┤",
    UP | DOWN | RIGHT: "├",
    UP | LEFT | RIGHT: "┴",
    DOWN | LEFT | RIGHT: "┬",
    UP | DOWN | LEFT | RIGHT: "┼",
}
ASCII_LINES = {key: "|" if key < LEFT else "-" if not key & 3 else "+" for key in LINES}

STYLES = {
    "variable": "created",
    "placeholder": "reuse.yes",
    "constant": "quiet",
    "operation": "scope",
    "scope": "scope",
}


def graph(
    snapshot: Snapshot, look: Look, *, around: str = "", every: bool = False
) -> Text:
    """Draw the default graph.

    Args:
        snapshot: of the workspace.
        look: how.
        around: only what this operation or variable needs, and what it feeds.
        every: with the operations that variables are made of.
    """
    flow = data_flow(snapshot, around=around, every=every)
    if not flow.parts:
        return Text("  the graph is empty", "quiet")
    if look.plain or look.ascii:
        return _listed(flow, look)
    core = forward(flow)
    for view in _views(flow, core):
        if 0 < len(view.parts) <= MOST_BOXES:
            laid = layout(list(view.parts), view.edges, _width(view), GAP)
            if laid.width + MARGIN <= look.width:
                return _noted(_drawn(view, laid, look), _left_out(flow, view), look)
    shown = core if core.parts else flow
    left_out = ["too wide to be drawn", *_left_out(flow, shown)]
    return _noted(_listed(shown, look), left_out, look)


def _noted(drawn: Text, left_out: list[str], look: Look) -> Text:
    """A drawing with what it does not show, and where that can be seen."""
    if not left_out:
        return drawn
    note = (
        f"{', '.join(left_out)}; :graph NAME shows one part, :graph net.svg all of it"
    )
    return drawn.append("\n").append_text(
        hanging("  ", note, look.width, style="quiet")
    )


def _left_out(flow: DataFlow, view: DataFlow) -> list[str]:
    """What a view of a flow does not show."""
    if view is flow:
        return []
    kinds = {part.kind for part in view.parts.values()}
    had = {part.kind for part in flow.parts.values()}
    told = {
        "training is left out": len(forward(flow).parts) < len(flow.parts),
        "constants are left out": "constant" in had - kinds,
        "scopes are folded": "scope" in kinds,
    }
    return [what for what, is_so in told.items() if is_so]


def _views(flow: DataFlow, core: DataFlow) -> Iterator[DataFlow]:
    """The flow itself, its core, and that with more and more of its scopes folded."""
    yield flow
    yield core
    core = without_constants(core)
    yield core
    deepest = max((name.count("/") for name in core.parts), default=0)
    for depth in range(deepest, 0, -1):
        yield folded(core, depth)


def _listed(flow: DataFlow, look: Look) -> Text:
    fed = {name: _sources(flow, name) for name in flow.parts}
    rows = [
        Row(
            0,
            Cell(one_line(part.name), STYLES[part.kind]),
            (
                Cell(one_line(part.type)),
                Cell(part.gives, "type"),
                Cell(fed[name], "place"),
            ),
        )
        for name, part in flow.parts.items()
    ]
    return outline(rows, look).append(_hidden(flow), "quiet")


def _sources(flow: DataFlow, name: str) -> str:
    """Such as "from x, w, after init"."""
    told = []
    for word, edges in (("from", flow.edges), ("after", flow.waits)):
        starts = [one_line(start) for start, end in edges if end == name]
        told += [f"{word} {', '.join(starts)}"] if starts else []
    return ", ".join(told)


def _hidden(flow: DataFlow) -> str:
    if not flow.hidden:
        return ""
    return f"\n  {counted(flow.hidden, 'further operation')} not listed"


# -- boxes and lines ----------------------------------------------------------------


def _label(part: Part) -> tuple[str, str]:
    """The two lines of a box."""
    what = part.gives if part.kind == "variable" else f"{part.type} {part.gives}"
    name = f"{part.name}/" if part.kind == "scope" else part.name
    return one_line(name), one_line(what.strip())


def _width(flow: DataFlow) -> Callable[[str], float]:
    def width(name: str) -> float:
        if name not in flow.parts:
            return 1
        return max(map(cell_len, _label(flow.parts[name]))) + 4

    return width


class Canvas:
    """Characters at places; lines that meet are joined."""

    def __init__(self) -> None:
        self.lines: dict[tuple[int, int], int] = {}
        self.texts: dict[tuple[int, int], tuple[str, str]] = {}
        self.height = 0

    def text(self, row: int, column: int, text: str, style: str = "") -> None:
        """Write a text from a place on."""
        self.texts[row, column] = (text, style)
        self.height = max(self.height, row + 1)

    def down(self, column: int, top: int, bottom: int) -> None:
        """Draw a line from one row down to another."""
        for row in range(top, bottom + 1):
            up = UP if row > top else 0
            below = DOWN if row < bottom else 0
            self._join(row, column, up | below)

    def across(self, row: int, left: int, right: int) -> None:
        """Draw a line from one column to another."""
        left, right = sorted((left, right))
        for column in range(left, right + 1):
            before = LEFT if column > left else 0
            after = RIGHT if column < right else 0
            self._join(row, column, before | after)

    def _join(self, row: int, column: int, directions: int) -> None:
        self.lines[row, column] = self.lines.get((row, column), 0) | directions
        self.height = max(self.height, row + 1)

    def drawn(self, look: Look) -> Text:
        """Everything as text."""
        shapes = ASCII_LINES if look.ascii else LINES
        rows: list[list[tuple[int, str, str]]] = [[] for _ in range(self.height)]
        for (row, column), (text, style) in self.texts.items():
            rows[row].append((column, text, style))
        for (row, column), directions in self.lines.items():
            if directions:
                rows[row].append((column, shapes[directions], "quiet"))
        return Text("\n").join(_row(pieces) for pieces in rows)


def _row(pieces: list[tuple[int, str, str]]) -> Text:
    line, at = Text(), 0
    for column, text, style in sorted(pieces):
        if column < at:
            continue  # a box covers the line behind it
        line.append(" " * (column - at)).append(text, style)
        at = column + cell_len(text)
    return line


def _drawn(flow: DataFlow, laid: Layout, look: Look) -> Text:
    canvas = Canvas()
    column = {name: round(place) + MARGIN for name, place in laid.center.items()}
    row = 0
    for level, layer in enumerate(laid.layers):
        for name in layer:
            if name in flow.parts:
                _box(canvas, flow.parts[name], row, column[name])
            else:
                canvas.down(column[name], row, row + 3)
        if level + 1 < len(laid.layers):
            row = _between(canvas, laid, level, row + 3, column)
    text = canvas.drawn(look)
    for start, end in laid.loops:
        text.append(f"\n  {one_line(start)} feeds {one_line(end)} again", "quiet")
    for start, end in flow.waits:
        text.append(f"\n  {one_line(end)} waits for {one_line(start)}", "quiet")
    return text.append(_hidden(flow), "quiet")


def _box(canvas: Canvas, part: Part, row: int, center: int) -> None:
    name, what = _label(part)
    inside = max(cell_len(name), cell_len(what)) + 2
    left = center - (inside + 2) // 2
    canvas.text(row, left, f"╭{'─' * inside}╮", "quiet")
    for offset, (text, style) in enumerate(((name, STYLES[part.kind]), (what, "type"))):
        space = inside - cell_len(text)
        before = space // 2
        canvas.text(row + 1 + offset, left, "│", "quiet")
        canvas.text(row + 1 + offset, left + 1 + before, text, style)
        canvas.text(row + 1 + offset, left + inside + 1, "│", "quiet")
    canvas.text(row + 3, left, f"╰{'─' * inside}╯", "quiet")


def _between(
    canvas: Canvas, laid: Layout, level: int, bottom: int, column: dict[str, int]
) -> int:
    """Draw the lines from a layer to the next; the row where the next begins.

    All lines that leave a node share one track (a row between the layers).
    """
    upper = set(laid.layers[level])
    fans: dict[str, list[str]] = {}
    for path in laid.paths.values():
        for start, end in itertools.pairwise(path):
            if start in upper and end not in fans.setdefault(start, []):
                fans[start].append(end)
    tracks = _tracks(fans, column)
    rows = max(tracks.values(), default=0) + 1
    top = bottom + 1 + rows + 1
    for start, ends in fans.items():
        track = bottom + 1 + tracks[start]
        canvas.down(column[start], bottom, track)
        for end in ends:
            canvas.across(track, column[start], column[end])
            canvas.down(column[end], track, top - 1)
    return top


def _tracks(fans: dict[str, list[str]], column: dict[str, int]) -> dict[str, int]:
    """A track for each fan, so that no two fans lie on one another.

    Where one fan starts in the column another ends in, the one that starts there leaves
    the column first.
    """
    taken: list[list[tuple[int, int]]] = []
    tracks: dict[str, int] = {}
    starts = {column[start]: start for start in fans}
    for start in _leaving_first(fans, column, starts):
        places = [column[start], *(column[end] for end in fans[start])]
        left, right = min(places), max(places)
        before = [starts.get(column[end], start) for end in fans[start]]
        first = max((tracks.get(b, -1) + 1 for b in before if b != start), default=0)
        track = next(
            (
                track
                for track in range(first, len(taken))
                if all(right < other[0] or left > other[1] for other in taken[track])
            ),
            max(first, len(taken)),
        )
        taken.extend([] for _ in range(track + 1 - len(taken)))
        taken[track].append((left, right))
        tracks[start] = track
    return tracks


def _leaving_first(
    fans: dict[str, list[str]], column: dict[str, int], starts: dict[int, str]
) -> Iterator[str]:
    """The fans, each after those that start where it ends (a circle is cut)."""
    seen: set[str] = set()

    def visit(start: str) -> Iterator[str]:
        if start in seen:
            return
        seen.add(start)
        for end in fans[start]:
            yield from visit(starts.get(column[end], start))
        yield start

    for start in sorted(fans, key=column.__getitem__):
        yield from visit(start)


if __name__ == "__main__":
    from .demo import NETWORK, show

    show(lambda look: graph(NETWORK, look))
