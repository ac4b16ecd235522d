"""seccomp: the Linux kernel refuses a process some system calls.

A filter is a little program for the kernel that sees the call's number and arguments.
Ours refuses what Landlock does not cover (signals, other programs, sockets, modes of
files) with "operation not permitted". Numbers are those of the two usual machines.

`limits` calls it after `landlock`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_GET_SECCOMP, _SET_SECCOMP, _FILTER_MODE = 21, 22, 2

# What a filter is made of: load a word, compare, answer.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENT = 0, 4, 16  # where they are in what a filter sees
_KILL, _ALLOW, _ERROR = 0x80000000, 0x7FFF0000, 0x00050000
_X32 = 0x40000000  # numbers of a third machine that runs on x86_64

# The flags of clone() that leave namespaces, or make a child of one's own parent.
_BREAKING_OUT = 0x7E020000 | 0x8000
# Calls of which only some requests are refused: which argument tells, and which. They
# send signals to somebody else when a file is ready, change the flags of a file that is
# open for reading, and hide this process's files from the terminal process.
_REQUESTS = {
    "fcntl": (1, (8, 10, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
    "ioctl": (1, (0x8901, 0x8902,  # FIOSETOWN, SIOCSPGRP
                  0x40086602, 0x401C5820)),  # FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR
    "prctl": (0, (4,)),  # PR_SET_DUMPABLE
}  # fmt: skip
_SET_LIMIT = 2  # the argument of prlimit64 that sets a limit; reading passes NULL

_NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {
        "add_key": 248, "bpf": 321, "chmod": 90, "chown": 92, "chroot": 161,
        "clone": 56, "clone3": 435, "execve": 59, "execveat": 322, "fchmod": 91,
        "fchmodat": 268, "fchmodat2": 452, "fchown": 93, "fchownat": 260, "fcntl": 72,
        "fremovexattr": 199, "fsetxattr": 190, "futimesat": 261, "io_uring_enter": 426,
        "io_uring_register": 427, "io_uring_setup": 425, "ioctl": 16, "ioprio_set": 251,
        "keyctl": 250, "kill": 62, "lchown": 94, "lremovexattr": 198, "lsetxattr": 189,
        "memfd_create": 319, "mount": 165, "mq_open": 240, "mq_unlink": 241,
        "msgget": 68, "open_by_handle_at": 304, "perf_event_open": 298,
        "personality": 135, "pidfd_getfd": 438, "pidfd_send_signal": 424,
        "pivot_root": 155, "prctl": 157, "prlimit64": 302, "process_vm_readv": 310,
        "process_vm_writev": 311, "ptrace": 101, "removexattr": 197,
        "request_key": 249, "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297,
        "sched_setaffinity": 203, "sched_setattr": 314, "sched_setparam": 142,
        "sched_setscheduler": 144, "semget": 64, "setns": 308, "setpgid": 109,
        "setpriority": 141, "setrlimit": 160, "setsid": 112, "setxattr": 188,
        "shmget": 29, "socket": 41,
        "tgkill": 234, "tkill": 200, "umount2": 166, "unshare": 272, "userfaultfd": 323,
        "utime": 132, "utimensat": 280, "utimes": 235,
    },
    "aarch64": {
        "add_key": 217, "bpf": 280, "chroot": 51, "clone": 220, "clone3": 435,
        "execve": 221, "execveat": 281, "fchmod": 52, "fchmodat": 53, "fchmodat2": 452,
        "fchown": 55, "fchownat": 54, "fcntl": 25, "fremovexattr": 16, "fsetxattr": 7,
        "io_uring_enter": 426, "io_uring_register": 427, "io_uring_setup": 425,
        "ioctl": 29, "ioprio_set": 30, "keyctl": 219, "kill": 129, "lremovexattr": 15,
        "lsetxattr": 6, "memfd_create": 279, "mount": 40, "mq_open": 180,
        "mq_unlink": 181, "msgget": 186, "open_by_handle_at": 265,
        "perf_event_open": 241, "personality": 92, "pidfd_getfd": 438,
        "pidfd_send_signal": 424, "pivot_root": 41, "prctl": 167, "prlimit64": 261,
        "process_vm_readv": 270, "process_vm_writev": 271, "ptrace": 117,
        "removexattr": 14, "request_key": 218, "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240, "sched_setaffinity": 122, "sched_setattr": 274,
        "sched_setparam": 118, "sched_setscheduler": 119, "semget": 190, "setns": 268,
        "setpgid": 154, "setpriority": 140, "setrlimit": 164, "setsid": 157,
        "setxattr": 5, "shmget": 194, "socket": 198,
        "tgkill": 131, "tkill": 130, "umount2": 39, "unshare": 97, "userfaultfd": 282,
        "utimensat": 88,
    },
}  # fmt: skip
_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# These have rules of their own.
_SPECIAL = {"clone", "clone3", "prlimit64", "socket", *_REQUESTS}


def available() -> bool:
    """Whether the kernel has seccomp and we know the machine's numbers."""
    if sys.platform != "linux" or platform.machine() not in _NUMBERS:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_GET_SECCOMP, 0, 0, 0, 0) >= 0)


def restrict(*, network: bool) -> bool:
    """Refuses this process what a workspace must not do, for ever.

    The process must have given up new privileges before.

    Args:
        network: whether it may open sockets.

    Returns:
        Whether a filter is in force.

    Raises:
        OSError: the kernel has seccomp but refuses the filter.
    """
    if not available():
        return False
    program = _filter(platform.machine(), network=network)
    text = ctypes.create_string_buffer(program)

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    whole = Program(len(program) // 8, ctypes.addressof(text))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(whole), 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
    return True


def _filter(machine: str, *, network: bool) -> bytes:
    """The filter for a machine: eight bytes for each step."""
    numbers = _NUMBERS[machine]
    steps = [
        _step(_LOAD, _MACHINE),
        _step(_IF_EQUAL, _MACHINES[machine], yes=1),
        _step(_ANSWER, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [_step(_IF_AT_LEAST, _X32, no=1), _refuse(errno.EPERM)]
    for name, number in numbers.items():
        if name not in _SPECIAL:
            steps += [_step(_IF_EQUAL, number, no=1), _refuse(errno.EPERM)]
    if not network:
        steps += [_step(_IF_EQUAL, numbers["socket"], no=1), _refuse(errno.EPERM)]
    # The C library falls back from clone3, whose flags a filter cannot see, to clone.
    steps += [_step(_IF_EQUAL, numbers["clone3"], no=1), _refuse(errno.ENOSYS)]
    steps += _unless_zero(numbers["clone"], 0, _BREAKING_OUT)
    steps += _unless_zero(numbers["prlimit64"], _SET_LIMIT, 0xFFFFFFFF)
    for name, (argument, requests) in _REQUESTS.items():
        steps += _unless_other(numbers[name], argument, requests)
    steps.append(_step(_ANSWER, _ALLOW))
    return b"".join(steps)


def _unless_zero(number: int, argument: int, bits: int) -> list[bytes]:
    """Refuses a call if one of some bits of an argument is set."""
    return [
        _step(_IF_EQUAL, number, no=4),
        _step(_LOAD, _ARGUMENT + 8 * argument),
        _step(_IF_ANY_BIT, bits, no=1),
        _refuse(errno.EPERM),
        _step(_LOAD, _NUMBER),
    ]


def _unless_other(number: int, argument: int, values: tuple[int, ...]) -> list[bytes]:
    """Refuses a call if an argument has one of some values."""
    refused = [
        step
        for value in values
        for step in (_step(_IF_EQUAL, value, no=1), _refuse(errno.EPERM))
    ]
    return [
        _step(_IF_EQUAL, number, no=len(refused) + 2),
        _step(_LOAD, _ARGUMENT + 8 * argument),
        *refused,
        _step(_LOAD, _NUMBER),
    ]


def _refuse(code: int) -> bytes:
    return _step(_ANSWER, _ERROR | code)


def _step(what: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """One step: what to do with a value, and how many steps to leave out then."""
    return struct.pack("HBBI", what, yes, no, value)
