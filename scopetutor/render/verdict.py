"""What the tutor says of an attempt: one sentence, then why, then what differs.

Drawn by `repl.learn`. The sign in front says in one look what the sentence says in
words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.course.checks import LEGEND
from scopetutor.language import say

from .outline import Cell
from .prose import prose
from .table import table
from .wrap import paragraphs

if TYPE_CHECKING:
    from scopetutor.course.checks import AxisResult, Difference
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

WAYS = {"missing": "missing", "extra": "too many", "different": "different"}


def verdict(view: Verdict, look: Look, *, details: bool = True) -> Text:
    """Draw a verdict.

    Args:
        view: the tutor's judgement.
        look: how.
        details: whether to list the differences and what counts.
    """
    parts = [_sentence(view, look)]
    told = [view.message, view.evidence]
    parts += [prose(text, look, indent=2) for text in told if text]
    if view.truth and view.status == "passed":
        parts += _printed(view)
    if details and view.differences and view.status == "wrong":
        parts.append(differences(view, look))
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


def differences(view: Verdict, look: Look) -> Text:
    """What is different, both sides, and what counts in this step."""
    rows = [
        _row(difference)
        for result in view.results
        if result.status == "fail"
        for difference in result.differences
    ]
    parts = []
    if len(rows) > 1 or any(cell.text for row in rows for cell in row[2:]):
        headings = tuple(map(say, ("what", "", "yours", "asked for")))
        parts.append(table(headings, rows, look))
    counts = [_looks_at(result) for result in view.results]
    counted = say("What counts: {axes}.", axes="; ".join(counts))
    parts.append(prose(counted, look, indent=2, style="quiet"))
    return paragraphs(parts)


def _row(difference: Difference) -> tuple[Cell, ...]:
    return (
        Cell(difference.subject, "variable"),
        Cell(say(WAYS[difference.way]), "failed"),
        Cell(difference.own),
        Cell(difference.goal),
    )


def _looks_at(result: AxisResult) -> str:
    if result.axis == "assert":
        return say("the assertions of the lesson")
    return say(LEGEND[result.axis])


if __name__ == "__main__":
    from .demo import WRONG, show

    show(lambda look: verdict(WRONG, look))
