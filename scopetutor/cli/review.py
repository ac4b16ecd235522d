"""`scopetutor review`: the ideas you missed, when they are due.

`scopetutor.review` says what is due, and when it is due again; the questions are asked
as in a lesson (`repl.learn`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .courses import COURSE, LANGUAGE, learned
from .showing import JSON, PLAIN, show_json
from .talking import talk

if TYPE_CHECKING:
    from scopetutor.progress import Progress


def command(
    course: COURSE = None,
    language: LANGUAGE = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Only say what is due, and when.")
    ] = False,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Answer again what you got wrong, at growing intervals.

    Every idea that a wrong answer of yours showed comes back: at once, then after a few
    days, then after weeks, as long as you know it. Each comes in a question of the
    course that meets it.

    \b
    Examples:
      scopetutor review
      scopetutor review --list
      scopetutor review --list --json

    `scopetutor help json` describes the JSON.
    """
    from scopetutor import review

    with learned(course, language) as (found, progress):
        if json:
            show_json([_told(*row) for row in _rows(progress)])
            return
        if listed:
            sys.stdout.write(_list(progress))
            return
        questions = review.items(found, progress, progress.clock())
        if not questions:
            sys.stdout.write(_nothing(progress))
            return
        from scopetutor.repl.learn import LessonLoop

        code = talk(
            lambda workspace: review.ReviewTutor(found, progress, workspace, questions),
            LessonLoop,
            strict=course is not None,
            plain=plain,
        )
    raise typer.Exit(code)


def _nothing(progress: Progress) -> str:
    from scopetutor.language import say

    cards = list(progress.cards().values())
    if not cards:
        nothing = say("Nothing to review: no idea has been missed yet.")
        return f"{nothing}\n  try  scopetutor learn\n"
    when = _when(cards[0].due - progress.clock())
    told = say("Nothing is due; the next idea comes back {when}.", when=when)
    return f"{told}\n  try  scopetutor drill\n"


def _list(progress: Progress) -> str:
    """The ideas and when each is due."""
    lines = [
        f"{_when(seconds)}\t{idea}\t{belief}\n"
        for idea, belief, seconds in _rows(progress)
    ]
    return "".join(lines) or _nothing(progress)


def _rows(progress: Progress) -> list[tuple[str, str, float]]:
    """Every idea that was missed, as it was believed, and when it is due."""
    from scopetutor.course.misconceptions import misconceptions
    from scopetutor.language import current
    from scopetutor.review import due_ideas

    now = progress.clock()
    known = misconceptions(current())
    rows = [(idea, 0.0) for idea in due_ideas(progress, now)]
    rows += [(c.idea, c.due - now) for c in progress.cards().values() if c.due > now]
    return [
        (idea, " ".join(known[idea].belief.split()) if idea in known else "", seconds)
        for idea, seconds in rows
    ]


def _told(idea: str, belief: str, seconds: float) -> dict[str, object]:
    return {"idea": idea, "belief": belief, "due": round(seconds)}


def _when(seconds: float) -> str:
    from scopetutor.language import say

    if seconds <= 0:
        return say("now")
    days = seconds / 86_400
    if days < 1:
        return say("in {hours} h", hours=max(round(seconds / 3600), 1))
    return say("in {days} days", days=round(days)) if days >= 1.5 else say("in a day")
