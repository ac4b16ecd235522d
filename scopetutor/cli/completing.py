"""What could come next on a command line: the answers to a shell's Tab key.

The scripts of `scopetutor completion` call ``scopetutor --complete WORD…``, where the
last word is the unfinished one (it may be empty). Each line of the answer is a word, a
tab, and what it means. No answer: the shell completes file names.

`front` calls it; the words come from `table` and the commands' own options.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .table import COMMANDS, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator


def complete(words: list[str]) -> int:
    """Print what could stand in the place of the last word; the exit code."""
    *before, unfinished = words or [""]
    for word, meaning in _following(before, unfinished):
        if word.startswith(unfinished):
            sys.stdout.write(f"{word}\t{meaning}\n")
    return 0


def _following(before: list[str], unfinished: str) -> Iterator[tuple[str, str]]:
    if not before:
        yield from ((name, summary) for name, _, summary in COMMANDS)
        yield from (("--help", "What there is"), ("--version", "Which version"))
    elif before[0] in NAMES:
        yield from _of_command(before, unfinished)


def _of_command(before: list[str], unfinished: str) -> Iterator[tuple[str, str]]:
    """What a command's commands, options and arguments offer."""
    # Imported here: a command's name is completed without Typer.
    from .app import build

    command: Any = build(before[:1])
    given: list[str] = []
    for word in before:
        below = getattr(command, "commands", {}).get(word)
        command, given = (below, []) if below else (command, [*given, word])
    context = command.make_context(command.name, given, resilient_parsing=True)
    awaited = None if unfinished.startswith("-") else _option(command, before[-1])
    if awaited is not None:
        yield from _items(awaited.shell_complete(context, unfinished))
        return
    yield from _items(command.shell_complete(context, unfinished))
    if (argument := _argument(command, context)) is not None:
        yield from _items(argument.shell_complete(context, unfinished))


def _argument(command: Any, context: Any) -> Any:
    """The first argument that is not there yet, or goes on; None if all are."""
    for parameter in command.params:
        if parameter.param_type_name == "argument" and (
            parameter.nargs == -1 or not context.params.get(parameter.name)
        ):
            return parameter
    return None


def _option(command: Any, word: str) -> Any:
    """The option that the last word names and that wants a value, or None."""
    for parameter in command.params:
        if word in parameter.opts and not getattr(parameter, "is_flag", True):
            return parameter
    return None


def _items(items: Any) -> Iterator[tuple[str, str]]:
    """Typer's completions; those of kind "file" are left to the shell."""
    for item in items:
        if item.type == "plain":
            yield str(item.value), (item.help or "").split("\n")[0]
