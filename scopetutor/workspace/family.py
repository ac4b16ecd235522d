"""The processes that came from a workspace process, as Linux lists them in /proc.

Only processes that the workspace started itself belong there. Others are strays: what
the learner's code forked. Elsewhere than on Linux nothing can be listed, and a stray is
ended with its process group.

`worker`, `ways` and `boot` ask here whom to believe, to count and to end.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROC = Path("/proc")
_MOST_ROUNDS = 50
# Windows has neither: there nothing can be stopped, and SIGTERM ends at once.
_STOP = getattr(signal, "SIGSTOP", None)
_END = getattr(signal, "SIGKILL", signal.SIGTERM)


def adopt_orphans() -> None:
    """Makes this process the parent of all descendants whose parent ends."""
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def parents() -> dict[int, int]:
    """Every process's parent; empty where the system does not tell."""
    found = {}
    with contextlib.suppress(OSError):
        for name in os.listdir(_PROC):
            if name.isdigit():
                parent = _parent(name)
                if parent is not None:
                    found[int(name)] = parent
    return found


def _parent(pid: str) -> int | None:
    try:
        status = (_PROC / pid / "stat").read_bytes()
    except OSError:
        return None  # it has just ended
    # "123 (a name) S 45 …": the name may contain anything, so count from its end.
    state, parent = status.rpartition(b")")[2].split()[:2]
    return None if state in (b"Z", b"X") else int(parent)


def comes_from(pid: int, ancestor: int) -> bool:
    """Whether a process is another one, or came from it.

    Where the system does not tell who came from whom, it is believed.
    """
    if _parent(str(os.getpid())) is None:
        return True
    for _ in range(_MOST_ROUNDS):  # the line breaks if somebody in it ends just now
        one: int | None = pid
        while one not in {None, ancestor, 0, 1}:
            one = _parent(str(one))
        if one is not None:
            return one == ancestor
        if _parent(str(pid)) is None:
            return False
    return False


def descendants(pid: int) -> set[int]:
    """All living processes that came from one."""
    return strays([pid], set())


def strays(parents: Sequence[int], known: set[int]) -> set[int]:
    """The living processes that came from some, without the known ones.

    The kernel's lists of children are asked, which takes a tenth of looking at every
    process there is. One that is made while another ends may be missed in them, and
    one whose parent ends moves: so the parent that gets the orphans comes first here,
    and is asked last. The known ones are asked for no children of theirs.
    """
    found: set[int] = set()
    todo = list(parents)
    while todo:
        children = _children(todo.pop())
        if children is None:
            return scanned_descendants(parents[0]) - known
        new = children - found - known
        found |= new
        todo.extend(new)
    return {one for one in found if _parent(str(one)) is not None}


def _children(pid: int) -> set[int] | None:
    """The children of a process, by its threads; None if the system does not tell."""
    found: set[int] = set()
    try:
        threads = os.listdir(_PROC / str(pid) / "task")
    except OSError:
        return found if _tells_children() else None  # it has just ended
    for thread in threads:
        try:
            listed = (_PROC / str(pid) / "task" / thread / "children").read_bytes()
        except OSError:
            if not _tells_children():
                return None
            continue
        found.update(map(int, listed.split()))
    return found


def _tells_children() -> bool:
    own = str(os.getpid())
    return (_PROC / own / "task" / own / "children").exists()


def scanned_descendants(pid: int) -> set[int]:
    """The same, by looking at every process of the system."""
    children: dict[int, list[int]] = {}
    for child, parent in parents().items():
        children.setdefault(parent, []).append(child)
    found: set[int] = set()
    todo = [pid]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in found:
                found.add(child)
                todo.append(child)
    return found


def wait_for_turns(pid: int, patience: float) -> None:
    """Waits until each thread of a process has run, or wants no processor.

    Args:
        pid: of the process.
        patience: seconds after which that is no longer waited for.
    """
    deadline = time.monotonic() + patience
    began = {one: had for one, (_, had) in _turns(pid).items()}
    while time.monotonic() < deadline:
        now = _turns(pid).items()
        if not any(wants and had == began.get(one) for one, (wants, had) in now):
            return
        time.sleep(0.005)


def _turns(pid: int) -> dict[str, tuple[bool, int]]:
    """By thread: whether it wants a processor, and for how long it has had one."""
    found = {}
    with contextlib.suppress(OSError, IndexError, ValueError):
        for thread in os.listdir(_PROC / str(pid) / "task"):
            folder = _PROC / str(pid) / "task" / thread
            state = (folder / "stat").read_bytes().rpartition(b")")[2].split()[0]
            nanoseconds = int((folder / "schedstat").read_text().split()[0])
            found[thread] = state == b"R", nanoseconds
    return found


def end_strays(parents: Sequence[int], known: set[int]) -> set[int]:
    """Ends every process that came from some and is not known.

    They are stopped before they are killed: a process that forks faster than it can be
    listed has then no time left to. Nobody waits until they are gone, which on a busy
    machine takes a while: what is killed forks no more.

    Returns:
        Those that were.
    """
    ended: set[int] = set()
    for _ in range(_MOST_ROUNDS):
        # Where some were, there may be more: then every process is looked at.
        found = (
            scanned_descendants(parents[0]) - known if ended else strays(parents, known)
        )
        if found <= ended:
            break
        for deed in (stop, end):
            for stray in found:
                deed(stray)
        ended |= found
        time.sleep(0.001)
    return ended


def stop(pid: int) -> None:
    """Lets a process do nothing any more, not even end."""
    if _STOP is not None:
        _send(pid, _STOP)


def end(pid: int) -> None:
    """Ends a process."""
    _send(pid, _END)


def _send(pid: int, sign: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, sign)


def running_in_all() -> int:
    """How many processes and threads the whole system has; 0 if it does not tell."""
    try:
        return int((_PROC / "loadavg").read_text().split()[3].partition("/")[2])
    except (OSError, IndexError, ValueError):
        return 0


def memory_by_ps(pid: int) -> int:
    """Bytes of memory a process takes, as `ps` says; 0 if it does not."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        return int(said.stdout) * 1024
    except (OSError, ValueError):
        return 0


def memory(pid: int) -> int:
    """Bytes of memory a process has, also with others; 0 if it is not told."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        told = (_PROC / str(pid) / "statm").read_text()
        return int(told.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def unshared_memory(pid: int) -> int:
    """Bytes of memory that no other process has; 0 if the system does not tell."""
    with contextlib.suppress(OSError), open(_PROC / str(pid) / "smaps_rollup") as told:
        fields = dict(line.split(":", 1) for line in told if line.startswith("Private"))
        return sum(int(size.split()[0]) for size in fields.values()) * 1024
    return 0
