"""`scopetutor repl --json`: one line of JSON for each entry, for programs that read.

`Reported` is the schema; `scopetutor help json` tells it. Reports go to stdout, what
commands such as `:tree` show goes to stderr.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

from scopetutor.snapshot import compare

from .loop import Loop

if TYPE_CHECKING:
    from scopetutor.snapshot import Snapshot
    from scopetutor.workspace.protocol import Output, Ran


class Failure(msgspec.Struct, frozen=True):
    """What an entry raised.

    Attributes:
        type: the exception's class, with its module.
        message: its text, as TensorFlow has it.
        line: of the entry, from 1; 0 if it is not known.
        card: the rule that explains it, for `scopetutor explain`; "" for none.
    """

    type: str
    message: str
    line: int
    card: str


class Reported(msgspec.Struct, frozen=True):
    """What came of an entry.

    Attributes:
        entry: its source.
        moment: the number of the moment it led to.
        ending: "ok", "error", "interrupted", "timeout", "memory", "died", "exit" or
            "incomplete".
        printed: what the program printed.
        shown: the repr of the last expression's value, or null.
        error: what was raised, or null.
        created, reused, initialized, assigned: names of variables, such as "enc/w:0".
        seconds: how long the program took.
    """

    entry: str
    moment: int
    ending: str
    printed: str
    shown: str | None
    error: Failure | None
    created: tuple[str, ...]
    reused: tuple[str, ...]
    initialized: tuple[str, ...]
    assigned: tuple[str, ...]
    seconds: float


class ReportLoop(Loop):
    """A loop that writes reports instead of drawings; its arguments are `Loop`'s."""

    _entry = ""
    _heard = ""

    def run(self, text: str) -> None:
        """Run Python and report."""
        self._entry, self._heard = text, ""
        super().run(text)

    def _printed(self, output: Output) -> None:
        self._heard += output.text

    def show(self, ran: Ran, before: Snapshot) -> None:
        """Write the report of an entry."""
        change = compare(before, self.workspace.snapshot)
        kinds = ("created", "reused", "initialized", "assigned")
        names = {
            kind: tuple(view.tensor_name for view in getattr(change, kind))
            for kind in kinds
        }
        failure = None
        if ran.error is not None:
            frames = ran.error.frames
            failure = Failure(
                ran.error.type,
                ran.error.message,
                frames[-1].site.line if frames else 0,
                ran.error.card,
            )
        reported = Reported(
            entry=self._entry,
            moment=ran.moment,
            ending=ran.ending,
            printed=self._heard,
            shown=ran.shown,
            error=failure,
            seconds=round(ran.seconds, 6),
            **names,
        )
        sys.stdout.write(msgspec.json.encode(reported).decode() + "\n")
        sys.stdout.flush()
        self.conclude(ran)
