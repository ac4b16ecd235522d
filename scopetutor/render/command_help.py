"""`:help`: the commands of the prompt and its keys.

Before it, the tables of commands and keys in `repl`; `scopetutor help commands` and
`help keys` show the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from .outline import Cell
from .table import table
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .look import Look


class Described(msgspec.Struct, frozen=True):
    """What the help says of a command.

    Attributes:
        name: what is typed after the colon.
        takes: what may follow.
        summary: what it does, in a few words.
        section: where it is listed.
        more: what else there is to know; its lines are kept.
    """

    name: str
    takes: str
    summary: str
    section: str
    more: str = ""


def command_list(commands: Sequence[Described], look: Look) -> Text:
    """Draw the list of all commands, by section."""
    sections = dict.fromkeys(command.section for command in commands)
    width = max(len(f":{c.name} {c.takes}") for c in commands) + 4
    narrow = look.width < width + 30
    parts = []
    for section in sections:
        parts.append(Text(f"{section}", "heading"))
        for command in commands:
            if command.section != section:
                continue
            head = f"  :{command.name} {command.takes}".rstrip()
            if narrow:
                parts += [Text(head), hanging("      ", command.summary, look.width)]
            else:
                parts.append(hanging(head.ljust(width), command.summary, look.width))
    return paragraphs(parts)


def command_help(command: Described, look: Look) -> Text:
    """Draw all there is to say of one command."""
    parts = [
        Text(f":{command.name} {command.takes}".rstrip(), "heading"),
        hanging(
            "  ", command.summary[:1].upper() + command.summary[1:] + ".", look.width
        ),
    ]
    for line in command.more.strip().split("\n") if command.more else []:
        margin = " " * (2 + len(line) - len(line.lstrip()))
        parts.append(hanging(margin, line.strip(), look.width))
    return paragraphs(parts)


def key_list(keys: Sequence[tuple[str, str]], look: Look) -> Text:
    """Draw the list of keys."""
    rows = [(Cell(key, "heading"), Cell(what)) for key, what in keys]
    return table(("key", "what it does"), rows, look)
