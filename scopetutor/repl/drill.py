"""The loop of a drill: a question, an answer, the truth, and how it came about.

`cli.drill` starts it. It is the loop of a lesson, in which every question has one try
and Enter leads to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.language import say
from scopetutor.render.explanation import explanation

from .learn import LessonLoop

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.config import Config
    from scopetutor.drill import DrillTutor
    from scopetutor.tutor import Here

    from .loop import Loop
    from .screen import Screen


class DrillLoop(LessonLoop):
    """The conversation of a drill.

    Args:
        tutor: draws the questions and judges the answers.
        screen: where everything is shown.
        config: the user's settings.
        sandbox: starts a prompt of its own on another workspace.
    """

    def __init__(
        self,
        tutor: DrillTutor,
        screen: Screen,
        config: Config,
        sandbox: Callable[[Loop], None],
    ) -> None:
        super().__init__(tutor, screen, config, sandbox)
        self.drill = tutor

    def answer(self, text: str) -> None:
        """Let the tutor judge an answer; then tell the truth and explain it."""
        super().answer(text)
        if self.drill.here.mark == "new":  # it was no answer yet
            return
        if not self._passed:
            view = self.drill.solution()
            self.say(say("It is `{answer}`.", answer=view.answer))
        self._explain()
        if not self._passed:
            self.say(say("Enter goes on."))
        self._passed = True

    def _explain(self) -> None:
        explained = self.drill.explain()
        if explained.reasons or explained.parts or explained.origin:
            self.screen.show(explanation(explained, self.screen.look))

    def _after_wrong(self) -> None:
        """Nothing is offered: there is one try."""

    def _arrive(self, here: Here | None) -> None:
        if here is not None:
            self.begin(here)
            return
        self.screen.show(Text(f"{self.score()} {say('Enter leaves.')}"))
        self._ended = True

    def score(self) -> str:
        """How it went."""
        drill = self.drill
        return say("{right} of {count} right.", right=drill.right, count=drill.answered)
