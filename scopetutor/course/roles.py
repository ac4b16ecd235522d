"""The closed sets of the lesson format: kinds of steps, roles of blocks, attributes.

Tables that `load` reads; whatever is not in them is an error. The authoring guide
lists them from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import msgspec

from .model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "read": "text and programs that are run for the reader",
    "predict": "the learner types what a program prints; the engine knows the truth",
    "code": "the learner reaches the solution's state, by any way",
    "fix": "the learner mends a broken program",
    "choice": "the learner picks one or more of several answers",
    "order": "the learner says which line fails, or puts lines in order",
}
assert set(KINDS) == set(get_args(Kind))


class Role(msgspec.Struct, frozen=True):
    """What a role allows.

    Attributes:
        means: for the guide.
        languages: in which a block of this role may be written, by kind of step: the
            kinds not listed do not have the role.
        attributes: that may stand in its info line.
        once: whether a step has at most one.
    """

    means: str
    languages: Mapping[str, tuple[str, ...]]
    attributes: tuple[str, ...] = ()
    once: bool = False


def _in(kinds: str, *languages: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(kinds.split(), languages)


ROLES: Mapping[str, Role] = {
    "show": Role(
        "a program to read; it is run, and what it prints stands below it",
        _in("read predict code fix choice order", "python"),
        attributes=("run", "raises"),
    ),
    "setup": Role(
        "has been run when the step begins; the learner sees it",
        _in("read predict code fix choice order", "python"),
    ),
    "starter": Role(
        "what the learner begins with; in `order` its pieces, in a wrong order",
        _in("code fix order", "python"),
        once=True,
    ),
    "solution": Role(
        "an answer that passes; the first makes the goal",
        _in("code fix order", "python"),
        attributes=("name",),
    ),
    "wrong": Role(
        "an answer that must be refused, and what to say to it",
        {
            **_in("code fix", "python"),
            **_in("predict choice order", "toml"),
        },
        attributes=("misconception",),
    ),
    "check": Role(
        "what counts: TOML for the comparison, Python for plain assert lines",
        {
            **_in("code fix order", "toml", "python"),
            **_in("read predict choice", "python"),
        },
        attributes=("source",),
    ),
    "answer": Role(
        "the options of a choice, or what a prediction asks for",
        _in("predict choice", "toml"),
        once=True,
    ),
    "hint": Role(
        "one rung of the ladder of hints; never the answer",
        _in("predict code fix choice order", ""),
    ),
}

HEADING = ("kind", "mode", "continues", "source", "concepts")
"""The attributes a step's heading may have, beside its #id."""

PLAIN_FENCES = ("", "text", "console")
"""Fenced blocks that are prose: outputs, trees, commands of a shell."""
