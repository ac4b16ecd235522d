"""Lines no wider than a screen: words kept whole, wide characters counted as two.

Used by every drawing that has sentences in it.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text

_WIDE = r"\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
_CLOSING = "，。、；：！？）】》」』”’…"
# Chinese, Japanese and Korean text may be broken between any two characters, but no
# line begins with a mark that closes something.
_WORD = re.compile(rf"(\s*)([{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}]+[{_CLOSING}]*)")


def written_together(character: str) -> bool:
    """Whether the character's language puts no spaces between words."""
    return re.match(f"[{_WIDE}{_CLOSING}]", character) is not None


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; its own newlines are kept.

    A word that is wider than a line has a line of its own: names and paths stay whole,
    so that they can be copied.
    """
    lines = []
    for paragraph in text.split("\n"):
        line, at = "", 0
        for spaces, word in _WORD.findall(paragraph):
            room = cell_len(word)
            if line and at + len(spaces) + room > width:
                lines.append(line)
                line, at = word, room
            else:
                line += spaces + word
                at += len(spaces) + room
        lines.append(line)
    return lines


def hanging(
    first: str, text: str, width: int, *, style: str = "", head: str = ""
) -> Text:
    """A text after a head, such as "  try  …", with later lines below the text.

    Args:
        first: what stands before the first line.
        text: to be wrapped.
        width: of the screen.
        style: of the text.
        head: the style of `first`.
    """
    margin = " " * cell_len(first)
    drawn = Text()
    for index, line in enumerate(wrap(text, max(width - cell_len(first), 20))):
        if index:
            drawn.append("\n")
        drawn.append(margin if index else first, head if not index else "")
        drawn.append(line, style)
    return drawn


def paragraphs(parts: list[Text]) -> Text:
    """The parts one below the other."""
    return Text("\n").join(parts)
