"""`scopetutor coverage`: what of TensorFlow 1.15.5 there is, name by name.

`tf.ledger` looks for each of TensorFlow's names among ours and reads the differences
that are known; `render.ledger` draws the sums.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator  # Typer evaluates annotations
from typing import Annotated

import typer

from .showing import JSON, PLAIN


def _symbols(incomplete: str) -> Iterator[tuple[str, str]]:
    """The names that go on from a beginning, up to the next dot."""
    from scopetutor.tf import missing

    module = incomplete.rpartition(".")[0] or "tf"
    for name, rest in missing.symbols().items():
        if name.startswith(incomplete) and name.rpartition(".")[0] == module:
            yield name, rest.partition(" ")[0]


def command(
    symbol: Annotated[
        str,
        typer.Argument(
            metavar="[SYMBOL]",
            help="A name such as tf.nn or tf.nn.relu; nothing: all, in sums.",
            autocompletion=_symbols,
            show_default=False,
        ),
    ] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="List only what is not here.")
    ] = False,
    json: JSON = False,
    plain: PLAIN = False,
) -> None:
    r"""Say which public names of TensorFlow 1.15.5 scopetutor has.

    A name is faithful (it does what TensorFlow 1.15.5 does, as far as is known),
    partial (it is here, with a difference that is told) or absent. The list is made by
    looking for each name; the known differences are written in one file, which is named
    below the sums.

    \b
    Examples:
      scopetutor coverage
      scopetutor coverage tf.nn --missing
      scopetutor coverage tf.layers.dense
      scopetutor coverage --json > coverage.json

    The JSON is a list of {name, kind, signature, state, differences}.
    The exit code is 1 if the SYMBOL is no public name of TensorFlow 1.15.5.
    """
    from scopetutor.tf import ledger

    name = _spelt(symbol)
    found = ledger.lines(name)
    if not found:
        sys.stderr.write(_unknown(name))
        raise typer.Exit(1)
    if missing:
        found = [line for line in found if line.state == "absent"]
    if json:
        from .showing import show_json

        show_json([line._asdict() for line in found])
        return
    from scopetutor.render.ledger import ledger_lines, ledger_sums

    from .showing import show

    if symbol or missing:
        show(lambda look: ledger_lines(found, look), plain=plain)
    else:
        general = ledger.general_differences()
        show(lambda look: ledger_sums(found, general, look), plain=plain)


def _spelt(symbol: str) -> str:
    """A name with "tf" at its beginning, as the ledger has it."""
    for spelling in ("tensorflow.compat.v1", "tensorflow", "tf.compat.v1"):
        if symbol == spelling or symbol.startswith(f"{spelling}."):
            symbol = f"tf{symbol[len(spelling) :]}"
    if symbol in ("", "tf"):
        return ""
    return symbol if symbol.startswith("tf.") else f"tf.{symbol}"


def _unknown(name: str) -> str:
    """Why a name is not in the ledger, and what may have been meant."""
    from scopetutor.tf import missing

    module, _, last = name.rpartition(".")
    told, meant = missing.unknown(module, last)
    return f"scopetutor: {told}\n" + (f"  {meant}\n" if meant else "")
