"""Sessions that run nothing, while a tree grows: initializers are taken for run.

The first fetch of anything else is where the script begins to compute, so there it is
stopped. `tree` puts `stop_before_computing` in place and reads what stopped it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from scopetutor.engine import session
from scopetutor.engine.fetches import Fetches
from scopetutor.engine.operation import Operation
from scopetutor.engine.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_INITIALIZE = frozenset(
    ["InitializeTable", "InitializeTableV2", "InitializeTableFromTextFile",
     "InitializeTableFromTextFileV2", "LookupTableImport", "LookupTableImportV2",
     "MakeIterator"]
)  # fmt: skip


class Stopped(SystemExit):
    """The script has made what it makes.

    It is a `SystemExit`, which neither `except Exception` nor a thread's end takes for
    an error.

    Attributes:
        line: that was running, such as "model.py:12".
        fetched: what it wanted.
    """

    def __init__(self, line: str = "", fetched: str = "") -> None:
        super().__init__(0)
        self.line, self.fetched = line, fetched


first: Stopped | None = None
"""What stopped the script; a bare `except:` may have hidden it."""


_here: Callable[[FrameType], str] = str


def stop_before_computing(here: Callable[[FrameType], str]) -> None:
    """Makes every session of this process one that runs nothing.

    Args:
        here: spells the script's line at or outside a frame.
    """
    global _here  # noqa: PLW0603 - a process has one script
    _here = here
    session.BaseSession.run = _run  # type: ignore[method-assign]


def _run(
    self: session.BaseSession,
    fetches: Any,
    feed_dict: Any = None,
    options: Any = None,
    run_metadata: Any = None,
) -> Any:
    """In the place of `Session.run`.

    Raises:
        Stopped: something is to be computed.
    """
    global first  # noqa: PLW0603 - see above
    del feed_dict, options, run_metadata
    with self.graph.as_default():
        wanted = Fetches(fetches)
    starting = _initializers(self.graph)
    for element in wanted.elements:
        if not isinstance(element, Operation) or not _initializes(element, starting):
            stop = Stopped(_here(sys._getframe(1)), getattr(element, "name", ""))
            if first is None:
                first = stop
            raise stop
    return wanted.build([None] * len(wanted.elements))


def _initializers(graph: Any) -> set[Operation]:
    """The operations that give the variables of a graph their first values."""
    return {
        item.initializer
        for items in list(graph._collections.values())
        for item in items
        if isinstance(item, Variable)
    }


def _initializes(op: Operation, starting: set[Operation]) -> bool:
    """Whether an operation only initializes."""
    todo, seen = [op], {op}
    while todo:
        found = todo.pop()
        if found in starting or found.type in _INITIALIZE:
            continue
        if found.type != "NoOp":
            return False
        more = [other for other in found.control_inputs if other not in seen]
        seen.update(more)
        todo.extend(more)
    return True
