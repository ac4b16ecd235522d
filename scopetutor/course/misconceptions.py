"""False beliefs about variables and scopes, each with an id that states it.

The table is misconceptions.toml, beside this file. A lesson's `wrong` blocks name them,
`detectors` finds them in what a learner did, and `progress` counts them, so that
`review` can bring them back. To add one: a table there; if it can be seen in a state, a
detector of the same id.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Misconception(msgspec.Struct, frozen=True):
    """A false belief.

    Attributes:
        belief: in a sentence, as someone who holds it would say it.
        truth: what is so instead; the message a learner gets.
        topic: of the drill that practises it.
        lesson: the id of the lesson that treats it.
    """

    belief: str
    truth: str
    topic: str
    lesson: str


@cache
def misconceptions(language: str = "") -> Mapping[str, Misconception]:
    """All of them by id; in another language, as far as they are translated."""
    found = _read("misconceptions.toml")
    if language:
        own = _read(f"misconceptions.{language}.toml")
        return {key: own.get(key, original) for key, original in found.items()}
    return found


def _read(name: str) -> dict[str, Misconception]:
    file = resources.files(__package__) / name
    if not file.is_file():
        return {}
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Misconception])
