"""The data flow of a graph as an SVG file, of any size, for dark and light pages alike.

The same layout as in the terminal (`graph`), with curves. Colours follow the page
(`prefers-color-scheme`); each kind of node has a shape of its own, so that nothing is
meant by colour alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .data_flow import DataFlow, Part, data_flow
from .layers import Layout, layout
from .visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.snapshot import Snapshot

CHARACTER = 7.3  # width of a character of the monospaced font at 12 px
PADDING = 14.0
BOX_HEIGHT = 40.0
LAYER = 84.0  # from the top of a layer to the top of the next
GAP = 24.0
MARGIN = 16.0

STYLE = """\
text{font:12px ui-monospace,Menlo,Consolas,monospace;text-anchor:middle;fill:#1c1c1c}
text.what{font-size:10.5px;fill:#585858}
.box{fill:#ffffff;stroke:#585858;stroke-width:1.2}
.variable .box{fill:#d7f5ea;stroke:#00684b;stroke-width:2}
.placeholder .box{fill:#fdf0d5;stroke:#8a4b00}
.constant .box{fill:#f2f2f2;stroke-dasharray:4 3}
path{fill:none;stroke:#585858;stroke-width:1.2}
path.wait{stroke-dasharray:3 3}
@media(prefers-color-scheme:dark){
text{fill:#e4e4e4}text.what{fill:#a8a8a8}
.box{fill:#1e1e1e;stroke:#a8a8a8}
.variable .box{fill:#0c3b2e;stroke:#2fc99a}
.placeholder .box{fill:#40300a;stroke:#e69f00}
.constant .box{fill:#2a2a2a}path{stroke:#a8a8a8}}
"""
ARROW = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
    'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8"/></marker></defs>'
)


def graph_svg(snapshot: Snapshot, *, around: str = "", every: bool = False) -> str:
    """The default graph as the text of an SVG file.

    Args:
        snapshot: of the workspace.
        around: only what this operation or variable needs, and what it feeds.
        every: with the operations that variables are made of.
    """
    flow = data_flow(snapshot, around=around, every=every)
    laid = layout(list(flow.parts), (*flow.edges, *flow.waits), _width(flow), GAP)
    width = laid.width + 2 * MARGIN
    height = max(len(laid.layers) - 1, 0) * LAYER + BOX_HEIGHT + 2 * MARGIN
    row = {name: n for n, layer in enumerate(laid.layers) for name in layer}
    body = [
        f"<title>{len(flow.parts)} operations</title>",
        f"<style>{STYLE}</style>",
        ARROW,
        *_lines(flow, laid, row),
        *(
            _box(part, laid.center[name], row[name])
            for name, part in flow.parts.items()
        ),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} '
        f'{height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img">'
    )
    return "\n".join([head, *body, "</svg>\n"])


def _width(flow: DataFlow) -> Callable[[str], float]:
    def width(name: str) -> float:
        if name not in flow.parts:
            return 1.0
        return max(map(len, _label(flow.parts[name]))) * CHARACTER + PADDING

    return width


def _label(part: Part) -> tuple[str, str]:
    return one_line(part.name), one_line(f"{part.type} {part.gives}".strip())


def _box(part: Part, center: float, row: int) -> str:
    name, what = _label(part)
    wide = max(len(name), len(what)) * CHARACTER + PADDING
    x, y = center + MARGIN, row * LAYER + MARGIN
    corner = {"variable": 2, "constant": 8, "placeholder": 20}.get(part.kind, 8)
    return (
        f'<g class="{part.kind}"><title>{escape(part.kind)}</title>'
        f'<rect class="box" x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" '
        f'height="{BOX_HEIGHT:.0f}" rx="{corner}"/>'
        f'<text x="{x:.1f}" y="{y + 17:.1f}">{escape(name)}</text>'
        f'<text class="what" x="{x:.1f}" y="{y + 31:.1f}">{escape(what)}</text></g>'
    )


def _lines(flow: DataFlow, laid: Layout, row: dict[str, int]) -> Iterator[str]:
    waits = set(flow.waits) - set(flow.edges)
    for edge, path in laid.paths.items():
        points = [(laid.center[n] + MARGIN, row[n] * LAYER + MARGIN) for n in path]
        (x, y), *others = points
        y += BOX_HEIGHT
        drawn = f"M{x:.1f} {y:.1f}"
        for index, (to_x, to_y) in enumerate(others):
            middle = (y + to_y) / 2
            drawn += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} "
            drawn += f"{to_x:.1f} {to_y:.1f}"
            x, y = to_x, to_y
            if index < len(others) - 1:  # a bend: straight past the boxes of its layer
                y += BOX_HEIGHT
                drawn += f"L{x:.1f} {y:.1f}"
        kind = ' class="wait"' if edge in waits else ""
        yield f'<path{kind} d="{drawn}" marker-end="url(#tip)"/>'


if __name__ == "__main__":
    import sys

    from .demo import NETWORK

    sys.stdout.write(graph_svg(NETWORK))
