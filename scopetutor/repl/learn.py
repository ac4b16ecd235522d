"""The loop of a lesson: show a step, read an answer, show what the tutor says of it.

`cli.learn` starts it. It is the loop of the prompt with other commands and another
meaning for what is typed: the tutor judges it. Nothing goes on by itself; Enter does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.language import say
from scopetutor.render.goal import goal as goal_drawn
from scopetutor.render.lesson_end import lesson_end
from scopetutor.render.lesson_map import lesson_map, step_list
from scopetutor.render.step import hint, solution, step
from scopetutor.render.verdict import verdict as verdict_drawn

from . import commands
from .commands import Command, Leave, Table
from .editor import edited, prefer
from .loop import Loop, asked
from .meant import instead

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.config import Config
    from scopetutor.course.verdict import Verdict
    from scopetutor.snapshot import Snapshot
    from scopetutor.tutor import Here, Tutor

    from .plain_prompt import PlainPrompt
    from .prompt import Prompt
    from .screen import Screen

ANSWER = "> "
UNKNOWN = "?"  # what TensorFlow prints for a dimension it does not know: an answer
NUDGE_AFTER = 2  # wrong attempts, before a hint is offered


class LessonLoop(Loop):
    """The conversation about a course.

    Args:
        tutor: knows where the learner is and judges answers.
        screen: where everything is shown.
        config: the user's settings.
        sandbox: starts a prompt of its own on another workspace.
    """

    def __init__(
        self,
        tutor: Tutor,
        screen: Screen,
        config: Config,
        sandbox: Callable[[Loop], None],
    ) -> None:
        super().__init__(tutor.workspace, screen, config)
        self.table = LESSON
        self.tutor = tutor
        self.sandbox = sandbox
        self._passed = False
        self._ended = False  # the end of a lesson has been shown
        self._typed = ""  # the last try at mending a program
        self._aside = False  # the program to mend is not wanted on the line now
        self._wanted = False  # it was asked for with `edit`
        self._trouble = ""

    # -- where one is ----------------------------------------------------------------

    def begin(self, here: Here) -> None:
        """Show the step the learner is at."""
        self._passed = self._ended = self._aside = False
        self._typed = ""
        drawn = step(here, self.tutor.shown(), self.screen.look)
        self.screen.show(Text("\n").append_text(drawn))
        self._refresh()

    def go_on(self) -> None:
        """Go to the next step, if this one is done or asks nothing."""
        if self._ended:
            here = self.tutor.next_lesson()
            if here is None:
                raise Leave
            self.begin(here)
        elif self._passed or not self.tutor.step.active:
            self._arrive(self.tutor.next())
        else:
            self.say(say("Type an answer; `skip` goes on without one, `hint` helps."))

    def _arrive(self, here: Here | None) -> None:
        """Show the step one has come to, or the end of the lesson."""
        if here is not None:
            self.begin(here)
            return
        drawn = lesson_end(self.tutor.summary(), self.screen.look)
        self.screen.show(Text("\n").append_text(drawn))
        self._ended = True

    def read(self, prompt: Prompt | PlainPrompt) -> str:
        """What the learner types: a program with a starter to edit, or a few words."""
        here = self.tutor.step
        if self._ended or here.typed:
            return prompt.read(ANSWER, program=False)
        if self._passed or here.kind in {"read", "order"}:
            return prompt.read(ANSWER)
        return self._read_program(prompt)

    def _read_program(self, prompt: Prompt | PlainPrompt) -> str:
        """A program; one that is to be mended stands on the line already.

        A long one waits for `edit`: it would hide what is said of it. Ctrl-C puts it
        aside, as it stands, so that there is a line for `hint` and the like.
        """
        text = self.program
        fits = text.count("\n") < self.screen.look.height // 2
        taken = self._wanted or (fits and not self._aside)
        self._wanted = False
        try:
            return prompt.read(default=text if taken else "")
        except KeyboardInterrupt:
            if text and prompt.left.strip():
                self._typed, self._aside = prompt.left.rstrip(), True
                self.say(say("Put aside; `edit` takes it up again."))
            raise

    @property
    def program(self) -> str:
        """The program to mend, as far as it has been mended."""
        return self._typed or self.tutor.step.starter

    # -- what was typed --------------------------------------------------------------

    def submit(self, text: str) -> None:
        """Do what was typed: go on, a command, or an answer to be judged.

        Raises:
            Leave: if it is time to go.
        """
        line = text.strip()
        if line != UNKNOWN:
            line = instead(line, self.workspace.snapshot.names)
        if not line:
            self.guarded(self.go_on)
        elif self._is_command(line):
            self.guarded(lambda: self.table.run(self, line))
        elif name := _asked_about(line):
            self.guarded(lambda: self.tell_about(name, source=line.endswith("??")))
        elif self._ended or not self.tutor.step.active:
            super().submit(text)
        else:
            self.guarded(lambda: self.answer(text))
        self._report_trouble()

    def _is_command(self, line: str) -> bool:
        """Whether a line is a command; those of lessons need no colon."""
        if line.startswith(":"):
            return True
        word = line.partition(" ")[0]
        known = self.table.by_name.get(word)
        if known is None or "\n" in line:
            return False
        if known.section != LESSON_SECTION and known.name not in BARE:
            return False
        is_name = word in self.workspace.snapshot.names
        return not is_name and (line == word or bool(known.takes))

    def answer(self, text: str) -> None:
        """Let the tutor judge an answer, and show what came of it."""
        before = self.tutor.own
        self._typed = text if self.tutor.step.starter else ""
        with self.running:
            verdict = self.tutor.submit(text, self._printed)
        self._show_outcome(verdict, before)
        self.screen.show(verdict_drawn(verdict, self.screen.look))
        self._passed = self._passed or verdict.passed
        if verdict.passed:
            self.say(say("Enter goes on."))
        elif verdict.status == "wrong":
            self._after_wrong()

    def _show_outcome(self, verdict: Verdict, before: Snapshot) -> None:
        """Show what a program gave, changed and raised."""
        outcome = verdict.outcome
        if outcome is None or self.tutor.step.typed:
            return
        if outcome.shown is not None:
            self.screen.write(f"{outcome.shown}\n")
        from scopetutor.render.change import change
        from scopetutor.render.error import error

        look = self.screen.look
        drawn = change(before, outcome.snapshot, (), look)
        if drawn is not None:
            self.screen.show(drawn)
        if outcome.error is not None:
            self.screen.show(error(outcome.error, look))

    def _after_wrong(self) -> None:
        here = self.tutor.here
        if not here.step.typed:
            self.say(say("Taken back: the state is as it was before."))
        left = len(here.step.hints) - here.hints_taken
        if here.attempts < NUDGE_AFTER:
            return
        if left > 0:
            self.say(say("`hint` helps; there are {left} left.", left=left))
        else:
            self.say(say("`solution` shows the answer; `skip` goes on without it."))

    def _report_trouble(self) -> None:
        """Say once that progress cannot be written down; learning goes on."""
        trouble, known = self.tutor.trouble, self._trouble
        self._trouble = trouble
        if trouble and trouble != known:
            self.say(trouble)
            self.say(say("You can go on; it will be tried again at every step."))

    def _refresh(self) -> None:
        super()._refresh()
        if self.prompt is not None:
            here = self.tutor.here
            self.prompt.state.note = f"{here.lesson.id} {here.number}/{here.steps}"


def _asked_about(line: str) -> str:
    """The name in `name?`; "" for anything else, such as the shape `(?, 2)`."""
    name = asked(line)
    return name if all(part.isidentifier() for part in name.split(".")) else ""


# -- the commands of a lesson -------------------------------------------------------


def _next(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    lesson._passed = lesson._passed or lesson.tutor.here.mark in {"passed", "helped"}
    lesson.go_on()


def _hint(loop: Loop, _words: str) -> None:
    tutor = _lesson(loop).tutor
    known = tutor.here.hints_taken
    view = tutor.hint()
    if view is None:
        loop.say(say("There is no hint for this step."))
        return
    loop.screen.show(hint(view, loop.screen.look))
    if view.number == known:
        loop.say(say("There are no more hints; `solution` shows the answer."))


def _skip(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    lesson._arrive(lesson.tutor.skip())


def _solution(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    loop.screen.show(solution(lesson.tutor.solution(), loop.screen.look))
    lesson._passed = True
    loop.say(say("Enter goes on; you can also type it yourself."))


def _back(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    lesson.begin(lesson.tutor.back())


def _reset(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    lesson.begin(lesson.tutor.reset())


def _goto(loop: Loop, words: str) -> None:
    lesson = _lesson(loop)
    lesson.begin(lesson.tutor.goto(words))


def _list(loop: Loop, _words: str) -> None:
    loop.screen.show(lesson_map(_lesson(loop).tutor.lessons(), loop.screen.look))


def _steps(loop: Loop, _words: str) -> None:
    loop.screen.show(step_list(_lesson(loop).tutor.steps(), loop.screen.look))


def _edit(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    if lesson.tutor.step.kind == "order" or not lesson.program:
        loop.say(say("There is no program to mend in this step."))
    elif lesson.prompt is None or lesson.prompt.edits:
        lesson._wanted = True
    else:
        prefer(lesson.config.editor)
        text = edited(lesson.program)
        lesson.screen.write(f"{text}\n")
        lesson.answer(text)


def _again(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    lesson.begin(lesson.tutor.here)


def _goal(loop: Loop, _words: str) -> None:
    tutor = _lesson(loop).tutor
    asked = tutor.goal()
    if asked is None:
        loop.say(say("This step has no state to reach."))
    else:
        loop.screen.show(goal_drawn(tutor.own, asked, loop.screen.look))


def _sandbox(loop: Loop, _words: str) -> None:
    lesson = _lesson(loop)
    loop.say(say("A workspace of its own; nothing in it counts. :quit comes back."))
    lesson.sandbox(loop)


def _lesson(loop: Loop) -> LessonLoop:
    assert isinstance(loop, LessonLoop)
    return loop


LESSON_SECTION = "Lesson"
BARE = ("tree", "why")  # of the prompt's commands, those that need no colon here
OWN = (
    Command("next", "", "go on (so does Enter)", LESSON_SECTION, run=_next),
    Command("hint", "", "the next hint", LESSON_SECTION, run=_hint),
    Command("solution", "", "the answer", LESSON_SECTION, run=_solution),
    Command("skip", "", "go on without an answer", LESSON_SECTION, run=_skip),
    Command("edit", "", "take up the program to mend", LESSON_SECTION, run=_edit),
    Command("back", "", "the step before", LESSON_SECTION, run=_back),
    Command("reset", "", "begin the step afresh", LESSON_SECTION, run=_reset),
    Command("again", "", "show the step again", LESSON_SECTION, run=_again),
    Command("goal", "", "what is asked for, beside what you have", LESSON_SECTION,
            run=_goal),
    Command("steps", "", "the steps of this lesson", LESSON_SECTION, run=_steps),
    Command("list", "", "the lessons of the course", LESSON_SECTION, run=_list),
    Command("goto", "STEP | LESSON/", "another step, or another lesson",
            LESSON_SECTION, run=_goto, offers="step"),
    Command("sandbox", "", "try something that does not count", LESSON_SECTION,
            run=_sandbox),
    Command("help", "[COMMAND | keys]", "this list, or more about one",
            LESSON_SECTION, run=commands.show_help, offers="command"),
    Command("quit", "", "leave; you come back to this step", LESSON_SECTION,
            run=commands.leave, aliases=("exit", "q")),
)  # fmt: skip
_KNOWN = {command.name for command in OWN}
# Those that go to other moments are the tutor's business here.
LESSON = Table(
    [
        *OWN,
        *(
            command
            for command in commands.COMMANDS
            if command.section in {commands.SEE, commands.ASK}
            and command.name not in _KNOWN
        ),
    ]
)
