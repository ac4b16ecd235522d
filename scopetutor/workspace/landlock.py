"""Landlock: the Linux kernel keeps a process to some folders and off the network.

Called by number through `ctypes`, since C libraries have no functions for it. A process
can only take rights away from itself, and its children inherit what is left.
See https://docs.kernel.org/userspace-api/landlock.html for the numbers.

`limits` calls it before `seccomp`, with the folders that `settings` name.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15
_READ = _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
# How many rights on files each version of the interface knows.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS = 16
_TCP = 3  # to bind and to connect, since version 4
_SCOPES = 3  # signals and abstract sockets stay inside, since version 6


def _syscall(number: int, *arguments: object) -> int:
    call = ctypes.CDLL(None, use_errno=True).syscall
    call.restype = ctypes.c_long
    return int(call(number, *arguments))


def version() -> int:
    """The version of the interface that the kernel has; 0 if it has none."""
    if sys.platform != "linux":
        return 0
    found = _syscall(
        _CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)
    )
    return max(0, found)


def restrict(readable: Iterable[str], writable: Iterable[str], *, network: bool) -> int:
    """Keeps this process to some folders for ever.

    The process must have given up new privileges before.

    Args:
        readable: files and folders it may read.
        writable: files and folders in which it may do everything but run programs.
        network: whether it may use TCP.

    Returns:
        The version of Landlock in force; 0 if the kernel has none.

    Raises:
        OSError: the kernel has it but refuses.
    """
    known = version()
    if not known:
        return 0
    handled = (1 << _RIGHTS.get(known, _ALL_RIGHTS)) - 1
    ruleset = _ruleset(known, handled, network=network)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, handled & ~_EXECUTE)
        _checked(_syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    return known


def _ruleset(known: int, handled: int, *, network: bool) -> int:
    tcp = _TCP if known >= 4 and not network else 0
    scopes = _SCOPES if known >= 6 else 0
    fields = struct.pack("QQQ", handled, tcp, scopes)
    size = 8 if known < 4 else 16 if known < 6 else 24
    return _checked(
        _syscall(_CREATE_RULESET, fields, ctypes.c_size_t(size), ctypes.c_uint32(0))
    )


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Allows something below a path; a path that is not there needs no rule."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, place)
        _checked(_syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, ctypes.c_uint32(0)))
    finally:
        os.close(place)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result
