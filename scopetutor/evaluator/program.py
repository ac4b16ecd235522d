"""The learner's program: its names, what it has made, and what can be asked of it.

This is all there is of it in one process.

`workspace.server` has one, hands it entries, and sends what comes of them; here they
go through `run` and are looked at by `observe`.
"""

from __future__ import annotations

import contextlib
import sys

import msgspec
import numpy as np

from scopetutor.engine import trace
from scopetutor.snapshot import Delta, ScopeFlag

from . import assertions, cards, class_names, last_error
from .imports import Language
from .observe import Observer
from .outcome import Checked, ErrorView, Explanation, Outcome, Reason
from .provenance import Witness
from .run import Entry, Evaluator
from .steps import Steps
from .why import Inquiry


class Program:
    """A program that grows entry by entry.

    Args:
        folder: where the learner's own modules are.
    """

    def __init__(self, folder: str = "") -> None:
        self._folder = folder
        self.evaluator = Evaluator(folder)
        self.witness = Witness(self.evaluator.sources)
        self.observer = Observer(self.witness, self.evaluator.names)
        self._last_error: tuple[ErrorView, last_error.Diagnosis] | None = None

    def install(self) -> None:
        """Makes this process the program's own: its `__main__`, its imports."""
        Language().install()
        class_names.install()
        cards.all_cards()  # read now: later there may be no file to be had
        sys.modules["__main__"] = self.evaluator.module
        sys.modules["builtins"] = self.evaluator.builtins
        sys.argv[:] = [""]
        if self._folder:
            sys.path.append(self._folder)  # last: a random.py there must not be found
        # Numbers print as in the NumPy of TensorFlow 1.15: 4.0, not np.float32(4.0).
        np.set_printoptions(legacy="1.25")

    def run(self, entry: Entry, moment: int) -> Outcome:
        """Runs the entry that leads to a moment."""
        self.witness.begin(moment)
        trace.watcher = self.witness
        steps = Steps(self.evaluator.sources, self.witness)
        try:
            with steps if entry.follow else contextlib.nullcontext():
                outcome = self.evaluator.run(entry)
        finally:
            trace.watcher = None
        error = self.evaluator.error
        if outcome.error is None or error is None:
            return outcome
        return msgspec.structs.replace(
            outcome, error=self._diagnosed(outcome.error, error)
        )

    def _diagnosed(self, view: ErrorView, error: BaseException) -> ErrorView:
        """The error with its scopes, its card, and where the other party was made."""
        scopes = self.witness.scopes_of_error(error)
        view = msgspec.structs.replace(view, scopes=scopes)
        found = last_error.diagnose(view, self.witness)
        if _is_nothing_to_it(scopes, view.message):
            view = msgspec.structs.replace(view, scopes=())
        self._last_error = view, found
        return msgspec.structs.replace(
            view,
            card="" if found.card is None else found.card.id,
            made_at=found.made_at,
        )

    def why(self, name: str) -> Explanation:
        """How a name came about; without one, how the last error did."""
        if name:
            return Inquiry(self.witness, self.evaluator.names).why(name)
        if self._last_error is None:
            nothing = Reason("No entry has raised an error so far.")
            return Explanation("the last error", (nothing,), tries=(":why NAME",))
        return last_error.tell(*self._last_error)

    def delta(self) -> Delta:
        """What is new or different since the last time."""
        return self.observer.delta()

    def check(self, statements: tuple[str, ...]) -> tuple[tuple[Checked, ...], bool]:
        """Runs assertions; their results, and whether they changed the program."""
        self.witness.begin(0)
        trace.watcher = self.witness
        self.evaluator.running = True
        try:
            results = assertions.check(statements, self.evaluator)
        finally:
            self.evaluator.running = False
            trace.watcher = None
        now = self.observer.delta()
        return results, now != Delta(here=now.here) or self.witness.drew_numbers

    def everything(self) -> Delta:
        """All there is."""
        return self.observer.everything()


def _is_nothing_to_it(scopes: tuple[ScopeFlag, ...], message: str) -> bool:
    """Whether the open scopes have nothing to do with an error.

    Only the root is open, as always, and the error does not speak of reuse.
    """
    return len(scopes) == 1 and scopes[0].reuse == "no" and "reuse" not in message
