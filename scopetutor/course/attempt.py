"""What a learner did, as the detectors look at it: the text, the error, the variables.

Between `checks`, which has run it, and `detectors` and `later_detectors`, which ask
what belief is behind it.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from scopetutor.language import say
from scopetutor.snapshot import Snapshot

from .checks import Outcome, variables
from .source import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.snapshot import Site, VariableView

MISSING = re.compile(r"Variable (\S+) does not exist, or was not created with")
TAKEN = re.compile(r"Variable (\S+) already exists, disallowed")


class Attempt(msgspec.Struct, frozen=True):
    """What a detector looks at.

    Attributes:
        text: what the learner typed: a program, or an answer.
        own: what it came to; for an answer, what the program in question came to.
        goal: what the solution comes to; None for a typed answer.
        truth: the right answer; "" for a program.
        before: the state before it.
    """

    text: str
    own: Outcome
    before: Snapshot
    goal: Outcome | None = None
    truth: str = ""


Detector: TypeAlias = "Callable[[Attempt], str | None]"
"""Gives the counter-evidence in the learner's own state; None: not this belief."""


def error_found(attempt: Attempt, pattern: re.Pattern[str]) -> str | None:
    """What the pattern finds in the error's message."""
    error = attempt.own.error
    found = pattern.search(error.message) if error else None
    return next((group for group in found.groups() if group), "") if found else None


def error_says(attempt: Attempt, *words: str) -> bool:
    """Whether the error's message has all of these words."""
    error = attempt.own.error
    return error is not None and all(word in error.message for word in words)


def made_by(attempt: Attempt) -> list[VariableView]:
    """The variables of the default graph that the attempt made."""
    return [
        view
        for view in variables(attempt.own).values()
        if view.uid not in attempt.before.variables
    ]


def named(attempt: Attempt, name: str) -> VariableView | None:
    """The variable whose operation has this name."""
    views = variables(attempt.own).values()
    return next((view for view in views if view.op_name == name), None)


def line_text(site: Site | None) -> str:
    """Where something was made, for a sentence."""
    if site is None:
        return say("your program")
    return say("line {line}, `{text}`", line=site.line, text=site.text.strip())


def keyword_values(text: str, function: str, name: str) -> list[ast.expr]:
    """The values given to a keyword argument in the calls of a function."""
    return [
        keyword.value
        for call in calls(text, function)
        for keyword in call.keywords
        if keyword.arg == name
    ]


def is_constant(node: ast.expr, value: object) -> bool:
    """Whether an expression is this very constant, such as False."""
    return isinstance(node, ast.Constant) and node.value is value
