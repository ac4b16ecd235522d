"""A program of a learner's in this process, without a workspace around it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scopetutor.engine import defaults
from scopetutor.evaluator.imports import Language
from scopetutor.evaluator.program import Program
from scopetutor.evaluator.run import Entry
from scopetutor.snapshot import Delta, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scopetutor.evaluator.outcome import Outcome


class Typed:
    """A program, and what was seen of it after each entry.

    Attributes:
        program: itself.
        entry: the number of the last entry.
        delta: what it made.
        snapshot: all there is.
    """

    def __init__(self, folder: str) -> None:
        self.program = Program(folder)
        self.entry = 0
        self.delta = Delta()
        self.snapshot = Snapshot()

    def __call__(self, text: str, name: str = "") -> Outcome:
        """Runs an entry."""
        self.entry += 1
        outcome = self.program.run(Entry(text, self.entry, name), self.entry)
        self.delta = self.program.delta()
        self.snapshot = self.snapshot.after(self.delta)
        return outcome

    def shown(self, text: str) -> str | None:
        """What an expression shows."""
        outcome = self(text)
        assert outcome.ending == "ok", outcome
        return outcome.shown


@pytest.fixture
def typed(tmp_path: Path) -> Iterator[Typed]:
    """Types entries into a new program; afterwards this process is as it was."""
    modules, path = set(sys.modules), sys.path[:]
    language = Language()
    language.install()
    defaults.state.global_graph = None
    with np.printoptions(legacy="1.25"):
        yield Typed(str(tmp_path))
    sys.meta_path.remove(language)
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("tensorflow", "tensorflow_core"):
            del sys.modules[name]
    defaults.state.graphs.clear()
    defaults.state.sessions.clear()
    defaults.disable_eager_execution()
    defaults.state.global_graph = None
