"""Concept cards: rules of TensorFlow 1.15 that people trip over.

They are written in ``cards.txt``. Nothing here needs the engine, so `scopetutor
explain` answers at once.

`explain` and `last_error` find the card that fits; `render.explanation` draws it.
"""

from __future__ import annotations

import functools
import pkgutil
import re
from typing import NamedTuple


class Card(NamedTuple):
    """A rule, and how one meets it.

    Attributes:
        id: names what happens or is believed, such as "already-exists".
        title: a few words.
        rule: what TF 1.15 does, whatever one expects.
        why: how one comes to meet it.
        tries: what to do instead, the likeliest first.
        messages: regular expressions for the texts of errors it explains. A group
            called "name" is the variable, operation or key the text speaks of.
    """

    id: str
    title: str
    rule: str = ""
    why: str = ""
    tries: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


@functools.cache
def all_cards() -> dict[str, Card]:
    """Every card by its id, the special before the general."""
    data = pkgutil.get_data(__package__, "cards.txt")
    assert data is not None
    sections = data.decode().split("\n== ")[1:]
    cards = [_card(section) for section in sections]
    return {one.id: one for one in cards}


def _card(section: str) -> Card:
    head, _, body = section.partition("\n")
    name, _, title = head.partition(": ")
    fields: dict[str, list[str]] = {"rule": [], "why": [], "try": [], "message": []}
    lines = [line for line in body.splitlines() if line and not line.startswith("#")]
    for line in "\n".join(lines).replace("\n  ", " ").splitlines():
        field, _, text = line.partition(": ")
        fields[field].append(text)
    return Card(
        name,
        title,
        " ".join(fields["rule"]),
        " ".join(fields["why"]),
        tuple(fields["try"]),
        tuple(fields["message"]),
    )


def card(name: str) -> Card | None:
    """The card of an id."""
    return all_cards().get(name)


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], Card]]:
    return [
        (re.compile(pattern), one)
        for one in all_cards().values()
        for pattern in one.messages
    ]


def find(message: str) -> tuple[Card, str] | None:
    """The card that explains an error's text, and the name the text speaks of."""
    for pattern, one in _patterns():
        found = pattern.search(message)
        if found is not None:
            return one, found.groupdict().get("name") or ""
    return None
