"""Python's collector of garbage, beside objects that are many and stay.

It looks at all objects again and again while they grow in number, and finds nothing in
a graph or a plan: they live as long as their session.
"""

from __future__ import annotations

import gc

_EVERY = 10_000  # objects that are made between two looks


def collect_seldom() -> None:
    """Looks less often than Python's 700 objects, unless it is told to by others."""
    if 0 < gc.get_threshold()[0] < _EVERY:
        gc.set_threshold(_EVERY, *gc.get_threshold()[1:])


class CollectedLater:
    """Context manager: nothing is collected inside."""

    __slots__ = ("_enabled",)

    def __enter__(self) -> None:
        self._enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_exc: object) -> None:
        if self._enabled:
            gc.enable()
