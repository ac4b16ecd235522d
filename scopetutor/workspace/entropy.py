"""Random numbers that nobody gave a seed: really random, and the same on a replay.

Every workspace begins with 64 bits of the system's. What else would ask the system (the
engine, Python's `random`, NumPy's generators, `uuid`) gets bits derived from these and
from the number of the moment, so running the same entries gives the same program again.
"""

from __future__ import annotations

import os
import random
import sys
from random import Random, getstate, setstate  # should the module be spoilt
from typing import Any

from scopetutor.engine import state


class Entropy:
    """A source of bits.

    Args:
        start: of the workspace.
    """

    def __init__(self, start: int) -> None:
        self._start = start
        self._bits = Random(f"{start} 0")

    def install(self) -> None:
        """Takes the place of the system's source in this process."""
        state.set_entropy(lambda: int.from_bytes(self.bits(8), "little"))
        os.urandom = self.bits
        random._urandom = self.bits  # type: ignore[attr-defined]
        random.seed(int.from_bytes(self.bits(32), "little"))

    def begin(self, moment: int) -> None:
        """Makes ready for the entry that leads to a moment."""
        self._bits = Random(f"{self._start} {moment}")

    def bits(self, size: int, /) -> bytes:
        """The next bytes."""
        return self._bits.randbytes(size)

    def state(self) -> tuple[Any, ...]:
        """Where all rows of random numbers are."""
        return self._bits.getstate(), getstate(), _numpy_state()

    def back_to(self, state: tuple[Any, ...]) -> bool:
        """Puts the rows back; whether that could be done with all of them."""
        self._bits.setstate(state[0])
        setstate(state[1])
        if state[2] is None:  # NumPy seeds its row when it is loaded
            return _numpy_state() is None
        sys.modules["numpy.random"].set_state(state[2])
        return True


def _numpy_state() -> Any:
    """Where NumPy's row is; None if nobody has asked for numbers of it yet."""
    numpy_random = sys.modules.get("numpy.random")
    return None if numpy_random is None else numpy_random.get_state()
