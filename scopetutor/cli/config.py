"""`scopetutor config`: look at the settings and change them.

The settings themselves are the business of `scopetutor.config`; `:config` does the same
at the prompt (`repl.settings`).
"""

from __future__ import annotations

from collections.abc import Iterator  # Typer evaluates annotations
from typing import Annotated, Any

import typer

from .showing import JSON, PLAIN

settings = {"ignore_unknown_options": True}  # so that -5 is a value, if a wrong one


def _names(incomplete: str) -> Iterator[tuple[str, str]]:
    """The settings, for the shell's Tab key."""
    from scopetutor.config import MEANINGS

    for name, meaning in MEANINGS.items():
        if name.startswith(incomplete):
            yield name, meaning


def _values(context: typer.Context, incomplete: str) -> Iterator[str]:
    """What a setting can be, for the shell's Tab key."""
    from scopetutor.config import choices

    for value in choices(context.params.get("name") or ""):
        if value.startswith(incomplete):
            yield value


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="[NAME]", help="Which one.", autocompletion=_names,
            show_default=False,
        ),
    ] = "",
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]", help="What it is to be.", autocompletion=_values,
            show_default=False,
        ),
    ] = None,
    where: Annotated[
        bool, typer.Option("--path", help="Print where the settings are kept.")
    ] = False,
    json: JSON = False,
    plain: PLAIN = False,
) -> None:  # fmt: skip
    r"""Show the settings, or change one. Comments in the file stay.

    \b
    Examples:
      scopetutor config
      scopetutor config theme light
      scopetutor config keys vi
      scopetutor config --path
    """
    import sys

    from scopetutor import config
    from scopetutor.render.settings import settings as drawn

    from .showing import show, show_json

    file = config.path()
    if where:
        sys.stdout.write(f"{file}\n")
        return
    if value is not None:
        config.change(file, name, value)
    values: dict[str, Any] = config.load(file)._asdict()
    if name:
        config.known(name)
        values = {name: values[name]}
    if json:
        show_json(values)
    else:
        rows = [(n, config.spelt(v), config.MEANINGS[n]) for n, v in values.items()]
        show(lambda look: drawn(rows, look, str(file)), plain=plain)
