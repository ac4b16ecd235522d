"""One tensor with its values in figures: `scopetutor ckpt show`.

After `checkpoints.statistics`; the histogram is that of `values`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .sizes import bytes_text, count_text
from .values import histogram
from .visible import visible
from .words import counted, shape_text
from .wrap import paragraphs

if TYPE_CHECKING:
    from scopetutor.checkpoints.statistics import Statistics

    from .look import Look


def tensor(seen: Statistics, look: Look) -> Text:
    """Draw a tensor: what it is, its statistics, a histogram, its values."""
    entry = seen.entry
    told = [
        f"{entry.dtype} {shape_text(entry.shape)}",
        f"{count_text(entry.elements)} elements",
        bytes_text(entry.bytes),
        entry.detail,
        counted(entry.parts, "part") if entry.parts else "",
    ]
    dot = f" {look.glyphs.dot} "
    head = Text(visible(entry.name), "heading")
    lines = [head.append(f"  {dot.join(word for word in told if word)}", "quiet")]
    if seen.low is not None and seen.high is not None:
        lines.append(_figures(seen, look))
    odd = [
        counted(count, noun, plural)
        for count, noun, plural in (
            (seen.nans, "NaN", "NaN"),
            (seen.infinities, "infinity", "infinities"),
        )
        if count
    ]
    if odd:
        lines.append(Text(f"  {' and '.join(odd)} in it", "error"))
    lines += [Text(f"  {line}", "value") for line in visible(seen.text).split("\n")]
    return paragraphs(lines)


def _figures(seen: Statistics, look: Look) -> Text:
    numbers = (
        ("low", seen.low),
        ("mean", seen.mean),
        ("high", seen.high),
        ("deviation", seen.deviation),
    )
    text = "  ".join(f"{name} {value:.6g}" for name, value in numbers)
    line = Text(f"  {text}")
    if seen.zeros:
        line.append(f"  zeros {seen.zeros:,}")
    if seen.bins:
        line.append("\n  histogram " if look.plain else "\n  ")
        line.append(histogram(seen.bins, look), "bars")
        if not look.plain:
            line.append(f"  {seen.low:.3g} to {seen.high:.3g}", "quiet")
    return line
