"""Builds the one command that was asked for, with Typer, and runs it.

`front` comes before; the command's own file (named in `table`) comes after. Only that
file is imported, so that a command never pays for another one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(argv: Sequence[str]) -> int:
    """Run `scopetutor COMMAND …`; the exit code."""
    try:
        build([argv[0]])(list(argv), prog_name="scopetutor")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


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
            settings = getattr(module, "settings", None)
            app.command(name, context_settings=settings)(module.command)
    command = typer.main.get_command(app)
    _keep_examples(command)
    return command


def _keep_examples(command: Any) -> None:
    """Keep lines apart below a backslash-b, which is two characters in raw texts."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in getattr(command, "commands", {}).values():
        _keep_examples(inner)


def _commands() -> None:
    """Learn TensorFlow 1.x variables and scopes by trying them."""
