"""Endless practice: one generated question after another, harder as they go right.

After `tutor`. `course.drills` draws the questions; here they are asked, the answers are
judged and written down, and each is explained by what the workspace knows of the name.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import msgspec

from scopetutor.course.drills import TOPICS, draw, level_after, topic_after
from scopetutor.course.misconceptions import misconceptions
from scopetutor.progress import Drilled, Event
from scopetutor.tutor import Here, Summary, Tutor

if TYPE_CHECKING:
    from scopetutor.course.drills import Question
    from scopetutor.course.shelf import Course
    from scopetutor.course.verdict import Verdict
    from scopetutor.evaluator.outcome import Explanation
    from scopetutor.progress import Progress, What
    from scopetutor.tutor import Mark, SolutionView, StepMark
    from scopetutor.workspace.client import Workspace
    from scopetutor.workspace.worker import OnOutput

COURSE = "drill"
"""What the misconceptions that drills meet are written down under."""


class DrillTutor(Tutor):
    """Asks generated questions.

    Args:
        course: whose lessons explain the topics.
        progress: knows how it went so far, and is told how it goes.
        workspace: where programs run.
        topic: the one to ask about; "" for what needs it most.
        seed: of the questions; the same seed asks the same of a new learner.
        count: how many questions; 0 for no end.

    Attributes:
        right: how many were right in this drill.
        answered: how many were answered in this drill.
    """

    def __init__(
        self,
        course: Course,
        progress: Progress,
        workspace: Workspace,
        *,
        topic: str = "",
        seed: int = 0,
        count: int = 0,
    ) -> None:
        super().__init__(course, progress, workspace)
        self.topic = topic
        self.count = count
        self.right = self.answered = 0
        self._dice = random.Random(seed)
        self._number = 0
        self._mark: Mark = "new"
        self._question: Question | None = None

    @property
    def question(self) -> Question:
        """What is asked now."""
        assert self._question is not None, "resume() first"
        return self._question

    def resume(self) -> Here:
        """Asks the first question."""
        return self._ask()

    def _ask(self) -> Here:
        drills = self.progress.drills()
        topic = self.topic or topic_after(
            [(one.topic, one.was_right) for one in drills], self._missed(), self._dice
        )
        level = level_after(
            [(one.level, one.was_right) for one in drills if one.topic == topic]
        )
        seed = self._dice.randrange(1 << 30)
        self._question = draw(topic, level, seed, self.workspace)
        self._lesson = self._question.lesson
        self._number += 1
        self._mark = "new"
        return self._at(0)

    def _missed(self) -> dict[str, int]:
        """How often beliefs of each topic were met."""
        known = misconceptions()
        missed = dict.fromkeys(TOPICS, 0)
        for idea, count in self.progress.misconceptions().items():
            if idea in known and known[idea].topic in missed:
                missed[known[idea].topic] += count
        return missed

    def _remember_place(self) -> None:
        """A drill leaves the place in the lessons alone."""

    @property
    def here(self) -> Here:
        """Which question this is."""
        return Here(
            lesson=self.lesson,
            step=self.step,
            number=self._number,
            steps=self.count or self._number,
            lesson_number=1,
            lessons=1,
            mark=self._mark,
            attempts=self._attempts,
        )

    def submit(self, text: str, on_output: OnOutput | None = None) -> Verdict:
        """Judges an answer; there is one try, then the truth is told."""
        verdict = super().submit(text, on_output)
        if verdict.passed or verdict.status == "wrong":
            self._answered(right=verdict.passed)
            if not verdict.passed:
                truth = self._bench.truth()
                verdict = msgspec.structs.replace(
                    verdict, truth=truth.answer, printed=truth.printed
                )
        return verdict

    def _answered(self, *, right: bool) -> None:
        if self._mark != "new":
            return
        self._mark = "passed" if right else "tried"
        self.answered += 1
        self.right += right
        question = self.question
        drilled = Drilled(topic=question.topic, level=question.level, was_right=right)
        self._write(lambda: self.progress.add_drill(drilled))

    def solution(self) -> SolutionView:
        """The answer; the question then counts as missed."""
        self._answered(right=False)
        return super().solution()

    def explain(self) -> Explanation:
        """How the name that was asked about came to be what it is, or the error."""
        moment = self.workspace.moment
        shows = self.step.shows
        self._bench.run(shows[-1].text, self._bench.beginning, origin="lesson")
        explained = self.workspace.why(self.question.subject)
        self.workspace.go_to(moment)
        return explained

    def next(self) -> Here | None:
        """Asks the next question; None when there have been enough."""
        if self.count and self._number >= self.count:
            return None
        return self._ask()

    def next_lesson(self) -> None:
        """There is nothing behind a drill."""

    def back(self) -> Here:
        """Shows the question again; there is no way back to those before."""
        return self.here

    def skip(self) -> Here | None:
        """Leaves the question; it does not count."""
        return self.next()

    def steps(self) -> tuple[StepMark, ...]:
        """A drill has no list of questions."""
        return ()

    def summary(self) -> Summary:
        """What there is to say at the end."""
        return Summary(
            lesson=f"Drill: {self.right} / {self.answered}", after="", steps=()
        )

    def _record(self, what: What, answer: str = "", misconception: str = "") -> None:
        """Writes down the beliefs that are met; the rest is in `Drilled`."""
        if not misconception:
            return
        event = Event(
            course=COURSE,
            lesson=self.lesson.id,
            step=self.step.id,
            digest="",
            what=what,
            answer=answer,
            misconception=misconception,
        )
        self._write(lambda: self.progress.add(event))
