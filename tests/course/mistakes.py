"""Reads the tables of authors' mistakes that lie beside this file.

Each entry: its name (#), the text of tiny/sample.md that is replaced once (-), what it
is replaced by (+), and every line of complaint (=), in which … stands for anything.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Mistake(NamedTuple):
    """A change to the sample lesson that makes it wrong, and what is said of it."""

    name: str
    old: str
    new: str
    said: tuple[str, ...]

    def made(self, text: str) -> str:
        """The lesson's text with the mistake in it."""
        assert self.old in text, f"{self.name}: the sample has changed"
        return text.replace(self.old, self.new, 1)

    def matches(self, said: list[str]) -> bool:
        """Whether just these complaints were expected."""
        return len(said) == len(self.said) and all(
            re.fullmatch(re.escape(want).replace("…", ".*"), got)
            for want, got in zip(self.said, said, strict=True)
        )


def read(file: str) -> list[Mistake]:
    """The entries of a table."""
    text = (HERE / file).read_text(encoding="utf-8")
    return [_mistake(entry) for entry in re.split(r"\n\n(?=# )", text.strip("\n"))]


def _mistake(entry: str) -> Mistake:
    def marked(mark: str) -> list[str]:
        rows = (row for row in entry.split("\n") if row.startswith(mark))
        return [row[2:] for row in rows]

    return Mistake(
        marked("#")[0],
        "\n".join(marked("-")),
        "\n".join(marked("+")),
        tuple(marked("=")),
    )
