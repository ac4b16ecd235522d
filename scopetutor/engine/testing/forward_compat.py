"""Small parts of TensorFlow's inside that its tests ask: what is switched on.

Of `tensorflow.python.compat.compat`, `tensorflow.python.tf2`, `autograph` and the check
that results are used.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
from typing import TYPE_CHECKING, Any

from scopetutor.engine import control_flow_v2

if TYPE_CHECKING:
    from collections.abc import Iterator

_HORIZON = [dt.date(2019, 8, 21)]
"""TF 1.15: what graphs may use that older programs do not know."""


def forward_compatible(year: int, month: int, day: int) -> bool:
    """Whether graphs may use what came before a day."""
    return _HORIZON[-1] > dt.date(year, month, day)


@contextlib.contextmanager
def forward_compatibility_horizon(year: int, month: int, day: int) -> Iterator[None]:
    """Context manager: graphs may use what came before a day."""
    _HORIZON.append(dt.date(year, month, day))
    try:
        yield
    finally:
        _HORIZON.pop()


def enabled() -> bool:
    """Whether TensorFlow 2's behaviour is on: never, here."""
    return False


ENABLE_CONTROL_FLOW_V2 = False
"""TF 1.15: what conditions are made of where nobody said it."""


def EnableControlFlowV2(graph: Any) -> bool:
    """Whether conditions of a graph are operations of their own."""
    return control_flow_v2.enabled_in(graph)


def should_use_result(fn: Any) -> Any:
    """The function itself: that its result is not used is not said."""
    return fn


class Status(enum.Enum):
    """Whether functions are rewritten where the program is."""

    UNSPECIFIED = 0
    ENABLED = 1
    DISABLED = 2


class ControlStatusCtx:
    """Context manager: says whether functions are rewritten; none are, here."""

    def __init__(self, status: Status, options: Any = None) -> None:
        self.status, self.options = status, options

    def __enter__(self) -> ControlStatusCtx:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Nothing is undone."""
