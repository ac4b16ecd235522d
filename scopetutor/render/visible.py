"""Text from a workspace, made harmless: what a terminal would obey is shown instead.

A learner's program, or a lesson somebody else wrote, may print escape codes that move
the cursor, rename the window or hide text. Every string that comes from a workspace
goes through `visible` before it is drawn or printed.
"""

from __future__ import annotations

import re

# C0 but newline and tab, DEL, C1; the marks that reverse the direction of text or hide
# in it; line separators (a terminal may break there, our layout would not); halves of
# surrogate pairs, which no encoding can write.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text with control characters spelt out, such as ``\x1b``.

    Newlines and tabs stay; a Windows line end becomes a newline.
    """
    if text.isascii() and text.isprintable():
        return text
    return _OBEYED.sub(_spelt, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 0) -> str:
    """Visible text on one line, no longer than `limit` characters (0: any length)."""
    line = visible(text).replace("\n", "\\n").replace("\t", " ")
    return f"{line[: limit - 1]}…" if 0 < limit < len(line) else line


def _spelt(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x0D:
        return "\\r"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
