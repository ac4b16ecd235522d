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
from typing import TYPE_CHECKING, TypeVar

import msgspec

from .tables import converted

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = TypeVar("Kind", bound=msgspec.Struct)


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


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a translation says of a false belief."""

    belief: str
    truth: str


@cache
def misconceptions(language: str = "") -> Mapping[str, Misconception]:
    """All of them by id; in another language, as far as they are translated."""
    found = _read("misconceptions.toml", Misconception)
    words = _read(f"misconceptions.{language}.toml", _Words) if language else {}
    return {
        key: msgspec.structs.replace(one, **msgspec.structs.asdict(words[key]))
        if key in words
        else one
        for key, one in found.items()
    }


def _read(name: str, kind: type[Kind]) -> dict[str, Kind]:
    file = resources.files(__package__) / name
    if not file.is_file():
        return {}
    return converted(
        tomllib.loads(file.read_text(encoding="utf-8")),
        dict[str, kind],  # type: ignore[valid-type]  # msgspec takes it at run time
    )
