"""What is wrong with a lesson file, gathered so that an author sees all of it at once.

`load` and `tables` report here; a single `LessonError` is one line: file:line, what is
wrong, what was meant.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from scopetutor.errors import LessonError

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_LISTED = 20


class Faults:
    """The faults of one file, in the order they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[LessonError] = []

    def add(self, line: int, problem: str, hint: str = "") -> None:
        """Notes a fault; line 0 means the file as a whole."""
        place = f"{self.file}:{line}" if line else self.file
        self.errors.append(LessonError(problem, place=place, hint=hint))


def meant(word: str, known: Iterable[str]) -> str:
    """What was probably meant: "did you mean X?", or what there is."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if len(names) > _MOST_LISTED:
        return f"there are {len(names)}, from {names[0]!r} to {names[-1]!r}"
    return f"there are: {', '.join(names)}" if names else "there are none"
