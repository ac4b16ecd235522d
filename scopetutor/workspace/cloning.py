"""Forking a process so that it and its copy share as much memory as can be.

`server` does it once after every entry and once on every way back. What a moment
costs is the pages that it does not share with its neighbours, so as little as possible
is written just before and after a fork.
"""

from __future__ import annotations

import ctypes
import sys

_C = None if sys.platform == "win32" else ctypes.PyDLL(None)


def clone() -> int:
    """Makes a copy of this process, which must have one thread.

    `os.fork` lets Python and its modules make up, in the child, for the threads that
    are gone. That writes to a hundred pages and takes a millisecond, and where there is
    one thread none of it is needed: the C library's fork does.

    Returns:
        0 in the copy; its pid in the process itself, or -1 if it could not be made.
    """
    assert _C is not None
    return int(_C.fork())


def give_back() -> None:
    """Gives the system the memory that was freed, or a copy would have it, too."""
    trim = getattr(_C, "malloc_trim", None)  # of the GNU C library only
    if trim is not None:
        trim(0)
