"""Memory that a step gives back, and the next step wants again.

Beside session. The C library of Linux returns what lies free at the end of the heap to
the system as soon as it is more than 128 KB. A training step frees its large values and
asks for them again a moment later; to get and clear the pages anew can take as long as
the step's own work.
"""

from __future__ import annotations

from functools import cache

# Numbers of glibc's `mallopt`, and bytes: what stays though it is free, and from which
# size on a value gets pages of its own (glibc allows 32 MB at most).
_TRIM_THRESHOLD, _KEPT = -1, 64 << 20
_MMAP_THRESHOLD, _OWN_PAGES = -3, 32 << 20


@cache
def keep_freed_memory() -> None:
    """Keeps some free memory for the next step; once in a process."""
    import ctypes  # noqa: PLC0415 - only programs that run steps often need it

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library than glibc, which has its own way
    set_option(_MMAP_THRESHOLD, _OWN_PAGES)
    set_option(_TRIM_THRESHOLD, _KEPT)
