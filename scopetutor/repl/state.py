"""What the prompt shows beside the line being typed; the loop keeps it up to date.

`loop` writes it after each entry; the toolbar and the pane read it at every key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scopetutor.render.marks import Mark
    from scopetutor.snapshot import Snapshot


class State:
    """Where the workspace is.

    Attributes:
        snapshot: what the learner's program has made; None: it is still starting.
        moment: the number of the present moment.
        note: what else the toolbar says, such as the step of a lesson.
        marks: by a variable's uid, what the last entry did to it.
        goal: what a lesson asks for; None outside of lessons.
    """

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.moment = 0
        self.note = ""
        self.marks: dict[int, Mark] = {}
        self.goal: Snapshot | None = None
