"""The journals that are kept, in the folder they have: new ones, named ones, a list.

`repl` asks here where the journal of a new workspace is to be and which one a name
means; `journal` writes it then, and `story` reads it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from pathlib import Path
from typing import NamedTuple

from scopetutor.errors import UsageError

from .story import read

SUFFIX = ".journal"
MOST_KEPT = 200
"""Journals that are kept; older ones are removed when a new one begins."""


class Kept(NamedTuple):
    """A workspace that was kept.

    Attributes:
        name: to resume it by.
        path: of its journal.
        at: when it was last written, in seconds since 1970.
        entries: how many there are on the line that leads to where it was left.
        last: the last of them.
    """

    name: str
    path: Path
    at: float
    entries: int
    last: str


def folder() -> Path:
    """Where journals are: below $SCOPETUTOR_DATA or the system's folder for it."""
    chosen = os.environ.get("SCOPETUTOR_DATA")
    if chosen:
        return Path(chosen) / "workspaces"
    import platformdirs  # noqa: PLC0415 - not needed where the folder is given

    return platformdirs.user_data_path("scopetutor", appauthor=False) / "workspaces"


def new_path() -> Path:
    """The path of a new journal, called after the day; the file is made if possible."""
    where = folder()
    day = dt.datetime.now().strftime("%Y-%m-%d")
    number = 1
    with contextlib.suppress(OSError):
        where.mkdir(parents=True, exist_ok=True)
        _remove_oldest(where)
        while not _made(where / f"{day}.{number}{SUFFIX}"):
            number += 1
    return where / f"{day}.{number}{SUFFIX}"


def _made(path: Path) -> bool:
    """Whether the file could be made; False if it is somebody else's already."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    return True


def _remove_oldest(where: Path) -> None:
    with contextlib.suppress(OSError):
        found = sorted(where.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)
        for path in found[: max(0, len(found) - MOST_KEPT)]:
            path.unlink()


def named(name: str = "") -> Path:
    """The journal of a workspace; without a name, the one written last.

    Raises:
        UsageError: there is none.
    """
    paths = _paths()
    if not paths:
        raise UsageError("no session has been kept", hint="scopetutor repl")
    if not name:
        return paths[0]
    found = [path for path in paths if path.stem == name]
    if not found:
        raise UsageError(f"there is no session {name!r}", hint="scopetutor repl --list")
    return found[0]


def kept() -> list[Kept]:
    """The workspaces that can be resumed, the newest first."""
    found = []
    for path in _paths():
        with contextlib.suppress(UsageError, OSError):
            story = read(path)
            line = story.timeline.path(story.timeline.current)
            last = line[-1].text if line else ""
            at = path.stat().st_mtime
            found.append(Kept(path.stem, path, at, len(line), last))
    return found


def _paths() -> list[Path]:
    """The journals, the one written last first."""
    dated = []
    with contextlib.suppress(OSError):
        for path in folder().glob(f"*{SUFFIX}"):
            with contextlib.suppress(OSError):
                dated.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(dated, reverse=True)]
