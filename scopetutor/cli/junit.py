"""Trials of lessons as JUnit XML, which every CI service draws.

`scopetutor lesson test --junit FILE` writes it, after `course.trials` has tried every
answer that an author promised to be right or wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scopetutor.course.trials import Trial

# What XML 1.0 has no place for; a program may print anything.
_NO_XML = {code: "?" for code in range(0x20) if code not in (0x9, 0xA, 0xD)}


def junit(trials: Mapping[str, Sequence[Trial]]) -> str:
    """The report: a suite for each lesson, a case for each answer.

    Args:
        trials: by lesson.
    """
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for lesson, tried in trials.items():
        failures = sum(bool(one.problem) for one in tried)
        seconds = sum(one.seconds for one in tried)
        rows.append(
            f'  <testsuite name={_attribute(lesson)} tests="{len(tried)}" '
            f'failures="{failures}" time="{seconds:.3f}">'
        )
        rows += [_case(lesson, one) for one in tried]
        rows.append("  </testsuite>")
    return "\n".join([*rows, "</testsuites>", ""])


def _case(lesson: str, trial: Trial) -> str:
    head = (
        f"    <testcase classname={_attribute(f'{lesson}.{trial.step}')} "
        f"name={_attribute(f'{trial.what}, line {trial.line}')} "
        f'time="{trial.seconds:.3f}"'
    )
    if not trial.problem:
        return f"{head}/>"
    return f"{head}><failure message={_attribute(trial.problem)}/></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_NO_XML), {"\n": "&#10;"})
