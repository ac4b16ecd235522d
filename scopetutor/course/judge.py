"""From what a learner typed to a `Verdict`, stage by stage.

Is it ready to run? Run it. Compare it axis by axis with the goal. If something differs:
is it one of the step's wrong answers, or a known misconception? Then one sentence, the
message, the differences. `bench` does the running; `sentences` has the words.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import msgspec

from scopetutor.language import current, say
from scopetutor.snapshot import compare

from . import sentences
from .answers import chosen, is_error, line_number, numbered, same_answer, says_error
from .attempt import Attempt
from .checks import Outcome, compare_outcomes, variables
from .detectors import detected, evidence_for
from .misconceptions import misconceptions
from .source import (
    Unready,
    is_program,
    names_bound,
    same_program,
    unready,
    without_prompts,
)
from .verdict import Verdict

if TYPE_CHECKING:
    from scopetutor.workspace.worker import OnOutput

    from .bench import Bench, Truth
    from .checks import AxisResult
    from .model import Step, Wrong
    from .verdict import Status


class Standing(msgspec.Struct, frozen=True):
    """How far a learner has come in a step.

    Attributes:
        moment: holds what has been made and kept.
        left: how many differences from the goal were left there.
    """

    moment: int
    left: int = 0


class Judgement(msgspec.Struct, frozen=True):
    """A verdict, and how far the learner is after it."""

    verdict: Verdict
    standing: Standing


def judge(
    bench: Bench,
    text: str,
    standing: Standing,
    on_output: OnOutput | None = None,
) -> Judgement:
    """Judges what was typed in the step that the bench has begun.

    Args:
        bench: at the step.
        text: as typed.
        standing: how far the learner has come in this step.
        on_output: gets what the program prints, while it runs.
    """
    if bench.step.typed:
        return Judgement(_judge_answer(bench, text.strip()), standing)
    return _judge_program(bench, without_prompts(text), standing, on_output)


# -- programs -----------------------------------------------------------------------


def _judge_program(
    bench: Bench, text: str, standing: Standing, on_output: OnOutput | None
) -> Judgement:
    step = bench.step
    if step.kind == "order":
        order = numbered(text, len(step.pieces))
        if order is None:
            return Judgement(_not_an_order(bench), standing)
        text = bench.program(" ".join(map(str, order)))
    problem = unready(text)
    if problem is not None:
        sentence = sentences.of_unready(problem)
        return Judgement(_verdict(bench, "unready", sentence), standing)
    trial = _tried(bench, text, standing, on_output)
    if trial.status in ("passed", "under way"):
        standing = Standing(trial.moment, trial.left)
    bench.workspace.go_to(standing.moment)
    return Judgement(trial.verdict(), standing)


def _tried(
    bench: Bench, text: str, standing: Standing, on_output: OnOutput | None
) -> _Trial:
    """The program as a next entry or, where that makes more sense, as a fresh start."""
    start = standing.moment if bench.step.kind == "code" else bench.beginning
    trial = _Trial(bench, text, start, on_output)
    if trial.status != "wrong" or start == bench.beginning:
        return trial
    afresh = _Trial(bench, text, bench.beginning, None)
    done = afresh.status in ("passed", "aside")
    further = afresh.status == "under way" and afresh.left < standing.left
    made = trial.before.names.keys() - afresh.before.names.keys()
    written_again = bool(made & names_bound(text))
    return afresh if done or further or written_again else trial


class _Trial:
    """One run of a program from one moment, and its comparison with the goal."""

    def __init__(
        self,
        bench: Bench,
        text: str,
        start: int,
        on_output: OnOutput | None,
    ) -> None:
        self.bench = bench
        self.text = text
        self.step = bench.step
        self.goal = bench.goal()
        bench.workspace.go_to(start)
        self.before = bench.workspace.snapshot
        self.own = bench.run(text, start, on_output=on_output)
        self.moment = bench.workspace.moment
        self.results = tuple(compare_outcomes(self.goal, self.own, self.step.check))
        self.status: Status = self._status()

    def _status(self) -> Status:
        if all(result.status == "pass" for result in self.results):
            return "aside" if bans(self.step, self.own) else "passed"
        if self._changed_nothing():
            return "looked"
        ways = {one.way for result in self.results for one in result.differences}
        return "under way" if ways == {"missing"} and self._may_go_on() else "wrong"

    def _may_go_on(self) -> bool:
        """Whether a later entry can still complete what this one began."""
        return self.step.kind == "code" and self.own.ending == "ok"

    def _changed_nothing(self) -> bool:
        fine = self.own.ending == "ok" and self.step.kind == "code"
        return fine and not compare(self.before, self.own.snapshot)

    @property
    def left(self) -> int:
        """How many differences from the goal are left."""
        return sum(len(result.differences) for result in self.results)

    def verdict(self) -> Verdict:
        """The verdict on this run."""
        sentence, message, misconception, evidence = self._words()
        return msgspec.structs.replace(
            _verdict(self.bench, self.status, sentence),
            message=message,
            misconception=misconception,
            evidence=evidence,
            results=self.results,
            outcome=self.own,
            goal=self.goal.snapshot,
        )

    def _words(self) -> tuple[str, str, str, str]:
        """The sentence, the message, the misconception and the evidence for it."""
        if self.status == "passed":
            return say("Right."), self._note(), "", ""
        if self.status == "aside":
            return (bans(self.step, self.own), *self._explanation())
        if self.status == "looked":
            return say("Nothing has changed."), "", "", ""
        if self.status == "under way":
            sentence = sentences.of_missing(self.results)
        else:
            sentence = sentences.of_results(self.results)
        return (sentence, *self._explanation())

    def _note(self) -> str:
        """What the lesson says to the solution that was found, or to the first one."""
        solutions = self.step.solutions
        same = (one for one in solutions if same_program(one.text, self.text))
        return next(same, solutions[0]).note

    def _explanation(self) -> tuple[str, str, str]:
        attempt = Attempt(self.text, self.own, self.before, self.goal)
        wrong = self._wrong()
        if wrong is not None:
            evidence = evidence_for(wrong.misconception, attempt)
            return _message(wrong), wrong.misconception, evidence
        found = detected(attempt) if self.status == "wrong" else None
        if found is None:
            return "", "", ""
        misconception, evidence = found
        return _truth_of(misconception), misconception, evidence

    def _wrong(self) -> Wrong | None:
        """The step's wrong answer that this one is, by text or by what it comes to."""
        wrongs = self.step.wrongs
        for wrong in wrongs:
            if same_program(self.bench.program(_code(wrong)), self.text):
                return wrong
        mine = signature(self.results, self.own, bans(self.step, self.own))
        alike = [wrong for wrong in wrongs if self._signature_of(wrong) == mine]
        return max(alike, key=self._likeness, default=None)

    def _signature_of(self, wrong: Wrong) -> object:
        outcome = self.bench.wrong(wrong)
        results = tuple(compare_outcomes(self.goal, outcome, self.step.check))
        return signature(results, outcome, bans(self.step, outcome))

    def _likeness(self, wrong: Wrong) -> float:
        """How much a wrong answer reads like this one."""
        theirs = self.bench.program(_code(wrong))
        return difflib.SequenceMatcher(None, theirs, self.text).ratio()


def signature(results: tuple[AxisResult, ...], own: Outcome, bans: str) -> object:
    """What makes two answers wrong in the same way.

    Where things are only missing, what there is instead tells answers apart: a constant
    is not a plain number.
    """
    differences = [
        (one.axis, one.way, one.subject, one.own)
        for result in results
        for one in result.differences
    ]
    extra = {one[2] for one in differences if one[:2] == ("names", "extra")}
    made = [
        (name, view.shape, view.dtype, view.initializer, view.made.call)
        for name, view in variables(own).items()
        if name in extra
    ]
    missing = all(one[1] == "missing" for one in differences)
    instead = {view.type for view in own.snapshot.ops.values()} if missing else None
    return differences, made, bans, instead


def _code(wrong: Wrong) -> str:
    return wrong.code or wrong.answers[0]


def bans(step: Step, outcome: Outcome) -> str:
    """Why a program that works is not what was asked for; "" if it is."""
    for name in step.check.forbid:
        if name in outcome.used:
            return say("It works. Here it should be done without `{name}`.", name=name)
    for name in step.check.require:
        if name not in outcome.used:
            return say("It works. Here it should be done with `{name}`.", name=name)
    return ""


def _not_an_order(bench: Bench) -> Verdict:
    count = len(bench.step.pieces)
    example = " ".join(str(number) for number in range(1, count + 1))
    sentence = say(
        "Type the numbers of all {count} pieces, such as `{example}`.",
        count=count,
        example=example,
    )
    return _verdict(bench, "unready", sentence)


# -- typed answers ------------------------------------------------------------------


def _judge_answer(bench: Bench, text: str) -> Verdict:
    if not text:
        sentence = sentences.of_unready(Unready("empty"))
        return _verdict(bench, "unready", sentence)
    truth = bench.truth()
    if bench.step.kind == "choice":
        return _judge_choice(bench, text, truth)
    if bench.step.kind == "order":
        return _judge_line(bench, text, truth)
    if same_answer(text, truth.answer):
        return _right(bench, truth)
    return _wrong_answer(bench, text, truth)


def _judge_choice(bench: Bench, text: str, truth: Truth) -> Verdict:
    letters = [letter for letter, _text in bench.step.answer.options]
    picked = chosen(text, letters)
    if picked is None:
        sentence = say("Type one of the letters {letters}.", letters=", ".join(letters))
        return _verdict(bench, "unready", sentence)
    right = set(truth.answer.split())
    if picked == right:
        return _right(bench, truth)
    for letter in sorted(picked - right):
        for wrong in bench.step.wrongs:
            if letter in wrong.answers:
                return _no(bench, wrong, "")
    if picked < right:
        sentence = say("Right, and it is not the only one.")
        return _verdict(bench, "wrong", sentence)
    return _verdict(bench, "wrong", say("No."))


def _judge_line(bench: Bench, text: str, truth: Truth) -> Verdict:
    number = line_number(text)
    if number is None:
        sentence = say("Type the number of a line, or `none`.")
        return _verdict(bench, "unready", sentence)
    if str(number) == truth.answer:
        return _right(bench, truth)
    for wrong in bench.step.wrongs:
        if number in map(line_number, wrong.answers):
            return _no(bench, wrong, "")
    sentence = say("No, line {number} is not where it fails.", number=number)
    if number == 0:
        sentence = say("It does fail.")
    elif truth.answer == "0":
        sentence = say("No, that line is fine.")
    return _verdict(bench, "wrong", sentence)


def _right(bench: Bench, truth: Truth) -> Verdict:
    notes = [bench.step.answer.note, *(code.note for code in bench.step.shows)]
    return msgspec.structs.replace(
        _verdict(bench, "passed", say("Right.")),
        message="\n\n".join(filter(None, notes)),
        truth=truth.answer,
        printed=truth.printed,
        outcome=_outcome(truth),
    )


def _outcome(truth: Truth) -> Outcome | None:
    if truth.snapshot is None:
        return None
    return Outcome(truth.snapshot, truth.printed, truth.error)


def _wrong_answer(bench: Bench, text: str, truth: Truth) -> Verdict:
    """The message to a prediction that is not what the program does."""
    attempt = Attempt(
        text,
        _outcome(truth) or Outcome(),
        bench.workspace.snapshot,
        truth=truth.answer,
    )
    for wrong in bench.step.wrongs:
        if any(same_answer(text, answer) for answer in wrong.answers):
            return _no(bench, wrong, evidence_for(wrong.misconception, attempt))
    if is_program(text):
        sentence = say("That is a program. Type what it prints; `sandbox` runs it.")
        return _verdict(bench, "unready", sentence)
    if is_error(truth.answer) and says_error(text):
        sentence = say("It does fail, but the error is of another class.")
        return _verdict(bench, "wrong", sentence)
    if says_error(text):
        return _verdict(bench, "wrong", say("It does not fail."))
    found = detected(attempt)
    sentence = say("No, it is not `{answer}`.", answer=text.strip("`"))
    verdict = _verdict(bench, "wrong", sentence)
    if found is None:
        return verdict
    misconception, _evidence = found
    return msgspec.structs.replace(
        verdict, message=_truth_of(misconception), misconception=misconception
    )


def _no(bench: Bench, wrong: Wrong, evidence: str) -> Verdict:
    return msgspec.structs.replace(
        _verdict(bench, "wrong", say("No.")),
        message=_message(wrong),
        misconception=wrong.misconception,
        evidence=evidence,
    )


def _message(wrong: Wrong) -> str:
    return wrong.say or _truth_of(wrong.misconception)


def _truth_of(misconception: str) -> str:
    return misconceptions(current())[misconception].truth.strip()


def _verdict(bench: Bench, status: Status, sentence: str) -> Verdict:
    return Verdict(step=bench.step.id, status=status, sentence=sentence)
