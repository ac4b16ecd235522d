"""Commands that keep a session and tell what it may do: `:save :load :share :limits`.

`commands` has them in its table. What is kept on disk by itself is `workspace.journal`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import UsageError
from scopetutor.workspace.scratch import MOST_WRITTEN
from scopetutor.workspace.settings import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopetutor.workspace.client import Options
    from scopetutor.workspace.timeline import Moment

    from .loop import Loop

HEAD = "# Saved by scopetutor: {count} that lead to moment {moment}.\n"


def save(loop: Loop, words: str) -> None:
    """Write the entries that lead here to a file."""
    file = _file(words, ":save model.py")
    if file.exists() and not _is_ours(file):
        raise UsageError(f"{file} exists and was not saved here", hint="another name")
    line = loop.workspace.timeline.path(loop.workspace.moment)
    entries = [moment for moment in line if moment.entry]
    if not entries:
        raise UsageError("there is nothing to save yet")
    write(file, script(entries, loop.workspace.moment))
    loop.say(f"{_counted(len(entries))} in {file}")


def write(file: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        problem = f"{file} cannot be written: {error.strerror or error}"
        raise UsageError(problem) from None


def script(entries: Iterable[Moment], moment: int) -> str:
    """The entries as a Python file; those that raised an error as comments."""
    entries = list(entries)
    parts = [HEAD.format(count=_counted(len(entries)), moment=moment)]
    for entry in entries:
        text = entry.text.strip("\n")
        if entry.ending not in ("ok", "exit"):
            said = f"entry {entry.entry} ended in: {entry.ending}"
            text = "\n".join([f"# {said}", *(f"# {ln}" for ln in text.split("\n"))])
        parts.append(f"{text}\n")
    return "\n".join(parts)


def _counted(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _is_ours(file: Path) -> bool:
    """Whether a file was written by `save`, and may be written again."""
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.readline().startswith(HEAD.partition("{")[0])
    except (OSError, UnicodeDecodeError):
        return False


def load(loop: Loop, words: str) -> None:
    """Run a file as one entry."""
    loop.run_file(_file(words, ":load model.py"))


def _file(words: str, example: str) -> Path:
    if not words:
        raise UsageError("which file?", hint=example)
    return Path(words.strip("'\"")).expanduser()


def share(loop: Loop, _words: str) -> None:
    """Print the entries that lead here as one word."""
    from scopetutor.workspace.token import token

    workspace = loop.workspace
    line = workspace.timeline.path(workspace.moment)
    made = token(line, workspace.entropy)
    loop.screen.write(f"{made}\n")
    loop.say("scopetutor open TOKEN runs these entries again, in a strict box.")


def limits(loop: Loop, _words: str) -> None:
    """Show what an entry may do, and what keeps it from more."""
    from scopetutor.render.outline import Cell
    from scopetutor.render.table import table

    active = ", ".join(loop.workspace.protections())
    rows = [*limit_rows(loop.workspace.options), ("kept by", active or "nothing", "")]
    cells = [tuple(Cell(text) for text in row) for row in rows]
    loop.screen.show(table(("what", "limit", "option"), cells, loop.screen.look))


def limit_rows(options: Options) -> list[tuple[str, str, str]]:
    """What an entry may do: what, how much, and the option that changes it."""
    seconds = f"{options.time_limit:g} s" if options.time_limit else "none"
    size = options.memory_limit
    memory = size_text(size) if size else "none"
    written = ", ".join(map(str, options.allow_files)) or "nowhere"
    read = "no files" if options.strict else f"below {options.folder}"
    network = "allowed" if options.allow_network else "none"
    return [
        ("time", seconds, "--time-limit"),
        ("memory", memory, "--memory-limit"),
        ("output", f"{options.output_limit:,} characters", ""),
        ("reading files", read, ""),
        ("writing files", written, "--allow-files"),
        ("temporary files", f"{size_text(MOST_WRITTEN)} more for each entry", ""),
        ("network", network, "--allow-network"),
    ]


def explain(loop: Loop, words: str) -> None:
    """Explain a rule, or the text of an error."""
    from msgspec.structs import replace

    from scopetutor.evaluator.cards import all_cards
    from scopetutor.evaluator.explain import explain as explained
    from scopetutor.render.cards import card_list
    from scopetutor.render.explanation import explanation

    look = loop.screen.look
    if words:
        found = explained(words.strip("'\""))  # there is no more to its card than this
        loop.screen.show(explanation(replace(found, card=""), look))
    else:
        cards = [(card.id, card.title) for card in all_cards().values()]
        loop.screen.show(card_list(cards, look))
