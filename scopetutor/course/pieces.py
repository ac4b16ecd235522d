"""Markdown cut into the pieces a lesson is made of, each with its line.

The only file that knows markdown-it-py. Before `load`, which gives the pieces meaning.
A lesson's front matter has been taken off; lines are counted in the whole file.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token


class Heading(msgspec.Struct, frozen=True):
    """A heading of the first or second level; deeper ones are prose."""

    level: int
    text: str
    line: int


class Fence(msgspec.Struct, frozen=True):
    """A fenced block.

    Attributes:
        info: what stands behind the opening fence.
        text: between the fences.
        line: of the opening fence.
        closed: whether there is a closing fence.
    """

    info: str
    text: str
    line: int
    closed: bool = True


class Quote(msgspec.Struct, frozen=True):
    """A block quote, without its marks."""

    text: str
    line: int


class Text(msgspec.Struct, frozen=True):
    """Any other Markdown, as written."""

    text: str
    line: int


class Html(msgspec.Struct, frozen=True):
    """Raw HTML that is no comment."""

    text: str
    line: int


Piece: TypeAlias = Heading | Fence | Quote | Text | Html

_QUOTE_MARK = re.compile(r"^ {0,3}> ?")


@cache
def _markdown() -> MarkdownIt:
    """The CommonMark parser, without what is inside paragraphs."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - 40 ms, when it is needed

    markdown = MarkdownIt("commonmark")
    markdown.core.ruler.disable(["inline"])
    return markdown


def cut(text: str, first_line: int) -> list[Piece]:
    """The pieces of a text whose first line is line `first_line` of its file."""
    lines = text.split("\n")
    pieces: list[Piece] = []
    prose_from = 0
    for token, start, end in _blocks(text):
        piece = _piece(token, lines, start, end, first_line)
        if piece is None and token.type != "html_block":
            continue  # prose, taken when something else begins
        _add_prose(pieces, lines, prose_from, start, first_line)
        if piece is not None:
            pieces.append(piece)
        prose_from = end
    _add_prose(pieces, lines, prose_from, len(lines), first_line)
    return pieces


def _blocks(text: str) -> Iterator[tuple[Token, int, int]]:
    """The outermost blocks, with the lines they take, counted from 0."""
    for token in _markdown().parse(text):
        if token.level == 0 and token.map and token.nesting >= 0:
            yield token, token.map[0], token.map[1]


def _piece(
    token: Token, lines: list[str], start: int, end: int, first_line: int
) -> Piece | None:
    line = first_line + start
    taken = lines[start:end]
    if token.type == "heading_open" and token.tag in ("h1", "h2"):
        return Heading(int(token.tag[1:]), _heading_text(taken), line)
    if token.type == "fence":
        return Fence(token.info.strip(), token.content, line, _closed(token, taken))
    if token.type == "blockquote_open":
        unmarked = [_QUOTE_MARK.sub("", one) for one in taken]
        return Quote("\n".join(unmarked).strip(), line)
    if token.type == "html_block" and not token.content.lstrip().startswith("<!--"):
        return Html(token.content.strip(), line)
    return None


def _heading_text(taken: list[str]) -> str:
    """Without its # marks, or the line below that makes it a heading."""
    return taken[0].strip().lstrip("#").rstrip("#").strip() if taken else ""


def _closed(token: Token, taken: list[str]) -> bool:
    last = taken[-1].strip() if len(taken) > 1 else ""
    return last.startswith(token.markup) and not last.strip(token.markup[0])


def _add_prose(
    pieces: list[Piece], lines: list[str], start: int, end: int, first_line: int
) -> None:
    """Adds lines [start, end) as prose, unless they are blank."""
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end]).rstrip()
    if text:
        pieces.append(Text(text, first_line + start))


def as_prose(piece: Piece) -> str:
    """A piece as the Markdown it was."""
    if isinstance(piece, Fence):
        return f"```{piece.info}\n{piece.text}```"
    if isinstance(piece, Quote):
        return "\n".join(f"> {line}".rstrip() for line in piece.text.split("\n"))
    return piece.text
