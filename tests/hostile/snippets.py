"""The hostile snippets of ``snippets.txt``, and a few that no text file can hold."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).with_name("snippets.txt")
_OVER = ("ok", "error")


class Snippet(NamedTuple):
    """A hostile snippet.

    Attributes:
        name: what it tries.
        text: Python source.
        endings: how it may end.
    """

    name: str
    text: str
    endings: tuple[str, ...]


def _read() -> list[Snippet]:
    found = []
    for section in _FILE.read_text(encoding="utf-8").split("\n== ")[1:]:
        head, _, text = section.partition("\n")
        name, _, endings = head.rpartition(": ")
        lines = [line for line in text.splitlines() if not line.startswith("# --")]
        found.append(
            Snippet(name, "\n".join(lines).strip("\n"), tuple(_endings(endings)))
        )
    return found


def _endings(words: str) -> list[str]:
    found = words.split()
    return [*_OVER, *found] if "over" in found else found


ALL = [
    *_read(),
    Snippet("a million characters in a line", "s = '" + "x" * 10**6 + "'", _OVER),
    Snippet("an error on a very long line", "1/0 #" + "x" * 10**6, _OVER),
    Snippet("NUL in the source", "y = 1\0", _OVER),
    Snippet("surrogate in the source", "y = '\ud800'", _OVER),
]
