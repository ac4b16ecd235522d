"""From the command line to the process in which a script runs.

    launch.run(order)     this process becomes the script's, where the system can do
                          that, so that Ctrl-C, exit codes and pipes are the script's
    launch.tree(order)    the script's process is watched, and its report read

`host` is what comes after.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import msgspec

import scopetutor
from scopetutor.errors import WorkspaceError

from . import script

if TYPE_CHECKING:
    from .order import Order
    from .report import Report

_BOOTSTRAP = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); "
    "from scopetutor.legacy.host import main; main()"
)
CAN_BECOME = os.name == "posix"
"""Whether a process can become another program and stay the same process."""


def run(order: Order) -> int:
    """Runs a script to its end; the exit code, where there is somebody to tell.

    Raises:
        UsageError, ScriptError: the script cannot be read.
    """
    script.read(order.script, py2=order.py2)
    command = _command(order)
    sys.stdout.flush()
    if CAN_BECOME:
        os.execv(command[0], command)
    return _watched(command)


def _watched(command: list[str], stdout: int | None = None) -> int:
    """Runs a process to its end; its exit code.

    Ctrl-C reaches it as well; it decides what becomes of that.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, stdout=stdout, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def _command(order: Order) -> list[str]:
    """The command line of the script's process."""
    path = json.dumps(_path())
    said = msgspec.json.encode(order).decode()
    return [sys.executable, "-P", "-c", _BOOTSTRAP, said, path]


def _path() -> list[str]:
    """Where the script's process finds modules: where this one does."""
    ours = os.path.dirname(os.path.dirname(os.path.abspath(scopetutor.__file__)))
    found = [folder for folder in sys.path if folder not in ("", ".")]
    return found if ours in found else [*found, ours]


def tree(order: Order) -> Report:
    """Runs a script until its variables are made; what it made.

    Raises:
        UsageError, ScriptError: the script cannot be read.
        WorkspaceError: its process ended without a word.
    """
    from . import report  # noqa: PLC0415 - `run` does without

    with tempfile.TemporaryDirectory(prefix="scopetutor-") as folder:
        reply = os.path.join(folder, "report.json")
        order = msgspec.structs.replace(order, aim="tree", reply=reply)
        # What the script prints is no part of the answer.
        code = _watched(_command(order), stdout=sys.stderr.fileno())
        if not os.path.exists(reply):
            raise WorkspaceError(
                f"the script ended its process ({code}) before its variables could be "
                "listed"
            )
        return report.read(reply)
