"""What somebody means who types a command where the prompt expects Python.

`loop` asks before it runs an entry, for the words of Python's own prompt (`exit()`,
`help(x)`), and after an error, for a `:command` without its colon and for commands of
the shell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from .commands import Table

_LEAVE = frozenset({"exit", "exit()", "quit", "quit()"})
_ASK = frozenset({"help", "help()", "?", "??"})
_ABOUT = re.compile(r"help\(([\w.]+)\)")
_SHELL = frozenset(
    (
        *("cat", "cd", "cp", "dir", "ls", "mkdir", "mv", "pwd", "rm", "source", "sudo"),
        *("conda", "git", "make", "pip", "pip3", "python", "python3", "scopetutor"),
    )
)
_UNKNOWN = frozenset({"NameError", "SyntaxError"})


def instead(line: str, names: Container[str]) -> str:
    """What to do instead of running a line; the line itself if it is Python.

    Args:
        line: as typed, without the space around it.
        names: those of the learner, which come first.
    """
    if line.partition("(")[0] in names:
        return line
    if line in _LEAVE:
        return ":quit"
    if line in _ASK:
        return ":help"
    about = _ABOUT.fullmatch(line)
    return f"{about[1]}?" if about else line


def meant(text: str, error: str, table: Table) -> str:
    """What may have been meant by an entry that is no Python, or "".

    Args:
        text: the entry.
        error: the class of what it raised.
        table: the commands there are.
    """
    line = text.strip()
    word = line.partition(" ")[0]
    if error not in _UNKNOWN or "\n" in line:
        return ""
    if word in table.by_name:
        return f"Did you mean :{line}?"
    if word == "clear":
        return "Ctrl-L clears the screen."
    if word in _SHELL:
        return "That is a command of the shell. Ctrl-D leaves this prompt."
    return ""
