"""`scopetutor drill`: endless generated questions.

`course.drills` makes the questions, the engine answers them, and `repl.drill` asks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator  # Typer evaluates annotations
from typing import Annotated

import typer

from .courses import COURSE, LANGUAGE, learned
from .showing import PLAIN
from .talking import talk


def _topics(incomplete: str) -> Iterator[tuple[str, str]]:
    from scopetutor.course.drills import TOPICS

    for name, topic in TOPICS.items():
        if name.startswith(incomplete):
            yield name, topic.about


def command(
    topic: Annotated[
        str,
        typer.Option(help="One topic; default: yours.", autocompletion=_topics),
    ] = "",
    seed: Annotated[
        int | None, typer.Option(help="A number: the same questions again.")
    ] = None,
    count: Annotated[
        int, typer.Option("--count", "-n", min=0, help="How many; 0: no end.")
    ] = 0,
    topics: Annotated[
        bool, typer.Option("--topics", help="Only list the topics.")
    ] = False,
    course: COURSE = None,
    language: LANGUAGE = None,
    plain: PLAIN = False,
) -> None:
    r"""Practise with endless small questions.

    What is the name? New, found again or an error? Which line fails? The engine knows
    the truth and explains it. Two right answers make a topic harder, a wrong one makes
    it easier, and what goes wrong comes more often.

    \b
    Examples:
      scopetutor drill
      scopetutor drill --topic reuse --count 10
      scopetutor drill --topics
    """
    from scopetutor.course.drills import TOPICS
    from scopetutor.errors import UsageError

    if topics:
        sys.stdout.writelines(f"{name}\t{one.about}\n" for name, one in TOPICS.items())
        return
    if topic and topic not in TOPICS:
        hint = f"there are: {', '.join(TOPICS)}"
        raise UsageError(f"there is no topic {topic!r}; {hint}")
    from scopetutor.drill import DrillTutor
    from scopetutor.repl.drill import DrillLoop

    with learned(course, language, goes_on=True) as (found, progress):
        first = int(progress.clock() * 1000) if seed is None else seed
        code = talk(
            lambda workspace: DrillTutor(
                found, progress, workspace, topic=topic, seed=first, count=count
            ),
            DrillLoop,
            strict=course is not None,
            plain=plain,
        )
    raise typer.Exit(code)
