"""What the system itself keeps a workspace process from, and which of it there is.

`confine` is called once in every process that is to run the learner's code; what it
takes away cannot be had back. `survey` says what the system offers, for `scopetutor
doctor`. `hint` tells a learner whose code met a limit how to widen it.

What holds everywhere is not here but in `worker`: time, output and the end of a process
that will not stop.
"""

from __future__ import annotations

import ctypes
import errno
import importlib.util
import os
import sys
from typing import NamedTuple

from . import fence, landlock, seccomp, transport
from .settings import Settings, size_text

try:
    import resource
except ImportError:  # Windows has no such limits
    _LIMITS_RESOURCES = False
else:
    _LIMITS_RESOURCES = True

LARGEST_FILE = 256 << 20
MOST_FILES = 256
"""Files that a process may have open."""
_ROOM = 64 << 20
"""Bytes of addresses that a process needs besides what the learner may take."""
# Besides Python's own: shared libraries, and what Python reads about the system.
_SYSTEM = (
    "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache",
    "/usr/share/zoneinfo", "/etc/localtime", "/dev/null", "/dev/zero", "/dev/urandom",
    "/dev/random",
)  # fmt: skip


class Protection(NamedTuple):
    """Something that keeps a program from doing harm.

    Attributes:
        name: such as "files".
        active: whether this system has it.
        how: by what, or what is missing.
    """

    name: str
    active: bool
    how: str


def confine(settings: Settings) -> tuple[str, ...]:
    """Takes from this process what the learner's code must not do.

    Returns:
        The names of the protections in force.
    """
    if not settings.confined:
        return ()
    found = []
    _forbid_new_privileges()
    if _limit_resources(settings):
        found.append("memory")
    if _drop_capabilities():
        found.append("capabilities")
    known = landlock.restrict(
        _readable(settings),
        [settings.scratch, *settings.writable, os.devnull],
        network=settings.network,
    )
    if known:
        found.append(f"landlock {known}")
    if seccomp.restrict(network=settings.network):
        found.append("seccomp")
    if not known:
        fence.put_up(settings, _readable(settings))
        found.append("fence")
    return tuple(found)


def _readable(settings: Settings) -> list[str]:
    python = [sys.prefix, sys.base_prefix, *filter(os.path.exists, sys.path)]
    return [*_SYSTEM, *python, *settings.readable]


def _limit_resources(settings: Settings) -> bool:
    """Limits memory, files and core dumps; whether memory could be limited."""
    if not _LIMITS_RESOURCES:
        return False
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, MOST_FILES),
    ):
        _set_limit(limit, value)
    # Elsewhere the limit on addresses is refused, or accepted and not kept.
    if not settings.memory or sys.platform != "linux":
        return False
    return _set_limit(resource.RLIMIT_AS, _addresses() + settings.memory + _ROOM)


def _set_limit(limit: int, value: int) -> bool:
    hard = resource.getrlimit(limit)[1]
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except (OSError, ValueError):
        return False
    return True


def _addresses() -> int:
    """Bytes of addresses this process has by now."""
    with open("/proc/self/statm") as status:
        return int(status.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _forbid_new_privileges() -> None:
    """What both Landlock and seccomp ask for: no program gives more rights again."""
    if sys.platform == "linux":
        set_no_new_privileges = 38
        ctypes.CDLL(None).prctl(set_no_new_privileges, 1, 0, 0, 0)


def _drop_capabilities() -> bool:
    """Gives up what root may do beyond others; whether there was something."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    version_3 = 0x20080522
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    capset = ctypes.CDLL(None, use_errno=True).capset
    return bool(capset(header, nothing) == 0)


# -- for people --------------------------------------------------------------------


def survey() -> tuple[Protection, ...]:
    """What this system keeps a learner's code from, and by what."""
    known = landlock.version()
    filters = seccomp.available()
    linux = sys.platform == "linux"
    sleeps = transport.moments_can_sleep()
    kernel = f"Landlock version {known}" if known else "only Python's audit hooks"
    return (
        Protection("endless code", True, "interrupt, then the end of the process"),
        Protection("output", True, "what is printed beyond a limit is dropped"),
        Protection(
            "memory",
            linux,
            "a limit on addresses" if linux else "this system enforces no limit",
        ),
        Protection("files", known > 0, kernel),
        Protection(
            "network",
            filters or known >= 4,
            "seccomp" if filters else kernel,
        ),
        Protection(
            "other programs", filters, "seccomp" if filters else "no seccomp here"
        ),
        Protection(
            "signals",
            filters or known >= 6,
            "seccomp" if filters else kernel,
        ),
        Protection(
            "undo without running again",
            sleeps,
            "moments are sleeping processes" if sleeps else "entries are run again",
        ),
        _compiled(),
    )


def _compiled() -> Protection:
    """Whether NumPy's modules are compiled: without, everything starts slowly."""
    found = importlib.util.find_spec("numpy")
    origin = found.origin if found is not None else None
    if origin is None:
        return Protection("compiled modules", False, "NumPy is not installed")
    there = os.path.exists(importlib.util.cache_from_source(origin))
    how = "found" if there else "none: python -m compileall makes starting faster"
    return Protection("compiled modules", there, how)


def hint(error: BaseException, settings: Settings) -> str:
    """How to widen the limit that an exception comes from, or ""."""
    if isinstance(error, MemoryError) and settings.memory:
        return f"An entry may take {size_text(settings.memory)} (--memory-limit)."
    if isinstance(error, EOFError) and _wants_typing(str(error)):
        return (
            "Nothing can be typed into a program here; write the value into the code."
        )
    if type(error).__name__ == "BdbQuit":
        return (
            "No debugger can be used here; :movie goes through a program line by line."
        )
    if not isinstance(error, OSError) or not settings.confined:
        return ""
    if error.errno == errno.EFBIG:
        return f"A file may have {LARGEST_FILE >> 20} MB here."
    if error.errno not in (errno.EPERM, errno.EACCES):
        return ""
    if error.filename is None:
        return (
            "The network, signals and other processes are out of reach (see :limits)."
        )
    if settings.writable:
        return f"Files may be written in {', '.join(settings.writable)}."
    if not settings.readable:
        return "In the strict box no file of yours may be read or written."
    return (
        "Files may be read below the current folder, and written nowhere "
        "(--allow-files DIR)."
    )


def _wants_typing(message: str) -> bool:
    """Whether `input` met the end of a file, or `getpass`, which does not say so."""
    return not message or "reading a line" in message
