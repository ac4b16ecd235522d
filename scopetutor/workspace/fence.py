"""Where the kernel gives no wall: Python's audit hooks, which say no to what they see.

This keeps honest code from accidents, with a clear sentence. Code that means harm can
get around it, and `scopetutor doctor` says so.

`limits` puts it up where there is no `landlock`.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .settings import Settings

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROGRAMS = frozenset(
    [
        *("subprocess.Popen", "pty.spawn", "os.system", "os.exec", "os.fork"),
        *("os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile"),
    ]
)
_NETWORK = frozenset(
    f"socket.{what}" for what in ("connect", "bind", "sendto", "sendmsg")
)
_CHANGES = frozenset(
    [
        *("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink"),
        *("os.truncate", "os.chmod", "os.chown", "os.utime"),
        *("shutil.rmtree", "shutil.move", "shutil.copyfile"),
    ]
)
_MAY_NOT_WRITE = "a workspace may not write here (--allow-files DIR)"
_MAY_NOT_READ = "a workspace may not read here"
_SIGNALS = frozenset(["os.kill", "os.killpg", "signal.pthread_kill"])


def put_up(settings: Settings, readable: Sequence[str]) -> None:
    """Refuses what a workspace must not do, from now on, as far as Python tells.

    Args:
        settings: of the workspace.
        readable: folders and files that may be read.
    """
    sys.addaudithook(hook(settings, readable))


def hook(
    settings: Settings, readable: Sequence[str]
) -> Callable[[str, tuple[Any, ...]], None]:
    """What Python asks before it does something; PermissionError for a no."""
    allowed = [Path(p).resolve() for p in (settings.scratch, *settings.writable)]
    allowed.append(Path(os.devnull))
    known = [*allowed, *(Path(path).resolve() for path in readable)]

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if _writes(mode, flags):
                _check(path, allowed, _MAY_NOT_WRITE)
            else:
                _check(path, known, _MAY_NOT_READ)
        elif event in _CHANGES:
            _check(arguments[0], allowed, _MAY_NOT_WRITE)
        elif event in _PROGRAMS:
            raise PermissionError("a workspace starts no other programs")
        elif event in _NETWORK and not settings.network:
            raise PermissionError("a workspace has no network (--allow-network)")
        elif event in _SIGNALS:
            raise PermissionError("a workspace sends no signals")

    return look


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _check(path: Any, allowed: list[Path], problem: str) -> None:
    """PermissionError unless a path is below one of some folders."""
    if isinstance(path, int):
        return  # a file that is open already
    place = Path(os.fsdecode(path)).resolve()
    if not any(place.is_relative_to(folder) for folder in allowed):
        raise PermissionError(errno.EPERM, problem, str(place))
