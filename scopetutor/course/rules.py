"""What a step of each kind must have, and what may not stand together.

After `steps`; the faults that can be told without running anything. What takes running
is told by `lint`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .faults import Faults
    from .model import Step

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_BLANK = re.compile(r"_{4,}")


def check_step(step: Step, faults: Faults) -> None:
    """Notes what is wrong with a step that has been read."""
    for rule in _RULES[step.kind]:
        rule(step, faults)


def _goal(step: Step, faults: Faults) -> None:
    """A state to reach, and something of it that counts."""
    if not step.solutions:
        faults.add(step.line, f"{_a(step.kind)} step without a solution")
    check = step.check
    counts = (check.compare, check.same, check.different, check.bound, step.asserts)
    if not any(counts):
        faults.add(
            step.line,
            f"{_a(step.kind)} step without a check",
            'such as ```toml check with compare = ["variables"], or assert lines',
        )
    if "sharing" in check.compare and not (check.same or check.different):
        faults.add(check.line, "sharing of what?", 'such as same = [["v1", "v2"]]')
    if "bound" in check.compare and not check.bound:
        faults.add(check.line, "bound: which names?", 'such as bound = ["v1"]')
    names = [*check.bound, *check.forbid, *check.require]
    for name in [*names, *(one for group in _groups(step) for one in group)]:
        if not _NAME.fullmatch(name):
            faults.add(check.line, f"{name!r} is no name")
    for name in set(check.forbid) & set(check.require):
        faults.add(check.line, f"{name!r} is forbidden and required")
    for solution in step.solutions:
        if _BLANK.search(solution.text):
            faults.add(solution.line, "a blank ____ in a solution")


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "order" else f"a {kind}"


def _groups(step: Step) -> tuple[tuple[str, ...], ...]:
    return (*step.check.same, *step.check.different)


def _program(step: Step, faults: Faults) -> None:
    """A program whose outcome is asked for."""
    shows = [code for code in step.shows if code.runs]
    if not shows:
        faults.add(step.line, f"{_a(step.kind)} step without a program to show")
    if any(code.raises for code in shows):
        faults.add(step.line, "raises= tells the answer", "leave it out")
    if step.answer.options or step.answer.right:
        problem = f"options in {_a(step.kind)} step"
        faults.add(step.answer.line, problem, "kind=choice")


def _starter(step: Step, faults: Faults) -> None:
    if not step.starter:
        faults.add(step.line, "a fix step without a starter", "the broken program")


def _options(step: Step, faults: Faults) -> None:
    """Options, some right and some wrong, each with a letter."""
    answer = step.answer
    letters = [letter for letter, _text in answer.options]
    if len(letters) < 2:
        faults.add(
            answer.line or step.line,
            "a choice needs two options or more",
            'as in options.a = "it raises"',
        )
    for letter, text in answer.options:
        if not (len(letter) == 1 and letter.isalpha() and letter.islower()):
            faults.add(answer.line, f"option {letter!r}", "one small letter")
        if not text.strip():
            faults.add(answer.line, f"option {letter!r} is empty")
    for letter in answer.right:
        if letter not in letters:
            faults.add(answer.line, f"right = {letter!r} is no option")
    if not answer.right:
        faults.add(answer.line or step.line, "which option is right?", 'right = "a"')
    if letters and set(letters) <= set(answer.right):
        faults.add(answer.line, "every option is right")
    if answer.of:
        faults.add(answer.line, "'of' belongs to a predict step")


def _lines_or_pieces(step: Step, faults: Faults) -> None:
    """A program whose failing line is asked for, or pieces to put in order."""
    if not step.starter:
        _program(step, faults)
        if step.solutions:
            faults.add(step.solutions[0].line, "a solution without a starter")
        return
    if any(code.runs for code in step.shows):
        faults.add(step.line, "a show and a starter: which line, or which order?")
    if len(step.pieces) < 2:
        faults.add(step.line, "one piece to order", "blank lines part the pieces")
    _goal(step, faults)


def _messages(step: Step, faults: Faults) -> None:
    """A message for every wrong answer, and no wrong answer that is right."""
    letters = {letter for letter, _text in step.answer.options}
    for wrong in step.wrongs:
        if not (wrong.say or wrong.misconception):
            faults.add(
                wrong.line,
                "a wrong answer without a message",
                "write a block quote (> ...) below it, or misconception=",
            )
        if wrong.answers and not all(one.strip() for one in wrong.answers):
            faults.add(wrong.line, "an empty answer")
        if step.kind == "choice":
            for one in wrong.answers:
                if one in step.answer.right:
                    faults.add(wrong.line, f"wrong answer {one!r} is right")
                elif one not in letters:
                    faults.add(wrong.line, f"wrong answer {one!r} is no option")


_RULES: Mapping[str, tuple[Callable[[Step, Faults], None], ...]] = {
    "read": (),
    "predict": (_program, _messages),
    "code": (_goal, _messages),
    "fix": (_starter, _goal, _messages),
    "choice": (_options, _messages),
    "order": (_lines_or_pieces, _messages),
}
