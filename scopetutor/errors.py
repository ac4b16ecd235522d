"""Everything scopetutor itself can complain about, in one tree.

::

    ScopetutorError                 the base: one sentence, a place, what to try
    ├── UsageError                  the command line asked for something impossible
    ├── LessonError                 a lesson file is wrong; carries file:line
    ├── ScriptError                 a script cannot be run as it is; carries file:line
    ├── ProgressError               the record of a learner's progress cannot be used
    ├── FileFormatError             a checkpoint, graph or event file is damaged
    │   └── FileMissingError        ... or is not there at all
    ├── WorkspaceError              the process that runs the learner's code failed
    │   └── ProtocolError           ... or said something that is not the protocol
    └── TokenError                  a share token cannot be opened

What the *learner's program* does wrong is TensorFlow's business: those errors have
TensorFlow's classes and texts and live in ``engine/op_errors.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class ScopetutorError(Exception):
    """One sentence about what went wrong, where, and what to try.

    Attributes:
        problem: what is wrong, a sentence without its full stop.
        place: where, such as ``lessons/01.md:12``; empty if nowhere in particular.
        hint: what to try; empty if there is nothing to say.
    """

    def __init__(self, problem: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(problem, place, hint)
        self.problem = problem
        self.place = place
        self.hint = hint

    @property
    def invites(self) -> str:
        """What stands before the hint: "try", unless the hint is a question."""
        return "" if self.hint.endswith("?") else "try  "

    def __str__(self) -> str:
        """The line a user reads: ``place: problem (hint)``."""
        text = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{text} ({self.hint})" if self.hint else text


class UsageError(ScopetutorError):
    """The command line asks for something that cannot be done."""


class LessonError(ScopetutorError):
    """A lesson file breaks the rules of the lesson format."""


class ScriptError(ScopetutorError):
    """A user's script is not the Python that this is, so it cannot even begin."""


class ProgressError(ScopetutorError):
    """What a learner has done cannot be read or written."""


class FileFormatError(ScopetutorError):
    """A file of TensorFlow's is damaged, or is not what its name says."""

    def __init__(self, problem: str, *, path: str | Path, hint: str = "") -> None:
        super().__init__(problem, place=str(path), hint=hint)
        self.path = str(path)


class FileMissingError(FileFormatError):
    """There is no such file, or it has no entry of that name."""


class WorkspaceError(ScopetutorError):
    """The process that evaluates the learner's code could not do its work."""


class ProtocolError(WorkspaceError):
    """A message from the workspace process is not part of the protocol."""


class TokenError(ScopetutorError):
    """A share token is damaged, from a newer version, or no token at all."""
