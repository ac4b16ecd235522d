"""The first sentence of a verdict: what is different, in the learner's words.

A table by axis and way; `judge` asks for the sentence of the first difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopetutor.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .checks import AxisResult, Difference
    from .source import Unready

_SENTENCES: Mapping[tuple[str, str], str] = {
    ("error", "missing"): "The program should end with an error, and it runs through.",
    ("error", "different"): "The program ends with {own}",
    ("names", "missing"): "The variable `{subject}` is missing.",
    ("names", "extra"): "`{subject}` is one variable too many.",
    ("shapes", "different"): "`{subject}` has shape {own}; {goal} was asked for.",
    ("dtypes", "different"): "`{subject}` is {own}; {goal} was asked for.",
    ("trainable", "different"): "`{subject}`: trainable is {own}, should be {goal}.",
    ("kinds", "different"): "`{subject}` is a {own} variable; {goal} was asked for.",
    ("starts", "different"): "`{subject}` starts with `{own}`; `{goal}` was asked for.",
    ("initializers", "different"): (
        "`{subject}` has the initializer {own}; {goal} was asked for."
    ),
    ("collections", "different"): "`{subject}` is in {own}; it should be in {goal}.",
    ("keys", "different"): (
        "The key of `{subject}` for `get_variable` is {own}; it should be {goal}."
    ),
    ("sharing", "missing"): "The name `{subject}` is not defined yet.",
    ("sharing", "different"): "{subject} should be {goal}: {own}.",
    ("reuse", "missing"): "`{subject}` was not found again.",
    ("reuse", "extra"): "`{subject}` was found again, which was not asked for.",
    ("scopes", "missing"): "The scope `{subject}` was not opened.",
    ("scopes", "extra"): "The scope `{subject}` was not asked for.",
    ("scopes", "different"): "Scope `{subject}` has {own}; it should have {goal}.",
    ("ops", "missing"): "The operation `{subject}` is missing.",
    ("ops", "extra"): "The operation `{subject}` was not asked for.",
    ("values", "different"): "`{subject}` holds `{own}`; it should hold `{goal}`.",
    ("bound", "missing"): "The name `{subject}` is not defined yet.",
    ("bound", "different"): "`{subject}` stands for {own}; it should be {goal}.",
    ("output", "missing"): "`{goal}` should be printed.",
    ("output", "different"): "`{goal}` should be printed; the program prints {own}.",
    ("assert", "missing"): "`{subject}` cannot be tried yet: {own}",
    ("assert", "different"): "`{subject}` does not hold: {own}",
}

_ENDINGS: Mapping[str, str] = {
    "interrupted": "You stopped it.",
    "timeout": "It took too long and was stopped.",
    "memory": "It asked for too much memory and was stopped.",
    "died": "The process that ran it died.",
    "exit": "It asked to leave; in a lesson that does nothing.",
    "incomplete": "The program is not complete.",
}


def of_difference(difference: Difference) -> str:
    """The sentence for one difference."""
    if difference.axis == "error" and difference.own in _ENDINGS:
        return say(_ENDINGS[difference.own])
    template = _SENTENCES[difference.axis, difference.way]
    return say(
        template,
        subject=difference.subject,
        goal=difference.goal,
        own=difference.own,
    ).rstrip(" :,")


def of_results(results: tuple[AxisResult, ...]) -> str:
    """The sentence for the first axis that failed."""
    for result in results:
        if result.status == "fail":
            both = _instead(result)
            return both or of_difference(result.differences[0])
    pending = [one for result in results for one in result.differences]
    return of_difference(pending[0]) if pending else ""


def _instead(result: AxisResult) -> str:
    """One variable there, another asked for: said in one sentence."""
    ways = [one.way for one in result.differences]
    if result.axis != "names" or sorted(ways) != ["extra", "missing"]:
        return ""
    missing, extra = sorted(result.differences, key=lambda one: one.way == "extra")
    return say(
        "You made `{own}`; `{goal}` was asked for.",
        own=extra.own,
        goal=missing.goal,
    )


def of_missing(results: tuple[AxisResult, ...]) -> str:
    """What is still to be done, when nothing is wrong yet."""
    missing = [one for result in results for one in result.differences]
    return say("So far, so good. {rest}", rest=of_difference(missing[0]))


def of_unready(unready: Unready) -> str:
    """Why a program was not run."""
    if unready.reason == "empty":
        return say("There is nothing to run yet.")
    if unready.reason == "blank":
        return say("Line {line} has a blank that is not filled in.", line=unready.line)
    if unready.reason == "typographic":
        return say(
            "Line {line} has the character {detail}. Python wants: `{instead}`",
            line=unready.line,
            detail=unready.detail,
            instead=unready.instead,
        )
    return say(
        "Python cannot read line {line}: {detail}.",
        line=unready.line,
        detail=unready.detail.rstrip(".?!"),
    )
