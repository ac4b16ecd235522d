"""What the tutor says of an attempt: one frozen value.

Made by `judge`, completed by the tutor, drawn by the screen: the sentence first, then
the differences, then what counts.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from scopetutor.snapshot import Snapshot

from .checks import AxisResult, Difference, Outcome

Status: TypeAlias = Literal[
    "passed",  # the goal is reached
    "under way",  # nothing wrong yet, something is still missing; the entry is kept
    "aside",  # works, but not in the way that was asked
    "wrong",  # something is different; the entry is taken back
    "unready",  # not run: a blank, a typographic quote, unfinished code, nothing
    "looked",  # ran and changed nothing, such as a print; nothing is judged
]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one attempt.

    Attributes:
        step: "lesson/step".
        status: see above.
        sentence: what to say first; Markdown of one line.
        message: what the mistake says about a belief, or what to know now that the
            step is passed; Markdown.
        evidence: the counter-evidence in the learner's own state; Markdown.
        misconception: the id of the belief, or "".
        results: how each axis came out, in order; for a program only.
        outcome: what the learner's program came to; None if nothing was run.
        goal: the state the solution makes; None if the step has none.
        truth: the right answer of a typed question; only once it is passed or given up.
        printed: what the program of a prediction prints; as `truth`.
        first_try: whether it passed without a wrong attempt, hint or solution before.
    """

    step: str
    status: Status
    sentence: str
    message: str = ""
    evidence: str = ""
    misconception: str = ""
    results: tuple[AxisResult, ...] = ()
    outcome: Outcome | None = None
    goal: Snapshot | None = None
    truth: str = ""
    printed: str = ""
    first_try: bool = False

    @property
    def passed(self) -> bool:
        """Whether the step is done."""
        return self.status == "passed"

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All differences, in the order of the axes."""
        return tuple(one for result in self.results for one in result.differences)
