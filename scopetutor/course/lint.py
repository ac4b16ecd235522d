"""Is a lesson right? Every promise a lesson makes is tried before a learner meets it.

After `load`, which tells what can be told from the text. Here the lesson is run: every
solution must pass, the starter, nothing at all and a commented-out solution must fail,
every wrong answer must fail with its own message, what is predicted must be one line
and the same each time, and no hint may hold the answer.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

import msgspec

from scopetutor.errors import LessonError

from .answers import same_answer
from .bench import Bench
from .checks import Outcome, first_sentence, short_type, sides_text, variables
from .hints import leaks, tells
from .judge import Standing, judge
from .misconceptions import misconceptions
from .model import Prose
from .source import parse, same_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.workspace.client import Workspace

    from .bench import Shown
    from .model import Code, Lesson, Step, Wrong
    from .verdict import Verdict

_INLINE = re.compile(r"`([^`\n]+)`")
_TF_NAME = re.compile(r"\btf(?:\.[A-Za-z_]\w*)+")
_WORD = re.compile(r"[A-Za-z_]\w*")


class Finding(msgspec.Struct, frozen=True):
    """Something about a lesson: a fault (wrong), advice (could be better), a note."""

    kind: Literal["fault", "advice", "note"]
    error: LessonError


class Linter:
    """Tries a lesson in a workspace.

    Args:
        lesson: as read; its faults of form have been told.
        workspace: where its programs run.
    """

    def __init__(self, lesson: Lesson, workspace: Workspace) -> None:
        self.lesson = lesson
        self.bench = Bench(workspace)
        self.workspace = workspace
        self.findings: list[Finding] = []
        self._tf_names: dict[str, bool] = {}

    def check(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the lesson or could be better."""
        self.check_head()
        for step in self.lesson.steps:
            self.check_step(step)
        return tuple(sorted(self.findings, key=_line_number))

    def _fault(self, line: int, problem: str, hint: str = "") -> None:
        self._note("fault", line, problem, hint)

    def _advice(self, line: int, problem: str, hint: str = "") -> None:
        self._note("advice", line, problem, hint)

    def _note(
        self, kind: Literal["fault", "advice"], line: int, problem: str, hint: str
    ) -> None:
        place = f"{self.lesson.file}:{line}"
        self.findings.append(
            Finding(kind, LessonError(problem, place=place, hint=hint))
        )

    def check_head(self) -> None:
        """What is said of the lesson as a whole."""
        steps = self.lesson.steps
        if not self.lesson.head.after:
            self._advice(1, "'after' is missing", "what one can do after the lesson")
        if sum(step.active for step in steps) * 2 < len(steps):
            self._advice(1, "fewer than half of the steps are active")

    def check_step(self, step: Step) -> None:
        """Tries one step."""
        try:
            self.bench.begin(self.lesson, step)
        except LessonError as error:
            self.findings.append(Finding("fault", error))
            return
        self._check_shows(step)
        if step.active:
            self._check_hints(step)
            self._check_wrongs_listed(step)
        if step.typed:
            self._check_typed(step)
        elif step.active:
            self._check_program(step)
        self._check_tf_names(step)

    # -- what is shown --------------------------------------------------------------

    def _check_shows(self, step: Step) -> None:
        shown = self.bench.show()
        asked = step.kind in ("predict", "order")
        for one in shown:
            self._check_ending(one, asked=asked and one is shown[-1])
        if step.asserts and (step.typed or not step.active):
            for checked, line in zip(
                self.bench.check(), (a.line for a in step.asserts), strict=True
            ):
                if not checked.passed:
                    self._fault(
                        line, f"does not hold: {checked.text}", sides_text(checked)
                    )

    def _check_ending(self, shown: Shown, *, asked: bool) -> None:
        code, error = shown.code, shown.error
        got = error.type.rpartition(".")[2] if error else ""
        if code.raises and code.raises != got:
            problem = f"raises={code.raises}, but it " + (
                f"raises {got}" if got else "runs through"
            )
            self._fault(code.line, problem)
        elif got and not code.raises and not asked:
            message = error.message.split("\n")[0] if error else ""
            self._fault(code.line, f"{got}: {message}", f"or say raises={got}")

    # -- hints and wrong answers ----------------------------------------------------

    def _check_hints(self, step: Step) -> None:
        if len(step.hints) < 2:
            problem = f"{_counted(len(step.hints), 'hint')}, and two are the least"
            self._fault(step.line, problem, "from a nudge to almost everything")
        for hint in step.hints:
            for solution in step.solutions:
                if leaks(hint.text, solution.text):
                    self._fault(hint.line, "the hint holds the solution")
        texts = Counter(hint.text for hint in step.hints)
        for hint in step.hints:
            if texts.pop(hint.text, 1) > 1:
                self._fault(hint.line, "the same hint twice")

    def _check_wrongs_listed(self, step: Step) -> None:
        if step.kind in ("code", "fix") and len(step.wrongs) < 3:
            self._advice(
                step.line, f"{_counted(len(step.wrongs), 'wrong answer')}, write three"
            )
        if step.kind == "choice":
            said = {answer for wrong in step.wrongs for answer in wrong.answers}
            for letter, _text in step.answer.options:
                if letter not in said and letter not in step.answer.right:
                    self._fault(step.answer.line, f"option {letter} has no message")
        if step.kind in ("predict", "order") and not step.wrongs:
            self._advice(step.line, "no wrong answer with a message")

    # -- typed answers --------------------------------------------------------------

    def _check_typed(self, step: Step) -> None:
        truth = self.bench.truth()
        if step.kind == "predict":
            self._check_prediction(step, truth.answer)
        answer = (
            "none" if step.kind == "order" and truth.answer == "0" else truth.answer
        )
        if not self._judged(answer).passed:
            self._fault(step.line, f"the truth is not accepted: {answer!r}")
        if self._judged("").passed:
            self._fault(step.line, "no answer at all passes")
        for hint in step.hints:
            if step.kind == "predict" and tells(hint.text, truth.answer):
                self._fault(hint.line, f"the hint holds the answer {truth.answer!r}")
        above: list[str] = []
        for wrong in step.wrongs:
            for text in wrong.answers:
                if any(same_answer(text, other) for other in above):
                    self._fault(wrong.line, f"{text!r} has a message above")
                self._check_wrong(wrong, text)
            above.extend(wrong.answers)

    def _check_prediction(self, step: Step, truth: str) -> None:
        line = next(code.line for code in reversed(step.shows) if code.runs)
        if not truth:
            self._fault(line, "the program prints nothing to predict")
        elif "\n" in truth:
            count = truth.count("\n") + 1
            self._fault(line, f"{count} lines are printed", "one line can be predicted")
        elif re.search(r"\b0x[0-9a-f]{6,}", truth):
            self._fault(line, f"nobody can predict an address: {truth}")
        elif self.bench.truth().answer != truth:
            self._fault(line, "it prints something else each time")

    # -- programs -------------------------------------------------------------------

    def _check_program(self, step: Step) -> None:
        error = self.bench.goal().error
        if error is not None and "error" not in step.check.compare:
            problem = f"the solution ends with {short_type(error.type)}"
            problem = f"{problem}: {first_sentence(error)}"
            self._fault(step.solutions[0].line, problem)
            return
        for solution in step.solutions:
            self._check_solution(step, solution)
        for text, what in _idle(step):
            if self._judged(text).passed:
                self._fault(step.line, f"{what} passes")
        for wrong in step.wrongs:
            self._check_wrong(wrong, wrong.code or wrong.answers[0])
        programs = [self.bench.program(w.code or w.answers[0]) for w in step.wrongs]
        for number, program in enumerate(programs):
            if any(same_program(program, other) for other in programs[:number]):
                self._fault(step.wrongs[number].line, "this wrong answer stands above")
        self._check_mentions(step, self.bench.goal())

    def _check_solution(self, step: Step, solution: Code) -> None:
        text = solution.text
        if step.kind == "order":
            order = self.bench.order_of(solution.text)
            if order is None:
                self._fault(solution.line, "no order of the pieces gives the solution")
                return
            text = order
        verdict = self._judged(text)
        if not verdict.passed:
            name = f" {solution.name!r}" if solution.name else ""
            self._fault(solution.line, f"the solution{name} fails: {verdict.sentence}")

    def _judged(self, text: str) -> Verdict:
        standing = Standing(self.bench.beginning)
        return judge(self.bench, text, standing).verdict

    def _check_wrong(self, wrong: Wrong, text: str) -> None:
        verdict = self._judged(text)
        if verdict.status == "passed":
            self._fault(wrong.line, f"the wrong answer {_short(text)} passes")
            return
        if verdict.status in ("unready", "looked") and not verdict.message:
            what = "is not even run" if verdict.status == "unready" else "does nothing"
            self._fault(wrong.line, f"the wrong answer {_short(text)} {what}")
            return
        known = misconceptions()
        own = wrong.say or known[wrong.misconception].truth.strip()
        if verdict.message != own:
            said = verdict.message.split("\n")[0]
            self._fault(wrong.line, f"it gets another message: {said!r}")

    # -- words ----------------------------------------------------------------------

    def _check_mentions(self, step: Step, goal: Outcome) -> None:
        """Every name that counts is somewhere in what the learner reads."""
        read = " ".join(part.text for part in step.parts)
        words = set(_WORD.findall(read))
        given = set(self.workspace.snapshot.names)
        check = step.check
        names = {*check.bound, *check.require}
        names.update(
            name for group in (*check.same, *check.different) for name in group
        )
        names.update(_free_names(step) - given)
        for name in sorted(names):
            if not set(name.split(".")) & words:
                self._fault(
                    check.line or step.line, f"{name!r} counts, and no text mentions it"
                )
        if "names" in check.compare:
            before = variables(Outcome(self.workspace.snapshot))
            self._check_variable_names(step, words, set(variables(goal)) - set(before))

    def _check_variable_names(
        self, step: Step, words: set[str], names: set[str]
    ) -> None:
        for name in sorted(names):
            parts = re.split(r"[/:.\-]", name)[:-1]
            missing = [
                part
                for part in parts
                if part not in words and re.sub(r"_\d+$", "", part) not in words
            ]
            if missing:
                problem = (
                    f"variable {name!r} counts, and no text mentions {missing[0]!r}"
                )
                self._fault(step.check.line or step.line, problem)

    def _check_tf_names(self, step: Step) -> None:
        """Names of `tf` in prose exist, in 1.15 or in another version."""
        code = " ".join(part.text for part in step.parts if not isinstance(part, Prose))
        for text, line in _prose(step):
            for inline in _INLINE.findall(text):
                for name in _TF_NAME.findall(inline):
                    if name not in code and not self._is_known(name):
                        self._fault(line, f"{name!r} is no name of TensorFlow's")

    def _is_known(self, name: str) -> bool:
        if name not in self._tf_names:
            moment = self.workspace.moment
            ran = self.workspace.run(name, origin="lesson")
            message = ran.error.message if ran.error else ""
            self._tf_names[name] = not message or "TensorFlow" in message
            self.workspace.go_to(moment)
        return self._tf_names[name]


def _line_number(finding: Finding) -> int:
    line = finding.error.place.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number or 'no'} {noun}s"


def _short(text: str) -> str:
    first = text.strip().split("\n")[0]
    return repr(first if len(first) <= 40 else first[:37] + "...")


def _prose(step: Step) -> Iterator[tuple[str, int]]:
    """What people read in a step, with its line."""
    for part in step.parts:
        if isinstance(part, Prose):
            yield part.text, part.line
        elif part.note:
            yield part.note, part.line
    for solution in step.solutions:
        yield solution.note, solution.line
    for wrong in step.wrongs:
        yield wrong.say, wrong.line
    for hint in step.hints:
        yield hint.text, hint.line
    yield step.answer.note, step.answer.line


def _idle(step: Step) -> Iterator[tuple[str, str]]:
    """Answers that show no work."""
    if step.kind == "order":
        count = len(step.pieces)
        yield " ".join(map(str, range(1, count + 1))), "the order that is given"
        return
    if step.starter:
        yield step.starter, "the starter"
    yield "pass", "an empty program"
    for solution in step.solutions:
        comments = "\n".join(f"# {line}" for line in solution.text.splitlines())
        yield f"{comments}\npass", "a commented-out solution"


def _free_names(step: Step) -> set[str]:
    """The names that the assertions use and do not bind themselves."""
    names: set[str] = set()
    for one in step.asserts:
        nodes = list(ast.walk(parse(one.text) or ast.Module([], [])))
        words = [node for node in nodes if isinstance(node, ast.Name)]
        bound = {node.id for node in words if isinstance(node.ctx, ast.Store)}
        bound.update(node.arg for node in nodes if isinstance(node, ast.arg))
        names.update({node.id for node in words} - bound)
    return names - set(dir(builtins))
