"""The moments of a workspace: a tree, and where in it we are.

Moment 0 is the empty workspace. An entry leads from the present moment to a new one; an
entry made in the past starts a new line beside the old one, which is kept. Numbers are
given once and for all, also to entries that led nowhere because the process died.

`client` moves in it, `journal` and `story` keep it, `render.timeline` draws it.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from scopetutor.errors import UsageError

from .protocol import Ending


class Moment(msgspec.Struct, frozen=True):
    """A state of the workspace, and the entry that led to it.

    Attributes:
        number: of the moment; 0 for the beginning.
        parent: the number of the moment before; itself for the beginning.
        text: of the entry.
        entry: the number of the entry, as tracebacks have it; 0 for a lesson's code.
        origin: who wrote it.
        name: of the file it is from, or "".
        ending: how it ended. Only an entry that ended "ok" or in an "error" does the
            same when it is run again.
        seconds: how long it took.
    """

    number: int
    parent: int = 0
    text: str = ""
    entry: int = 0
    origin: Literal["learner", "lesson"] = "learner"
    name: str = ""
    ending: Ending = "ok"
    seconds: float = 0.0

    @property
    def can_be_repeated(self) -> bool:
        """Whether running the entry again leads to the same moment."""
        return self.ending in ("ok", "error", "incomplete", "exit")


class Timeline:
    """All moments, the present one, and the line that redo follows."""

    def __init__(self) -> None:
        self._moments: dict[int, Moment] = {0: Moment(0)}
        self._failed: list[Moment] = []
        self._next: dict[int, int] = {}  # by moment: where redo goes
        self._last_number = 0
        self._last_entry = 0
        self.current = 0

    def __contains__(self, number: int) -> bool:
        return number in self._moments

    def __getitem__(self, number: int) -> Moment:
        """A moment by its number.

        Raises:
            UsageError: there is none.
        """
        try:
            return self._moments[number]
        except KeyError:
            raise UsageError(
                f"there is no moment {number}; there are 0 to {self.newest}",
                hint=":log lists them",
            ) from None

    @property
    def newest(self) -> int:
        """The greatest number of a moment."""
        return max(self._moments)

    def next_numbers(self, origin: str) -> tuple[int, int]:
        """The numbers of the next moment and entry, which are used up by that."""
        self._last_number += 1
        if origin != "learner":
            return self._last_number, 0
        self._last_entry += 1
        return self._last_number, self._last_entry

    def add(self, moment: Moment) -> None:
        """Adds a moment after its parent and goes there."""
        self._moments[moment.number] = moment
        self._last_number = max(self._last_number, moment.number)
        self._last_entry = max(self._last_entry, moment.entry)
        self.go_to(moment.number)

    def add_failed(self, moment: Moment) -> None:
        """Remembers an entry that led nowhere."""
        self._failed.append(moment)
        self._last_number = max(self._last_number, moment.number)
        self._last_entry = max(self._last_entry, moment.entry)

    def replace(self, number: int, **changes: Any) -> None:
        """Corrects what is known of a moment."""
        moment = self._moments[number]
        self._moments[number] = msgspec.structs.replace(moment, **changes)

    def go_to(self, number: int) -> None:
        """Makes a moment the present one."""
        if number and self[number].parent == self.current:
            self._next[self.current] = number  # redo knows the way up to here
        else:
            for before, after in self._steps(number):
                self._next[before] = after
        self.current = number

    def path(self, number: int) -> list[Moment]:
        """The moments from the first after the beginning to this one."""
        found = []
        moment = self[number]
        while moment.number:
            found.append(moment)
            moment = self._moments[moment.parent]
        return found[::-1]

    def _steps(self, number: int) -> list[tuple[int, int]]:
        return [(moment.parent, moment.number) for moment in self.path(number)]

    def back(self, steps: int) -> int:
        """The moment so many steps before the present one.

        Raises:
            UsageError: there are not so many.
        """
        number = self.current
        for done in range(steps):
            if number == 0:
                raise UsageError(_not_so_many("undo", done))
            number = self._moments[number].parent
        return number

    def forth(self, steps: int) -> int:
        """The moment so many steps ahead on the line that was left last.

        Raises:
            UsageError: there are not so many.
        """
        number = self.current
        for done in range(steps):
            if number not in self._next:
                raise UsageError(_not_so_many("redo", done))
            number = self._next[number]
        return number

    def moments(self) -> tuple[Moment, ...]:
        """All moments in the order of their numbers, the beginning first."""
        return tuple(self._moments[number] for number in sorted(self._moments))

    def failed(self) -> tuple[Moment, ...]:
        """The entries that led nowhere."""
        return tuple(self._failed)

    def copy(self) -> Timeline:
        """A timeline of its own that is the same so far."""
        other = Timeline()
        other._moments = dict(self._moments)
        other._failed = list(self._failed)
        other._next = dict(self._next)
        other._last_number = self._last_number
        other._last_entry = self._last_entry
        other.current = self.current
        return other


def _not_so_many(what: str, done: int) -> str:
    if not done:
        return f"there is nothing to {what}"
    return f"there {'is' if done == 1 else 'are'} only {done} to {what}"
