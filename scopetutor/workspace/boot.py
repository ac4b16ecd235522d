"""Starting a workspace process: a Python with nothing of the user's in it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec

import scopetutor
from scopetutor.errors import WorkspaceError

from . import family
from .channel import pair

if TYPE_CHECKING:
    from .settings import Settings

_BOOTSTRAP = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); "
    "from scopetutor.workspace.server import main; main()"
)
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Boot:
    """A workspace process.

    Args:
        settings: for it.
        hash_seed: of Python's hashes, which must be the same on a replay.

    Attributes:
        channel: to the process.
        has_worked: whether it got ready; if it ends then, that is nothing of its own.
    """

    def __init__(self, settings: Settings, hash_seed: int) -> None:
        self.has_worked = False
        self.channel, there = pair()
        with there:
            self._process = subprocess.Popen(
                # -s -P -S: no folder or package of the user's is looked into, so a
                # file called random.py beside the learner's work does no harm.
                [sys.executable, "-s", "-P", "-S", "-c", _BOOTSTRAP,
                 str(there.fileno()), json.dumps(_path())],
                pass_fds=[there.fileno()],
                env=_environment(hash_seed, settings.scratch),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                cwd=settings.folder,
            )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.out = os.dup(self._process.stdout.fileno())
        self.err = os.dup(self._process.stderr.fileno())
        self._process.stdout.close()
        with contextlib.suppress(OSError):  # it has died: the first answer will tell
            self.channel.send(msgspec.json.encode(settings) + b"\n")

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def has_ended(self, within: float) -> bool:
        """Whether it has ended, or does so within some seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(within)
        return not self.alive

    def failure(self, heard: bytes = b"") -> WorkspaceError:
        """Why it did not get ready, in its own last words.

        Args:
            heard: what was read of them before.
        """
        self._process.kill()
        assert self._process.stderr is not None
        errors = heard + self._process.stderr.read()
        lines = errors.decode("utf-8", "replace").strip().splitlines()
        self.close()
        problem = "the workspace process could not start"
        if not lines:
            return WorkspaceError(problem, hint="scopetutor doctor looks at everything")
        hint = "pip install numpy" if "No module named 'numpy'" in lines[-1] else ""
        return WorkspaceError(f"{problem}: {lines[-1]}", hint=hint)

    def kill(self) -> None:
        """Ends it at once, with all it has started, wherever that has gone."""
        self._end_all()
        self.close()

    def close(self) -> None:
        """Lets go of it; it ends when it notices, or is ended."""
        self.channel.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._end_all()
            self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _end_all(self) -> None:
        """Ends it with all it has started, wherever that has gone."""
        family.stop(self.pid)  # so that it starts no more, and still has its children
        family.end_strays([self.pid], set())
        if hasattr(os, "killpg"):  # where processes cannot be listed, their group can
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()


def _path() -> list[str]:
    """Where this process finds modules, without the folder it was started in.

    If this package itself comes from there, it is found, and no other of its name.
    """
    ours = os.path.dirname(os.path.dirname(os.path.abspath(scopetutor.__file__)))
    found = [folder for folder in sys.path if folder not in ("", ".", os.getcwd())]
    if ours not in found:
        same = (os.path.exists(f"{folder}/scopetutor") for folder in found)
        found.insert([*same, True].index(True), ours)
    return found


def _environment(hash_seed: int, scratch: str) -> dict[str, str]:
    """This process's environment without what could change another Python."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "LD_", "DYLD_"))
    }
    environment.update(dict.fromkeys(_ONE_THREAD, "1"))
    environment["PYTHONHASHSEED"] = str(hash_seed)
    environment["TMPDIR"] = scratch
    return environment
