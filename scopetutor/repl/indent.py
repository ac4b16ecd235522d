"""When Enter ends an entry, and how far the next line is indented.

Only the text is looked at; nothing is run. `keys` asks these questions at each Enter.
"""

from __future__ import annotations

import re
import warnings
from codeop import CommandCompiler
from io import StringIO
from tokenize import (
    COMMENT,
    DEDENT,
    ENDMARKER,
    INDENT,
    NEWLINE,
    NL,
    TokenError,
    generate_tokens,
)
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from tokenize import TokenInfo

STEP = 4

_LEAVES = re.compile(r"^\s*(?:return|pass|break|continue|raise)\b")
_compile = CommandCompiler()


def is_complete(text: str) -> bool:
    """Whether Enter at the end of this text should run it.

    One line runs when it is a whole statement; a block runs after an empty line, or
    after a last line that stands outside all blocks. Commands (`:tree`) and questions
    (`w?`) run at once, and so does what can never become right: the error is more
    helpful than a further line.
    """
    lines = text.split("\n")
    if not text.strip() or (len(lines) == 1 and text.lstrip().startswith((":", "?"))):
        return True
    if len(lines) == 1 and text.rstrip().endswith("?"):
        return True
    if len(lines) > 1 and lines[-1].strip() and _ends_in_block(text):
        return False
    return _can_run(text.rstrip() + "\n")


def _can_run(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            code = _compile(text, symbol="exec")
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return True
    return code is not None


def _ends_in_block(text: str) -> bool:
    """Whether the last statement is indented; lines inside brackets do not count."""
    column = 0
    starts = True
    for token in _tokens(text):
        if token.type in {NEWLINE, NL}:
            starts = starts or token.type == NEWLINE
        elif starts and token.type not in {INDENT, DEDENT, COMMENT, ENDMARKER}:
            column = token.start[1]
            starts = False
    return column > 0


def _tokens(text: str) -> Iterator[TokenInfo]:
    """The tokens up to where the text stops making sense, which may be its end."""
    try:
        yield from generate_tokens(StringIO(text + "\n").readline)
    except (TokenError, SyntaxError):
        return


def next_indent(text: str) -> int:
    """How many spaces the line after this text starts with."""
    last = text.rpartition("\n")[2]
    here = len(last) - len(last.lstrip(" "))
    if (bracket := _open_bracket(text)) is not None:
        return bracket
    if not last.strip():
        return here
    if _without_comment(last).endswith(":"):
        return here + STEP
    if _LEAVES.match(last):
        return max(here - STEP, 0)
    return here


def _without_comment(line: str) -> str:
    """The line without a comment at its end; a # in a string is not one."""
    kept = ""
    quote = ""
    for character in line:
        if character == "#" and not quote:
            break
        if character in "\"'":
            quote = "" if character == quote else quote or character
        kept += character
    return kept.rstrip()


def _open_bracket(text: str) -> int | None:
    """The indentation inside the innermost bracket that is open; None if none is."""
    open_at: list[tuple[int, int, str]] = []
    for token in _tokens(text):
        if token.string in {"(", "[", "{"}:
            indent = len(token.line) - len(token.line.lstrip(" "))
            open_at.append((token.end[1], indent, token.line))
        elif token.string in {")", "]", "}"} and open_at:
            open_at.pop()
    if not open_at:
        return None
    column, indent, line = open_at[-1]
    # `f(a,` goes on below `a`; `f(` goes on one step further in.
    return column if line[column:].strip() else indent + STEP
