"""What the tutor says of an attempt: one sentence, then why, then what differs.

Drawn by `repl.learn`. The sign in front says in one look what the sentence says in
words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.language import say

from .goal import goal
from .outline import Cell
from .prose import prose
from .table import table

if TYPE_CHECKING:
    from scopetutor.course.checks import Difference
    from scopetutor.course.verdict import Status, Verdict

    from .look import Look

# Sign, the sign in ASCII, style.
SIGNS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "ok", "passed"),
    "under way": ("…", "..", "heading"),
    "aside": ("≈", "~", "heading"),
    "wrong": ("✗", "no", "failed"),
    "unready": ("–", "--", "heading"),
    "looked": ("–", "--", "quiet"),
}

# What an axis compares, where its own name would not tell a learner.
COMPARED = {
    "error": "how it ends",
    "dtypes": "types",
    "starts": "first values",
    "sharing": "what is shared",
    "reuse": "what is found again",
    "ops": "operations",
    "bound": "what your names stand for",
    "output": "what is printed",
    "assert": "what has to hold",
}
WAYS = {"missing": "missing", "extra": "too many", "different": "different"}


def verdict(view: Verdict, look: Look) -> Text:
    """Draw a verdict.

    Args:
        view: the tutor's judgement.
        look: how.
    """
    parts = [_sentence(view, look)]
    told = [view.message, view.evidence]
    parts += [prose(text, look, indent=2) for text in told if text]
    if view.truth and view.status == "passed":
        parts += _printed(view)
    if view.differences and view.status in {"wrong", "under way"}:
        parts += _both_sides(view, look)
    return Text("\n").join(parts)


def _sentence(view: Verdict, look: Look) -> Text:
    sign, ascii_sign, style = SIGNS[view.status]
    head = f"{ascii_sign if look.ascii or look.plain else sign} "
    text = Text(head, style)
    lines = prose(view.sentence, look, indent=len(head))
    text.append_text(lines[len(head) :])
    text.stylize(style, 0, len(head))
    return text


def _printed(view: Verdict) -> list[Text]:
    """What the program of a prediction does print, now that it is known."""
    if not view.printed.strip() or view.printed.strip() == view.truth:
        return []
    lines = view.printed.rstrip("\n").split("\n")
    return [Text(f"    {line}", "value") for line in lines]


def _both_sides(view: Verdict, look: Look) -> list[Text]:
    """The learner's side and the goal's: as pictures if other variables are there."""
    parts = []
    if _other_variables(view):
        assert view.outcome is not None
        assert view.goal is not None
        parts.append(goal(view.outcome.snapshot, view.goal, look))
    elif rows := _rows(view):
        headings = tuple(map(say, ("what", "", "yours", "asked for")))
        parts.append(table(headings, rows, look))
    if view.status == "wrong":
        axes = ", ".join(_compared(result.axis) for result in view.results)
        counts = say("What counts: {axes}.", axes=axes)
        parts.append(prose(counts, look, indent=2, style="quiet"))
    return parts


def _other_variables(view: Verdict) -> bool:
    """Whether the two sides have different variables, which a picture shows best."""
    differ = any(one.axis == "names" for one in view.differences)
    return differ and view.goal is not None and view.outcome is not None


def _rows(view: Verdict) -> list[tuple[Cell, ...]]:
    """The differences; none if the sentence has said all there is."""
    rows = [
        _row(difference)
        for result in view.results
        if result.status == "fail"
        for difference in result.differences
    ]
    return rows if len(rows) > 1 else []


def _row(difference: Difference) -> tuple[Cell, ...]:
    return (
        Cell(difference.subject, "variable"),
        Cell(say(WAYS[difference.way]), "failed"),
        Cell(difference.own),
        Cell(difference.goal),
    )


def _compared(axis: str) -> str:
    return say(COMPARED.get(axis, axis))


if __name__ == "__main__":
    from .demo import WRONG, show

    show(lambda look: verdict(WRONG, look))
