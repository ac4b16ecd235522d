"""Where steps are tried: runs programs in a workspace, each from the right moment.

Between the lesson and the workspace. Every attempt starts at a moment that no attempt
can spoil: the step's beginning, or what the learner has reached in it so far. The goal
is the state after the step's first solution; it is computed, never stored, so it cannot
differ from the solution.
"""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import msgspec

from scopetutor.errors import LessonError
from scopetutor.evaluator.outcome import Checked, ErrorView
from scopetutor.snapshot import Snapshot

from .checks import Outcome, first_sentence, short_type
from .model import PRELUDE, Code
from .source import names_used
from .starts import PROBE, read_starts

if TYPE_CHECKING:
    from scopetutor.workspace.client import Workspace
    from scopetutor.workspace.protocol import Output, Ran
    from scopetutor.workspace.worker import OnOutput

    from .model import Lesson, Step, Wrong


MOST_PIECES = 7  # to be put in order; 5,040 orders are enough


WARM_UP = """\
with tf.Graph().as_default():
    _loss = tf.layers.dense(tf.zeros([1, 1]), 1)
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(_loss)
    tf.train.Saver()
del _loss
"""
"""Loads what training needs. It is loaded where it is first used, and an attempt is a
fork: without this, each attempt would load it again, which takes half a second."""

_HEAVY = re.compile(r"\btf\.(train|layers|contrib|keras|losses|gradients|nn)\b")


class Shown(msgspec.Struct, frozen=True):
    """What a program in a lesson does.

    Attributes:
        code: the program.
        printed: what it prints; then the value of its last expression, if it has one.
        error: what it raises.
    """

    code: Code
    printed: str = ""
    error: ErrorView | None = None


class Truth(msgspec.Struct, frozen=True):
    """The right answer of a typed question, as the engine has it.

    Attributes:
        answer: what is printed, the value asked for, the class of the error, the
            letters of a choice, or the number of a line.
        printed: what the program prints.
        error: what it raises.
        snapshot: the state after it.
    """

    answer: str
    printed: str = ""
    error: ErrorView | None = None
    snapshot: Snapshot | None = None


class Bench:
    """Runs the steps of a lesson, one at a time, in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._step: Step | None = None
        self._beginning = 0
        self._goal: Outcome | None = None
        self._wrongs: dict[int, Outcome] = {}
        self._openings: dict[tuple[str, ...], int] = {}

    def begin(self, lesson: Lesson, step: Step) -> None:
        """Goes to the beginning of a step.

        Raises:
            LessonError: the lesson's own code fails before the step has begun.
        """
        if self._step is step:
            self.workspace.go_to(self._beginning)
            return
        self._step = None
        self._open(_opening(lesson, step))
        for text in _before(lesson, step):
            ran = self.workspace.run(text, origin="lesson")
            if ran.ending != "ok":
                raise _broken(lesson, step, ran)
        self._step = step
        self._beginning = self.workspace.moment
        self._goal = None
        self._wrongs = {}

    def _open(self, texts: tuple[str, ...]) -> None:
        """Goes to where these have been run; many steps begin there."""
        if texts in self._openings:
            self.workspace.go_to(self._openings[texts])
            return
        self.workspace.go_to(0)
        for text in texts:
            self.workspace.run(text, origin="lesson")
        self._openings[texts] = self.workspace.moment

    @property
    def step(self) -> Step:
        """The step that has begun."""
        assert self._step is not None, "begin() first"
        return self._step

    @property
    def beginning(self) -> int:
        """The moment at which the step begins."""
        return self._beginning

    def goal(self) -> Outcome:
        """What the step's first solution comes to."""
        if self._goal is None:
            self._goal = self.try_out(self.step.solutions[0].text)
        return self._goal

    def wrong(self, wrong: Wrong) -> Outcome:
        """What one of the step's wrong answers comes to."""
        if wrong.line not in self._wrongs:
            self._wrongs[wrong.line] = self.try_out(self.program(wrong.code))
        return self._wrongs[wrong.line]

    def program(self, answer: str) -> str:
        """The program that an answer stands for: itself, or pieces in its order."""
        if self.step.kind != "order":
            return answer
        numbers = [int(word) for word in answer.split()]
        return "\n\n".join(self.step.pieces[number - 1] for number in numbers)

    def order_of(self, program: str) -> str | None:
        """The order of the step's pieces that makes a program; None if none does."""
        pieces = self.step.pieces
        if len(pieces) > MOST_PIECES:
            return None
        wanted = program.split()
        for order in permutations(range(len(pieces))):
            if " ".join(pieces[n] for n in order).split() == wanted:
                return " ".join(str(n + 1) for n in order)
        return None

    def try_out(self, text: str) -> Outcome:
        """What a program comes to from the beginning of the step; nothing is kept."""
        outcome = self.run(text, self._beginning, origin="lesson")
        self.workspace.go_to(self._beginning)
        return outcome

    def run(
        self,
        text: str,
        moment: int,
        *,
        origin: Literal["learner", "lesson"] = "learner",
        on_output: OnOutput | None = None,
    ) -> Outcome:
        """Runs a program at a moment, stays behind it, and says what it came to."""
        self.workspace.go_to(moment)
        outcome = self._run(text, origin, on_output)
        step = self.step
        checked = starts = None
        if outcome.ending == "ok" and not step.typed:
            checked = self.check()
        if outcome.ending in ("ok", "error") and "starts" in step.check.compare:
            starts = self._starts()
        return msgspec.structs.replace(
            outcome, checked=checked or (), starts=starts or {}
        )

    def check(self) -> tuple[Checked, ...]:
        """How the step's assertions end at the present moment."""
        asserts = [one.text for one in self.step.asserts]
        if not asserts:
            return ()
        checks = self.workspace.check(asserts)
        known = {one.text: one for one in checks.results}
        silent = ErrorView("TimeoutError", checks.sentence or "it gave no answer")
        return tuple(
            known.get(text, Checked(text, passed=False, error=silent))
            for text in asserts
        )

    def _run(
        self,
        text: str,
        origin: Literal["learner", "lesson"],
        on_output: OnOutput | None = None,
    ) -> Outcome:
        printed: list[str] = []

        def listen(output: Output) -> None:
            if output.stream == "out":  # warnings are for people, not for comparing
                printed.append(output.text)
            if on_output is not None:
                on_output(output)

        ran = self.workspace.run(text, origin=origin, on_output=listen)
        return Outcome(
            snapshot=self.workspace.snapshot,
            printed="".join(printed),
            error=ran.error,
            ending=ran.ending,
            sentence=ran.sentence,
            shown=ran.shown,
            used=names_used(text),
        )

    def _starts(self) -> dict[str, str]:
        """The values the variables start with, tried in sessions of our own."""
        moment = self.workspace.moment
        outcome = self._run(PROBE, "lesson")
        self.workspace.go_to(moment)
        return read_starts(outcome.printed)

    def show(self) -> list[Shown]:
        """Runs the programs the step shows, one after the other."""
        shown = []
        self.workspace.go_to(self._beginning)
        for code in self.step.shows:
            if code.runs:
                outcome = self._run(code.text, "lesson")
                shown.append(Shown(code, _with_value(outcome), outcome.error))
            else:
                shown.append(Shown(code))
        return shown

    def truth(self) -> Truth:
        """The right answer of a typed question."""
        step = self.step
        if step.kind == "choice":
            return Truth(" ".join(step.answer.right))
        shown = self.show()
        last = next(one for one in reversed(shown) if one.code.runs)
        snapshot = self.workspace.snapshot
        if step.kind == "order":
            answer = str(_failing_line(last))
        elif last.error is not None:
            answer = short_type(last.error.type)
        elif step.answer.of:
            answer = self._run(step.answer.of, "lesson").shown or "None"
        else:
            answer = last.printed.strip()
        self.workspace.go_to(self._beginning)
        return Truth(answer, last.printed, last.error, snapshot)


def _with_value(outcome: Outcome) -> str:
    value = f"{outcome.shown}\n" if outcome.shown is not None else ""
    return outcome.printed + value


def _failing_line(shown: Shown) -> int:
    """The line of the program on which it fails, from 1; 0 if it does not."""
    if shown.error is None:
        return 0
    lines = shown.code.text.split("\n")
    for frame in reversed(shown.error.frames):
        number = frame.site.line
        if 1 <= number <= len(lines) and lines[number - 1].strip() == (
            frame.site.text.strip()
        ):
            return number
    return shown.error.frames[0].site.line if shown.error.frames else 0


def _opening(lesson: Lesson, step: Step) -> tuple[str, ...]:
    """What is run before anything of the lesson's own."""
    prelude = PRELUDE[step.mode]
    if step.mode == "eager" or not any(map(_trains, lesson.steps)):
        return (prelude,)
    return (prelude, WARM_UP)


def _trains(step: Step) -> bool:
    codes = [*step.solutions, *(part for part in step.parts if isinstance(part, Code))]
    return any(_HEAVY.search(code.text) for code in codes)


def _before(lesson: Lesson, step: Step) -> list[str]:
    """The programs of the lesson that run before a step begins."""
    texts = []
    for one in _chain(lesson, step):
        if one.setup:
            texts.append(one.setup)
        if one is not step:
            texts.append(one.solutions[0].text)
    return texts


def _chain(lesson: Lesson, step: Step) -> list[Step]:
    """The step and those it continues, the first one first."""
    chain = [step]
    while chain[0].continues:
        before = lesson.step(chain[0].continues)
        if before is None or before in chain:  # `load` has refused such a lesson
            break
        chain.insert(0, before)
    return chain


def _broken(lesson: Lesson, step: Step, ran: Ran) -> LessonError:
    problem = ran.sentence or ran.ending
    if ran.error is not None:
        problem = f"{short_type(ran.error.type)}: {first_sentence(ran.error)}"
    return LessonError(
        f"the set-up of step {step.id!r} fails: {problem}",
        place=f"{lesson.file}:{step.line}",
    )
