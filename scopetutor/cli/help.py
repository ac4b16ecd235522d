"""`scopetutor help TOPIC`: what there is to know besides the options of a command.

The topics are Markdown files in `topics`; `keys` and `commands` are made from the
tables of the prompt, so that they cannot be out of date.
"""

from __future__ import annotations

from collections.abc import Iterator  # Typer evaluates annotations
from importlib import resources
from typing import TYPE_CHECKING, Annotated

import typer

from .showing import PLAIN

if TYPE_CHECKING:
    from rich.text import Text

    from scopetutor.render.look import Look

FOLDER = resources.files("scopetutor.cli") / "topics"  # perhaps in a zip file
TABLES = {"keys": "The keys of the prompt", "commands": "The commands of the prompt"}


def topics() -> dict[str, str]:
    """The topics and their titles."""
    names = sorted(file.name.removesuffix(".md") for file in FOLDER.iterdir())
    return TABLES | {name: _text(name).partition("\n")[0][2:] for name in names}


def _text(topic: str) -> str:
    return (FOLDER / f"{topic}.md").read_text(encoding="utf-8")


def _offered(incomplete: str) -> Iterator[tuple[str, str]]:
    """Topics and commands, for the shell's Tab key."""
    from .table import COMMANDS

    known = {**topics(), **{name: summary for name, _, summary in COMMANDS}}
    for name, title in known.items():
        if name.startswith(incomplete):
            yield name, title


def command(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="[TOPIC | COMMAND]", help="What about.", autocompletion=_offered,
            show_default=False,
        ),
    ] = "",
    plain: PLAIN = False,
) -> None:  # fmt: skip
    r"""Explain a topic, or a command; alone, list the topics.

    \b
    Examples:
      scopetutor help
      scopetutor help keys
      scopetutor help json
      scopetutor help repl
    """
    from .showing import show

    show(lambda look: explained(topic, look), plain=plain)


def explained(topic: str, look: Look) -> Text:
    """The text of a topic.

    Raises:
        UsageError: there is none of this name.
    """
    from difflib import get_close_matches

    from scopetutor.errors import UsageError
    from scopetutor.render.prose import prose

    if not topic:
        return _listed(look)
    if topic in TABLES:
        return _table(topic, look)
    if topic in topics():
        return prose(_text(topic).partition("\n")[2].strip(), look)
    near = get_close_matches(topic, topics(), n=1)
    raise UsageError(
        f"there is no topic {topic!r}",
        hint=f"scopetutor help {near[0]}" if near else "scopetutor help",
    )


def _listed(look: Look) -> Text:
    from scopetutor.render.outline import Cell
    from scopetutor.render.table import table

    rows = [(Cell(name, "heading"), Cell(title)) for name, title in topics().items()]
    return table(("topic", "scopetutor help TOPIC tells about"), rows, look)


def _table(topic: str, look: Look) -> Text:
    from scopetutor.render.command_help import command_list, key_list

    if topic == "keys":
        from scopetutor.repl.keys import HELP

        return key_list(HELP, look)
    from scopetutor.repl.commands import COMMANDS

    return command_list(COMMANDS, look)
