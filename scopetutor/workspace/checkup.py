"""Trying out what this system gives, for `scopetutor doctor`.

What the system says it has (`limits.survey`) is one thing; what really stops a program
is another. So a workspace is started, and small programs try to do what they must not.
"""

from __future__ import annotations

import importlib.metadata
import platform
import statistics
import tempfile
import time
from pathlib import Path
from typing import Literal, NamedTuple

from scopetutor.errors import ScopetutorError

from . import journals, limits
from .client import Options, Workspace
from .protocol import Ran

WORKSPACE = "workspace"
_ROUNDS = 5
_SECONDS = 0.5


class Finding(NamedTuple):
    """Something that was looked at.

    Attributes:
        what: such as "writing files".
        state: "yes" if all is as it should be, "partly", or "no".
        how: by what, or what is missing.
    """

    what: str
    state: Literal["yes", "partly", "no"]
    how: str


def checkup() -> list[Finding]:
    """Looks at everything; takes a second or two."""
    found = [_software(), *_folders()]
    with tempfile.TemporaryDirectory(prefix="scopetutor-doctor-") as place:
        options = Options(
            folder=Path(place), time_limit=_SECONDS, grace=_SECONDS, strict=True
        )
        try:
            with Workspace(options) as workspace:
                found += _speeds(workspace)
                found += _attempts(workspace, Path(place))
        except ScopetutorError as error:
            found.append(Finding(WORKSPACE, "no", str(error)))
    found += [
        Finding(one.name, "yes" if one.active else "no", one.how)
        for one in limits.survey()
        if one.name in ("undo without running again", "compiled modules")
    ]
    return found


def _software() -> Finding:
    try:
        numpy = importlib.metadata.version("numpy")
    except importlib.metadata.PackageNotFoundError:
        return Finding("Python and NumPy", "no", "NumPy is not installed")
    system = f"{platform.system()} {platform.release()}"
    how = f"Python {platform.python_version()}, NumPy {numpy}, {system}"
    return Finding("Python and NumPy", "yes", how)


def _folders() -> list[Finding]:
    """Whether sessions can be kept."""
    where = journals.folder()
    try:
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=where):
            pass
    except OSError as error:
        return [Finding("keeping sessions", "no", f"{where}: {error.strerror}")]
    return [Finding("keeping sessions", "yes", str(where))]


def _speeds(workspace: Workspace) -> list[Finding]:
    """How fast a workspace starts, answers, and goes back."""
    started = time.perf_counter()
    workspace.run("x = 41")
    first = time.perf_counter() - started
    rounds = [_timed(lambda: workspace.run("x + 1")) for _ in range(_ROUNDS)]
    undo = _timed(workspace.undo)
    said = (
        f"starts in {first * 1000:.0f} ms, answers in "
        f"{statistics.median(rounds) * 1000:.1f} ms, undoes in {undo * 1000:.1f} ms"
    )
    return [Finding(WORKSPACE, "yes", said)]


def _timed(deed: object) -> float:
    assert callable(deed)
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


# What must not be possible: what it is called, and a program that is True if it was.
_ATTEMPTS = (
    ("writing files", "open({place!r} + '/evil', 'w').close()"),
    ("reading files", "open({place!r} + '/secret').read()"),
    ("network", "import socket; socket.create_server(('127.0.0.1', 0)).close()"),
    (
        "other programs",
        "import subprocess, sys; subprocess.run([sys.executable, '-V'])",
    ),
    ("signals", "import os; os.kill(os.getppid(), 0)"),
    ("memory", "m = bytearray(8 << 30)"),
)


def _attempts(workspace: Workspace, place: Path) -> list[Finding]:
    """Whether programs are kept from what they must not do."""
    (place / "secret").write_text("secret")
    # What keeps this system's programs in, for the sentences.
    names = {one.name: one.how for one in limits.survey()}
    found = []
    for what, text in _ATTEMPTS:
        ran = workspace.run(text.format(place=str(place)))
        how = names.get(what) or names.get("files", "")
        if ran.ending == "ok":
            found.append(Finding(f"limit on {what}", "no", f"not stopped: {how}"))
        else:
            found.append(Finding(f"limit on {what}", "yes", how))
    ran = workspace.run("while True: pass")
    found.append(_endless("limit on time", ran))
    ran = workspace.run("sum(range(10**12))")
    found.append(_endless("limit on code that will not stop", ran))
    return found


def _endless(what: str, ran: Ran) -> Finding:
    if ran.ending == "timeout":
        return Finding(what, "yes", "interrupt, then the end of the process")
    return Finding(what, "no", f"it ended in another way: {ran.ending}")
