"""`scopetutor coverage`: sums by part of the language, or one line for each name.

After `tf.ledger`, which has looked for each of TensorFlow's names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .table import table
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.tf.ledger import Line

    from .look import Look

STATES = ("faithful", "partial", "absent")
_STYLES = {"faithful": "", "partial": "reused", "absent": "error"}


def ledger_sums(lines: Sequence[Line], general: Sequence[str], look: Look) -> Text:
    """Draw how many names of each part are faithful, partial and absent.

    Args:
        lines: of the ledger, all of them.
        general: differences that belong to no one name.
        look: how.
    """
    parts: dict[str, list[Line]] = {}
    for line in lines:
        parts.setdefault(part_of(line.name), []).append(line)
    rows = [_sums(name, some) for name, some in sorted(parts.items())]
    rows.append(_sums("all", lines))
    drawn = table(("part", *STATES, "of", "here"), rows, look)
    told = [hanging("  * ", text, look.width) for text in general]
    return paragraphs([drawn, *told])


def part_of(name: str) -> str:
    """The part of the language a name is in: "tf", "tf.nn", "tf.contrib.layers"."""
    parts = name.split(".")
    length = 3 if parts[1:2] == ["contrib"] else 2
    return (
        ".".join(parts[:length])
        if len(parts) > length
        else ".".join(parts[: length - 1])
    )


def _sums(name: str, lines: Sequence[Line]) -> tuple[Cell, ...]:
    counts = [sum(1 for line in lines if line.state == state) for state in STATES]
    here = (len(lines) - counts[2]) / len(lines)
    return (
        Cell(name, "scope"),
        *(Cell(f"{count:,}") for count in counts),
        Cell(f"{len(lines):,}"),
        Cell(f"{here:.0%}"),
    )


def ledger_lines(lines: Sequence[Line], look: Look) -> Text:
    """Draw a line for each name; its differences below it."""
    if not lines:
        return Text("  nothing is missing", "quiet")
    drawn = []
    for line in lines:
        drawn.append(
            Text("  ").append(line.state, _STYLES[line.state]).append(f"  {line.name}")
            + Text(line.signature, "quiet")
        )
        drawn.extend(hanging("    ", text, look.width) for text in line.differences)
    return paragraphs(drawn)


if __name__ == "__main__":
    from scopetutor.tf.ledger import Line

    from .demo import show

    told = (
        Line("tf.nn.relu", "function", "(features, name=None)", "faithful"),
        Line("tf.nn.ctc_loss", "function", "(labels, …)", "absent"),
    )
    show(lambda look: ledger_lines(told, look))
