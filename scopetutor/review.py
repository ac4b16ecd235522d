"""What comes back: ideas that were missed, each in a question that meets it.

After `tutor`. Every misconception that was met is due at once, and then whenever
`course.schedule` says. The questions are the steps of the course whose wrong answers
name it; each is answered as in its lesson, on a fresh start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scopetutor.course.schedule import reviewed
from scopetutor.errors import LessonError
from scopetutor.progress import Card
from scopetutor.tutor import Here, StepMark, Summary, Tutor

if TYPE_CHECKING:
    from scopetutor.course.schedule import Recall
    from scopetutor.course.shelf import Course
    from scopetutor.course.verdict import Verdict
    from scopetutor.progress import Progress
    from scopetutor.tutor import Mark, SolutionView
    from scopetutor.workspace.client import Workspace
    from scopetutor.workspace.worker import OnOutput


class Item(msgspec.Struct, frozen=True):
    """An idea that is due, and the step that asks for it."""

    idea: str
    lesson: str
    step: str


def due_ideas(progress: Progress, now: float) -> list[str]:
    """The misconceptions that are due, those that were never reviewed first."""
    cards = progress.cards()
    met = [idea for idea in progress.misconceptions() if idea not in cards]
    return met + [card.idea for card in cards.values() if card.due <= now]


def items(course: Course, progress: Progress, now: float) -> list[Item]:
    """A question for each idea that is due; another one each time, if there are some.

    Ideas that no step of this course asks for are left out. Lessons the learner has
    been in come before those that are still ahead.
    """
    asked: dict[str, list[tuple[str, str]]] = {}
    for lesson_id in course.lessons:
        try:
            lesson = course.lesson(lesson_id)
        except LessonError:
            continue
        for step in lesson.steps:
            for idea in dict.fromkeys(one.misconception for one in step.wrongs):
                asked.setdefault(idea, []).append((lesson_id, step.id))
    times = progress.misconceptions()
    been = {lesson for lesson, _step in progress.records(course.id)}
    taken: set[tuple[str, str]] = set()
    chosen = []
    for idea in due_ideas(progress, now):
        places = [place for place in asked.get(idea, ()) if place not in taken]
        places = [place for place in places if place[0] in been] or places
        if places:
            place = places[times.get(idea, 0) % len(places)]
            taken.add(place)
            chosen.append(Item(idea, *place))
    return chosen


class ReviewTutor(Tutor):
    """Leads through a list of questions instead of a lesson.

    Args:
        course: the questions are from.
        progress: knows what is due, and is told how it went.
        workspace: where code runs.
        questions: from `items`; at least one.
    """

    def __init__(
        self,
        course: Course,
        progress: Progress,
        workspace: Workspace,
        questions: list[Item],
    ) -> None:
        super().__init__(course, progress, workspace)
        self.questions = questions
        self._number = 0
        self._recalls: dict[int, Recall] = {}

    @property
    def item(self) -> Item:
        """What is asked now."""
        return self.questions[self._number]

    def resume(self) -> Here:
        """Goes to the first question."""
        return self._ask(0)

    def _ask(self, number: int) -> Here:
        self._number = number
        return self._enter(self.item.lesson, self.item.step)

    def _remember_place(self) -> None:
        """A review leaves the place in the lessons alone."""

    @property
    def here(self) -> Here:
        """Where the learner is in the review; what was passed once is asked again."""
        recall = self._recalls.get(self._number)
        return msgspec.structs.replace(
            super().here,
            number=self._number + 1,
            steps=len(self.questions),
            mark=_MARKS[recall] if recall else "new",
            last_answer="",
        )

    def next(self) -> Here | None:
        """Goes to the next question; None behind the last one."""
        if self._number + 1 == len(self.questions):
            return None
        return self._ask(self._number + 1)

    def next_lesson(self) -> None:
        """There is nothing behind a review."""

    def back(self) -> Here:
        """Goes to the question before."""
        return self._ask(max(self._number - 1, 0))

    def skip(self) -> Here | None:
        """Leaves the question; it stays due."""
        return self.next()

    def submit(self, text: str, on_output: OnOutput | None = None) -> Verdict:
        """Judges an answer; the first judgement says when the idea comes back."""
        verdict = super().submit(text, on_output)
        if verdict.status == "wrong":
            self._remembered("missed")
        elif verdict.passed:
            self._remembered("with help" if self._hints else "known")
        return verdict

    def solution(self) -> SolutionView:
        """The answer; who looks at it has missed the idea."""
        self._remembered("missed")
        return super().solution()

    def _remembered(self, recall: Recall) -> None:
        if self._number in self._recalls:
            return
        self._recalls[self._number] = recall
        card = self.progress.cards().get(self.item.idea)
        now = self.progress.clock()
        state, due = reviewed(card.state if card else "", recall, now)
        self._write(
            lambda: self.progress.put_card(
                Card(idea=self.item.idea, due=due, state=state)
            )
        )

    def steps(self) -> tuple[StepMark, ...]:
        """The questions, with how each went."""
        marks = []
        for number, item in enumerate(self.questions):
            step = self.course.lesson(item.lesson).step(item.step)
            assert step is not None, "items() takes steps that are there"
            recall = self._recalls.get(number)
            mark: Mark = _MARKS[recall] if recall else "new"
            here = number == self._number
            marks.append(StepMark(step.id, step.title, step.kind, mark, here))
        return tuple(marks)

    def summary(self) -> Summary:
        """What there is to say at the end."""
        return Summary(lesson=REVIEW, after="", steps=self.steps())


REVIEW = "Review"
_MARKS: dict[Recall, Mark] = {
    "known": "passed",
    "with help": "helped",
    "missed": "tried",
}
