"""The `:commands`, as a table.

To add one, write a function of the loop and the words after the command, and give it a
line in `COMMANDS`. `:help`, the completion menu and the documentation are made from the
table.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from scopetutor.errors import UsageError
from scopetutor.render.command_help import Described
from scopetutor.snapshot import Snapshot

from . import keeping, settings
from .export import export
from .movie import movie
from .pictures import graph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .loop import Loop


ROOMY = 100  # columns in which the tables have a line for a row


class Leave(Exception):  # noqa: N818 -- not an error: the user wants to go
    """The user wants to leave; `code` is the exit code."""

    def __init__(self, code: int = 0) -> None:
        super().__init__(code)
        self.code = code


class Command(Described, frozen=True, kw_only=True):
    """A command of the prompt.

    Attributes:
        run: does it, given the loop and what was typed after the name.
        offers: what the completion menu offers: "variable", "name", "scope",
            "operation", "command", "setting", "card", "file", or nothing.
        aliases: other names for it.
    """

    run: Callable[[Loop, str], None]
    offers: str = ""
    aliases: tuple[str, ...] = ()


# -- the picture --------------------------------------------------------------------


def tree(loop: Loop, words: str) -> None:
    """Draw the scopes and variables."""
    from scopetutor.render.scope_tree import scope_tree

    look = loop.screen.look
    everything = words == "all"
    matching = words[1:] if words.startswith("/") else ""
    under = "" if everything or matching else words.strip("/")
    if under and not _is_scope(loop.workspace.snapshot, under):
        raise UsageError(f"there is no scope {under!r}", hint=f":tree /{under}")
    limit = 0 if everything else max(look.height - 4, 10)
    loop.screen.show(
        scope_tree(
            loop.workspace.snapshot, look, matching=matching, under=under, limit=limit
        )
    )


def _is_scope(snapshot: Snapshot, name: str) -> bool:
    graph = snapshot.here.graph
    return (graph, name) in snapshot.scopes or any(
        view.graph == graph and view.op_name.startswith(f"{name}/")
        for view in snapshot.variables.values()
    )


def variables(loop: Loop, words: str) -> None:
    """List the variables."""
    from scopetutor.render.variables import variables as drawn

    look = loop.screen.look
    matching, most = _part(loop, words)
    snapshot = loop.workspace.snapshot
    loop.screen.show(drawn(snapshot, look, matching=matching, most=most))


def values(loop: Loop, words: str) -> None:
    """Show what the variables hold."""
    from scopetutor.render.values import values as drawn

    look = loop.screen.look
    matching, most = _part(loop, words)
    snapshot = loop.workspace.snapshot
    loop.screen.show(drawn(snapshot, look, matching=matching, most=most))


def _part(loop: Loop, words: str) -> tuple[str, int]:
    """Which part of a table is asked for: what names have in them, how many rows."""
    look = loop.screen.look
    if words == "all" or look.plain:  # who reads a pipe has a pager
        return "" if words == "all" else words, 0
    lines = 1 if look.width >= ROOMY else 2  # of a row
    return words, max((look.height - 6) // lines, 10)


def why(loop: Loop, words: str) -> None:
    """Explain how a name came about; without one, the last error."""
    from scopetutor.render.explanation import explanation

    loop.screen.show(explanation(loop.workspace.why(words), loop.screen.look))


# -- time ---------------------------------------------------------------------------


def undo(loop: Loop, words: str) -> None:
    """Take entries back."""
    loop.move(lambda: loop.workspace.undo(_count(words)))


def redo(loop: Loop, words: str) -> None:
    """Take an undo back."""
    loop.move(lambda: loop.workspace.redo(_count(words)))


def at(loop: Loop, words: str) -> None:
    """Go to a moment."""
    if not words:
        raise UsageError("which moment?", hint=":log lists them; then :at 3")
    loop.move(lambda: loop.workspace.go_to(_number(words, 0)))


def reset(loop: Loop, _words: str) -> None:
    """Go back to the empty workspace."""
    loop.move(lambda: loop.workspace.go_to(0))


def log(loop: Loop, _words: str) -> None:
    """List the moments."""
    from scopetutor.render.timeline import timeline

    line = loop.workspace.timeline
    drawn = timeline(line.moments(), line.failed(), line.current, loop.screen.look)
    loop.screen.show(drawn)


def diff(loop: Loop, words: str) -> None:
    """Show what is different between two moments."""
    from scopetutor.render.difference import difference

    numbers = [_number(word, 0) for word in words.split()]
    if not 1 <= len(numbers) <= 2:
        raise UsageError("which moments?", hint=":diff 3 7, or :diff 3 for 3 and now")
    first, second = (*numbers, loop.workspace.moment)[:2]
    before = loop.workspace.snapshot_at(first)
    after = loop.workspace.snapshot_at(second)
    loop.screen.show(difference(before, after, loop.screen.look))


# -- the session --------------------------------------------------------------------


def show_help(loop: Loop, words: str) -> None:
    """List the commands, or tell about one."""
    from scopetutor.render.command_help import command_help, command_list, key_list

    look = loop.screen.look
    name = words.lstrip(":")
    if not name:
        loop.screen.show(command_list(loop.table.commands, look))
    elif name == "keys":
        from .keys import HELP

        loop.screen.show(key_list(HELP, look))
    else:
        loop.screen.show(command_help(loop.table.named(name), look))


def leave(_loop: Loop, words: str) -> None:
    """Leave."""
    raise Leave(_number(words, 0))


def _count(words: str) -> int:
    """How many, 1 if that is not said."""
    count = _number(words, 1)
    if count < 1:
        raise UsageError(f"{words!r} is not a number of entries")
    return count


def _number(words: str, default: int) -> int:
    if not words:
        return default
    try:
        return int(words)
    except ValueError:
        raise UsageError(f"{words!r} is not a number") from None


SEE, GO, KEEP, ASK = "See", "Go back and forth", "Keep", "Ask, set, leave"

COMMANDS: tuple[Command, ...] = (
    Command(
        "tree", "[SCOPE | /TEXT | all]", "the scopes and variables", SEE,
        "A tree that does not fit on the screen is folded: `:tree enc` opens a scope,\n"
        "`:tree /kernel` shows what has that in its name, `:tree all` everything.",
        run=tree, offers="scope",
    ),
    Command("vars", "[TEXT | all]", "the variables in a table", SEE,
            run=variables, offers="variable"),
    Command("values", "[TEXT | all]", "what the variables hold", SEE,
            run=values, offers="variable"),
    Command(
        "why", "[NAME]", "how a name came about; alone, the last error", SEE,
        run=why, offers="name",
    ),
    Command(
        "graph", "[NAME | all | FILE.svg]", "what feeds what", SEE,
        "`:graph loss` shows what `loss` needs and feeds; `:graph all` also the\n"
        "operations that variables are made of; `:graph net.svg` writes a picture.",
        run=graph, offers="operation",
    ),
    Command(
        "movie", "[FILE]", "what has been typed, or a file, line by line", SEE,
        "Shows each line as it runs: the scopes that are open, what it makes, finds\n"
        "or sets, the names it gives. Enter goes on, b goes back, a number goes\n"
        "there, q ends.",
        run=movie, offers="file",
    ),
    Command("undo", "[N]", "take back the last entry, or N of them", GO, run=undo),
    Command("redo", "[N]", "take back the last undo, or N of them", GO, run=redo),
    Command("at", "N", "go to moment N; :log lists them", GO, run=at),
    Command("log", "", "the moments and the entries that led to them", GO, run=log),
    Command("diff", "N [M]", "what is different between two moments", GO, run=diff),
    Command("reset", "", "back to the empty workspace (:at N returns)", GO, run=reset),
    Command(
        "save", "FILE", "write the entries that lead here to a Python file", KEEP,
        "Entries that raised an error are written as comments. A file that was not\n"
        "saved here is not overwritten. Every session is also kept by itself:\n"
        "`scopetutor repl --resume` goes on with the last one.",
        run=keeping.save, offers="file",
    ),
    Command("load", "FILE", "run a Python file as one entry", KEEP,
            run=keeping.load, offers="file"),
    Command(
        "export", "FILE", "write what the screen showed, or the graph, to a file", KEEP,
        "The ending says how: session.md, .html, .svg, .ipynb; .py is :save.\n"
        "graph.pbtxt, .pb, .meta and events (for TensorBoard) hold the graph.",
        run=export, offers="file",
    ),
    Command(
        "share", "", "print the entries that lead here as one word", KEEP,
        "The word holds the source, and where its random numbers begin.\n"
        "`scopetutor open WORD` runs it again, in a strict box.",
        run=keeping.share,
    ),
    Command(
        "explain", "[CARD | TEXT]", "a rule of TensorFlow 1.15, by its card's name",
        ASK,
        "Alone, it lists all cards; with the text of an error, also one from a real\n"
        "TensorFlow's log, it finds the card that explains it.",
        run=keeping.explain, offers="card",
    ),
    Command("limits", "", "what an entry may do, and what keeps it from more", ASK,
            run=keeping.limits),
    Command(
        "config", "[NAME [VALUE]]", "the settings; change one", ASK,
        "`scopetutor config` does the same. Some hold from the next start on.",
        run=settings.settings, offers="setting",
    ),
    Command("help", "[COMMAND | keys]", "this list, or more about one", ASK,
            run=show_help, offers="command"),
    Command("quit", "[CODE]", "leave", ASK, run=leave, aliases=("exit", "q")),
)  # fmt: skip


class Table:
    """Some commands, to be found by name.

    Attributes:
        commands: in the order of the help.
        by_name: with their aliases.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)
        self.by_name: dict[str, Command] = {
            name: command
            for command in commands
            for name in (command.name, *command.aliases)
        }

    def run(self, loop: Loop, line: str) -> None:
        """Run a line such as ":tree enc".

        Raises:
            UsageError: if there is no such command or it cannot do what is asked.
            Leave: if it is time to go.
        """
        name, _, words = line.strip().removeprefix(":").strip().partition(" ")
        command = self.named(name)
        if words.strip() and not command.takes:
            raise UsageError(f":{command.name} takes nothing", hint=f":{command.name}")
        command.run(loop, words.strip())

    def named(self, name: str) -> Command:
        """The command of this name, or the only one that starts so.

        Raises:
            UsageError: if there is none, or more than one.
        """
        if name in self.by_name:
            return self.by_name[name]
        found = [c for c in self.commands if name and c.name.startswith(name)]
        if len(found) == 1:
            return found[0]
        if found:
            names = " or ".join(f":{command.name}" for command in found)
            raise UsageError(f":{name} could be {names}")
        near = get_close_matches(name, self.by_name, n=1)
        hint = f":{near[0] if near else 'help'}"
        raise UsageError(f"there is no command :{name}", hint=hint)


REPL = Table(COMMANDS)
