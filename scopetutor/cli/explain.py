"""`scopetutor explain`: the rule behind an error's text, also of a real TensorFlow.

The text comes from the command line or through a pipe. `evaluator.explain` finds the
card that fits, as it does for `:explain` at the prompt; no workspace is started for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator  # Typer evaluates annotations
from typing import Annotated

import typer

from .showing import JSON, PLAIN, show, show_json

MOST_READ = 1 << 20  # characters of a log


def _cards(incomplete: str) -> Iterator[tuple[str, str]]:
    """The cards, for the shell's Tab key."""
    from scopetutor.evaluator.cards import all_cards

    for name, card in all_cards().items():
        if name.startswith(incomplete):
            yield name, card.title


def command(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CARD | TEXT]...",
            help="A card's name, or the text of an error; - or a pipe: it is read from "
            "there; nothing: all cards.",
            autocompletion=_cards,
            show_default=False,
        ),
    ] = None,
    as_json: JSON = False,
    plain: PLAIN = False,
) -> None:
    r"""Explain the text of an error, or a rule.

    Paste the last line of a traceback or of TensorFlow's log, also one from a real
    TensorFlow. The card says which rule of TensorFlow 1.15 was met, how one comes to
    meet it, and what to try. The exit code is 1 if no card fits.

    \b
    Examples:
      scopetutor explain already-exists
      scopetutor explain "Attempting to use uninitialized value beta1_power"
      python train.py 2>&1 | tail -n 40 | scopetutor explain
      scopetutor explain --json < train.log
      scopetutor explain            (lists all cards)
    """
    asked = " ".join(text or ())
    if asked == "-" or (not asked and not sys.stdin.isatty()):
        asked = sys.stdin.read(MOST_READ)
    raise typer.Exit(
        _explain(asked, as_json=as_json, plain=plain)
        if asked.strip()
        else _list(as_json=as_json, plain=plain)
    )


def _explain(asked: str, *, as_json: bool, plain: bool) -> int:
    import msgspec

    from scopetutor.evaluator.explain import explain
    from scopetutor.render.explanation import explanation

    found = explain(asked)
    # `:explain` is for the prompt.
    tries = tuple(one.replace(":explain", "scopetutor explain") for one in found.tries)
    if as_json:
        show_json(
            {
                "card": found.card,
                "subject": found.subject,
                "reasons": [reason.says for reason in found.reasons],
                "tries": tries,
            }
        )
    else:
        bare = msgspec.structs.replace(found, card="", tries=tries)
        show(lambda look: explanation(bare, look), plain=plain)
    return 0 if found.card else 1


def _list(*, as_json: bool, plain: bool) -> int:
    from scopetutor.evaluator.cards import all_cards
    from scopetutor.render.cards import card_list

    cards = [(card.id, card.title) for card in all_cards().values()]
    if as_json:
        show_json([{"card": name, "about": title} for name, title in cards])
    else:
        show(lambda look: card_list(cards, look), plain=plain)
    return 0
