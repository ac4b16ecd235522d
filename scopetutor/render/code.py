"""Code to read: indented, coloured by meaning, numbered where that is asked.

`prose` and `step` draw their blocks of code with it, and `repl.export` the entries of a
session. Pygments says what each word is, `theme` has the colours.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rich.text import Text

from .visible import visible

if TYPE_CHECKING:
    from .look import Look

INDENT = 4

# What Pygments calls a token: our meaning of it. The first that fits counts.
MEANINGS = (
    ("Token.Keyword.Constant", "type"),
    ("Token.Keyword", "reused"),
    ("Token.Operator.Word", "reused"),
    ("Token.Literal.String", "created"),
    ("Token.Literal.Number", "type"),
    ("Token.Comment", "quiet"),
    ("Token.Name.Builtin", "type"),
)


def code(
    source: str, look: Look, *, language: str = "python", numbers: bool = False
) -> Text:
    """Draw a program.

    Args:
        source: its text.
        look: how.
        language: what a fence says behind its marks; only Python is coloured.
        numbers: whether its lines are numbered.
    """
    text = visible(source)
    drawn = _colored(text) if look.color and language[:6] == "python" else Text(text)
    lines = drawn.split("\n")
    width = len(str(len(lines)))
    drawn = Text()
    for number, line in enumerate(lines, 1):
        margin = f"{number:>{width}}  ".rjust(INDENT) if numbers else " " * INDENT
        drawn.append("\n" if number > 1 else "")
        drawn.append(margin if line or numbers else "", "quiet").append_text(line)
    return drawn


def _colored(source: str) -> Text:
    text = Text()
    for kind, piece in _lexer().get_tokens(source):
        text.append(piece, _meaning(str(kind)))
    text.rstrip()
    return text


@cache
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer()


@cache
def _meaning(kind: str) -> str:
    return next((meaning for name, meaning in MEANINGS if kind.startswith(name)), "")


if __name__ == "__main__":
    from .demo import PROGRAM, show

    show(lambda look: code(PROGRAM, look, numbers=True))
