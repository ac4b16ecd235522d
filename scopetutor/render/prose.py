"""Markdown for a terminal: the prose of lessons, concept cards and help topics.

Paragraphs are wrapped to a width one can read, code keeps its back quotes (so that
nothing depends on colour), blocks of code are indented and keep their lines.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from .code import code
from .visible import visible
from .wrap import wrap, written_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from .look import Look

WIDEST = 80  # longer lines are hard to read

# What a piece of inline Markdown is shown with: before it, after it, its style.
INLINE = {
    "strong": ("", "", "bold"),
    "em": ("", "", "italic"),
}


def prose(markdown: str, look: Look, *, indent: int = 0, style: str = "") -> Text:
    """Draw Markdown.

    Args:
        markdown: as its author wrote it.
        look: how.
        indent: spaces before every line.
        style: of ordinary words.
    """
    width = min(look.width, WIDEST) - indent
    blocks = _blocks(_parser().parse(visible(markdown)), width, look)
    drawn = Text("\n\n").join(list(blocks))
    if style:
        drawn.stylize_before(style)
    if not indent:
        return drawn
    margin = Text(" " * indent)
    lines = (margin + line if line else line for line in drawn.split("\n"))
    return Text("\n").join(lines)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _blocks(tokens: list[Token], width: int, look: Look) -> Iterator[Text]:
    """The outermost blocks of a document, each as text."""
    index = 0
    while index < len(tokens):
        end = _end_of(tokens, index)
        yield _block(tokens[index : end + 1], width, look)
        index = end + 1


def _end_of(tokens: list[Token], start: int) -> int:
    """Where the block that starts here ends."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


def _block(tokens: list[Token], width: int, look: Look) -> Text:
    first = tokens[0]
    inside = tokens[1:-1]
    if first.type in {"fence", "code_block"}:
        return code(first.content.rstrip("\n"), look, language=first.info)
    if first.type == "heading_open":
        return _wrapped(inside[0], width, base="heading")
    if first.type in {"bullet_list_open", "ordered_list_open"}:
        return _list(first, inside, width, look)
    if first.type == "blockquote_open":
        blocks = list(_blocks(inside, width - 2, look))
        return _beside(
            "> " if look.plain or look.ascii else "│ ", Text("\n\n").join(blocks)
        )
    if first.type == "table_open":
        return _table(inside, look)
    if first.type == "hr":
        return Text(look.glyphs.line * width, "quiet")
    if first.type == "paragraph_open":
        return _wrapped(inside[0], width)
    return Text(first.content)  # HTML, shown as it is written


def _beside(sign: str, text: Text, *, only_first: bool = False) -> Text:
    """The text with a sign left of its first line, or of every line."""
    lines = text.split("\n")
    margin = " " * cell_len(sign)
    return Text("\n").join(
        Text(margin if index and only_first else sign, "quiet") + line
        for index, line in enumerate(lines)
    )


def _list(first: Token, inside: list[Token], width: int, look: Look) -> Text:
    items: list[Text] = []
    index = 0
    number = int(first.attrGet("start") or 1)
    while index < len(inside):
        end = _end_of(inside, index)
        ordered = first.type == "ordered_list_open"
        sign = f"{number + len(items)}. " if ordered else f"{look.glyphs.dot} "
        blocks = _blocks(inside[index + 1 : end], width - len(sign), look)
        items.append(_beside(sign, Text("\n").join(list(blocks)), only_first=True))
        index = end + 1
    return Text("\n").join(items)


def _table(inside: list[Token], look: Look) -> Text:
    from .outline import Cell
    from .table import table

    rows: list[list[Cell]] = []
    for token in inside:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(Cell(_inline(token).plain))
    return table([cell.text for cell in rows[0]], rows[1:], look)


def _wrapped(inline: Token, width: int, base: str = "") -> Text:
    """A paragraph in lines that fit, its styles kept."""
    whole = _inline(inline)
    if base:
        whole.stylize_before(base)
    drawn = Text()
    at = 0
    for line in wrap(whole.plain, width):
        # A line is a run of the paragraph, but for the space it was broken at.
        at = whole.plain.index(line, at) if line else at
        drawn.append("\n" if drawn else "").append_text(whole[at : at + len(line)])
        at += len(line)
    return drawn


def _inline(inline: Token) -> Text:
    text = Text()
    styles: list[str] = []
    for token in inline.children or ():
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "code_inline":
            text.append(f"`{token.content}`", "code.inline")
        elif token.type == "softbreak":
            # Chinese and Japanese put no space where a line is broken.
            text.append("" if written_together(text.plain[-1:]) else " ")
        elif token.type == "hardbreak":
            text.append("\n")
        elif kind in INLINE and token.nesting == 1:
            styles.append(INLINE[kind][2])
        elif kind in INLINE:
            styles.pop()
        elif token.type == "link_open":
            styles.append("underline")
            href = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            styles.pop()
            if href not in text.plain:
                text.append(f" <{href}>", "quiet")
        else:
            text.append(token.content, " ".join(styles))
    return text


if __name__ == "__main__":
    from .demo import PROSE, show

    show(lambda look: prose(PROSE, look))
