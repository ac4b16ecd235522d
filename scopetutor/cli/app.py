"""Builds the one command that was asked for, with Typer, and runs it.

`front` comes before; the command's own file (named in `table`) comes after. Only that
file is imported, so that a command never pays for another one.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from scopetutor.errors import (
    FileFormatError,
    LessonError,
    ScopetutorError,
    TokenError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE, FAILED, WRONG_USAGE, CANNOT_GO_ON = 0, 1, 2, 3

# The user's program, lesson or file is at fault, or the command line. All else is ours.
EXIT_CODES: tuple[tuple[type[ScopetutorError], int], ...] = (
    (UsageError, WRONG_USAGE),
    (LessonError, FAILED),
    (FileFormatError, FAILED),
    (TokenError, FAILED),
    (ScopetutorError, CANNOT_GO_ON),
)


def run(argv: Sequence[str]) -> int:
    """Run `scopetutor COMMAND …`; the exit code."""
    try:
        build([argv[0]])(list(argv), prog_name="scopetutor")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else FINE
    except ScopetutorError as error:
        complain(error)
        return exit_code(error)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception as error:
        if os.environ.get("SCOPETUTOR_DEBUG"):
            raise
        report_bug(error)
        return CANNOT_GO_ON
    return FINE


def build(names: Sequence[str]) -> Any:
    """Typer's command line with these commands; its class has no public name."""
    app = typer.Typer(
        # Rich would cost 100 ms of every --help.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,  # `scopetutor completion` does that
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_commands)
    for name in names:
        module = importlib.import_module(f"scopetutor.cli.{name.replace('-', '_')}")
        if group := getattr(module, "group", None):
            app.add_typer(group, name=name)
        else:
            app.command(name)(module.command)
    return typer.main.get_command(app)


def _commands() -> None:
    """Learn TensorFlow 1.x variables and scopes by trying them."""


def exit_code(error: ScopetutorError) -> int:
    """Which exit code an error of ours has."""
    return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def complain(error: ScopetutorError) -> None:
    """Say on stderr what is wrong, where, and what to try."""
    place = f"{error.place}: " if error.place else ""
    sys.stderr.write(f"scopetutor: {place}{error.problem}\n")
    if error.hint:
        sys.stderr.write(f"  try  {error.hint}\n")


def report_bug(error: Exception) -> None:
    """Keep the traceback of an error of ours in a file, and say so in one sentence."""
    import traceback
    from pathlib import Path

    import platformdirs

    folder = Path(platformdirs.user_log_dir("scopetutor", appauthor=False))
    file = folder / "error.txt"
    where = str(file)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        where = ""
    kept = f"; please report it with {where}" if where else ""
    sys.stderr.write(
        f"scopetutor: a fault in scopetutor itself ({type(error).__name__}){kept}\n"
    )
