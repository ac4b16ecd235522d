"""What scopetutor answers before it loads anything: version, help, a mistyped command.

`__main__` calls `answer` with the command line. Everything else goes on to `app`, which
builds the command with Typer (70 ms and more).
"""

from __future__ import annotations

import sys

from scopetutor import __version__

from .table import COMMANDS, NAMES, SECTIONS, near, summary

WRONG_USAGE = 2

INTRODUCTION = "Learn TensorFlow 1.x variables and scopes by trying them."

AFTERWORD = """\
scopetutor COMMAND --help tells more about a command, with examples.
"""


def answer(argv: list[str]) -> int:
    """Do what the command line asks for; the exit code.

    Codes: 0 fine, 1 the user's program or lesson failed, 2 wrong usage, 3 scopetutor
    could not go on.
    """
    match argv:
        case ["--version" | "-V"]:
            sys.stdout.write(f"scopetutor {__version__}\n")
            return 0
        case ["--help" | "-h"]:
            sys.stdout.write(help_text(*terminal()))
            return 0
        case ["--complete", *words]:
            from .completing import complete

            return complete(words)
        case []:
            from .greeting import greet

            return greet(*terminal())
        case ["help", name] if name in NAMES:
            argv = [name, "--help"]
        case [name, *_] if name not in NAMES:
            sys.stderr.write(_unknown(name))
            return WRONG_USAGE
    from .leaving import guarded

    if argv == ["list"]:
        from .listing import glimpse

        if glimpse(*terminal()):
            return 0
    if argv == ["repl"]:
        return guarded(_prompt)
    if argv[:2] == ["ckpt", "ls"] and len(argv) == 3 and argv[2][:1] != "-":
        return guarded(lambda: _list(argv[2]))
    return guarded(lambda: _command(argv))


def _command(argv: list[str]) -> int:
    from .app import run

    return run(argv)


def _list(checkpoint: str) -> int:
    """`scopetutor ckpt ls PATH` needs no parser either, which is half of its time."""
    from .holding import list_tensors

    return list_tensors(checkpoint)


def _prompt() -> int:
    """`scopetutor repl` alone needs no parser: the prompt is painted first of all."""
    from scopetutor.repl.paint import paint

    paint()
    from scopetutor.repl.start import start

    return start()


def help_text(width: int, bold: bool) -> str:
    """The text of `scopetutor --help`."""

    def heading(text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if bold else text

    lines = [
        *wrapped(INTRODUCTION, width),
        "",
        heading("Usage:") + " scopetutor COMMAND [OPTIONS]",
    ]
    column = 2 + max(map(len, NAMES)) + 2
    for index, section in enumerate(SECTIONS):
        rows = [name for name, where, _ in COMMANDS if where == index]
        if not rows:
            continue
        lines += ["", heading(section)]
        for name in rows:
            told = wrapped(summary(name), width - column)
            lines.append(f"  {name}".ljust(column) + told[0])
            lines += [" " * column + more for more in told[1:]]
    lines += ["", *wrapped(AFTERWORD, width)]
    return "\n".join(lines) + "\n"


def wrapped(text: str, width: int) -> list[str]:
    """The words in lines no wider than `width` (a longer word stands alone)."""
    # textwrap would import `re`, which takes half as long as starting Python.
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def terminal() -> tuple[int, bool]:
    """How wide the screen is, and whether it can show bold text."""
    import os

    if not sys.stdout.isatty():
        return 80, False
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except OSError:
        width = 80
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in {"dumb", ""}
    return min(width, 100), not plain and sys.platform != "win32"


def _unknown(name: str) -> str:
    if name.startswith("-"):
        return (
            f"scopetutor: {name} is an option of a command, or of nothing\n"
            "  try  scopetutor --help\n"
        )
    meant = near(name)
    try_ = f"scopetutor {meant}" if meant else "scopetutor --help"
    return f"scopetutor: there is no command {name!r}\n  try  {try_}\n"
