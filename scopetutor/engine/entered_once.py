"""Context managers that are entered once, as most of TensorFlow's are.

Before the default graph and all that surrounds operations. TF 1.15 writes them as
generators: they cannot be entered again, and one that is forgotten while it is
entered, as in `graph.as_default().__enter__()`, is left at once.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal


class EnteredOnce:
    """Context manager; what is entered and left is said by `_open` and `_close`."""

    _is_open: bool | None = None  # None: it was never entered

    def _open(self) -> Any:
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Any:
        if self._is_open is not None:
            problem = "args"  # Python's own word for a generator that was entered
            raise AttributeError(problem)
        self._is_open = False  # unless it can be opened
        opened = self._open()
        self._is_open = True
        return opened

    def __exit__(self, *_exc: object) -> Literal[False]:
        if self._is_open is None:
            self.__enter__()
            problem = "generator didn't stop"  # and what it says of one that was not
            raise RuntimeError(problem)
        if self._is_open:
            self._is_open = False
            self._close()
        return False

    def __del__(self) -> None:
        if self._is_open:
            with suppress(RuntimeError, AssertionError):  # improper nesting
                self._close()
