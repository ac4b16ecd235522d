"""Which lines of a program ran, in order, and what each gave a name to.

For those who step through a program (`Entry.follow`); following makes it slower.
`program` puts it around an entry. What it notes goes among the deeds the witness notes,
so that a line comes before what it did.
"""

from __future__ import annotations

import reprlib
import sys
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.snapshot import Deed

from .provenance import current_graph

if TYPE_CHECKING:
    from types import FrameType

    from scopetutor.snapshot import Site

    from .provenance import Witness
    from .sources import Sources

MOST = 2_000
"""Lines that are noted; a training loop would have millions."""
MOST_NAMES = 3
OURS = ("tensorflow", "scopetutor")
"""Where the engine's classes say they are from."""
_short = reprlib.Repr()


class Steps:
    """Notes the lines that run between entering and leaving it.

    Args:
        sources: know which lines are the learner's.
        witness: notes what they do.
    """

    def __init__(self, sources: Sources, witness: Witness) -> None:
        self._sources = sources
        self._witness = witness
        self._noted: list[tuple[int, Deed]] = []  # and how many deeds came before it
        self._running: dict[FrameType, tuple[Site, dict[str, Any], int]] = {}
        self._lines = 0
        self._told = 0  # operations
        self._before: Any = None

    def __enter__(self) -> None:
        """Start following."""
        self._before = sys.gettrace()  # a debugger's, or one that measures coverage
        sys.settrace(self._called)

    def __exit__(self, *_error: object) -> None:
        """Stop following, and put what was noted among the deeds."""
        sys.settrace(self._before)
        for frame in list(self._running):
            self._ended(frame)
        deeds, at = self._witness.deeds, 0
        merged = []
        for before, deed in self._noted:
            merged += [*deeds[at:before], deed]
            at = before
        deeds[:] = [*merged, *deeds[at:]]

    def _called(self, frame: FrameType, _event: str, _value: object) -> Any:
        code = frame.f_code
        # A comprehension or a lambda is part of its line.
        is_part = code.co_name.startswith("<") and code.co_name != "<module>"
        if is_part or not self._sources.is_learners(code.co_filename):
            return None
        return self._step

    def _step(self, frame: FrameType, event: str, _value: object) -> Any:
        if event == "exception":  # the line goes on in its `with` or `except`
            return self._step
        self._ended(frame)
        if event == "line":
            if self._lines == MOST:
                sys.settrace(self._before)
                return None
            self._begun(frame)
        return self._step

    def _begun(self, frame: FrameType) -> None:
        """A line is about to run."""
        self._lines += 1
        graph = None if defaults.state.eager else current_graph()
        site = self._sources.site(frame.f_code.co_filename, frame.f_lineno)
        self._note(Deed("line", site=site, scopes=self._witness.flags(graph)))
        self._running[frame] = site, dict(frame.f_locals), len(self._witness.deeds)

    def _ended(self, frame: FrameType) -> None:
        """The line a frame was at has run."""
        if frame not in self._running:
            return
        site, before, deeds = self._running.pop(frame)
        made = self._operations()
        is_variable = any(
            deed.kind == "created" for deed in self._witness.deeds[deeds:]
        )
        if made and not is_variable:
            self._note(Deed("operations made", subject=made, site=site))
        for name, value in frame.f_locals.items():
            if before.get(name, self) is not value and not name.startswith("_"):
                told = f"{name} is {_said(value)}"
                self._note(Deed("name set", subject=told, site=site))

    def _operations(self) -> str:
        """The operations made since the last time; "" for none."""
        graph = None if defaults.state.eager else current_graph()
        if graph is None:
            return ""
        made = self._witness.record(graph).new_operations
        new, self._told = made[min(self._told, len(made)) :], len(made)
        names = ", ".join(operation.name for operation in new[:MOST_NAMES])
        beyond = len(new) - MOST_NAMES
        return f"{names} and {beyond} more" if beyond > 0 else names

    def _note(self, deed: Deed) -> None:
        self._noted.append((len(self._witness.deeds), deed))


def _said(value: object) -> str:
    """A value in a few words; nothing of the learner's is called for it."""
    kind = type(value)
    if isinstance(value, FunctionType | BuiltinFunctionType):
        return "a function"
    if isinstance(value, ModuleType):
        return f"the module {value.__name__.replace('scopetutor.tf', 'tensorflow')}"
    if isinstance(value, type):
        return "a class"
    if value is None or kind in {bool, int, float, complex, str, bytes}:
        return _short.repr(value)
    if kind in {list, tuple, dict, set}:
        return f"a {kind.__name__} of {len(value)}"  # type: ignore[arg-type]
    if kind.__module__.partition(".")[0] in OURS:  # tensors, variables, operations
        name = getattr(value, "name", "")
        return name if isinstance(name, str) and name else f"a {kind.__name__}"
    return f"a {kind.__name__}"
