"""Starting a workspace process: a Python with nothing of the user's in it.

`ways` starts processes with it, `worker` runs entries in them. `transport` knows how
one is reached on this system, `settings` what it is to be. It ends up in `server`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

import scopetutor
from scopetutor.errors import WorkspaceError

from . import family, inlets, transport
from .channel import Channel, pair

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from .settings import Settings

    _Process = subprocess.Popen[bytes]

# The process is reached first: where it calls back, that is waited for.
_BOOTSTRAP = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); "
    "from scopetutor.workspace.transport import reach; lines = reach(sys.argv.pop()); "
    "from scopetutor.workspace.server import main; main(lines)"
)
_LAST_WORDS_TIME = 1.0  # seconds
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Boot:
    """A workspace process.

    Args:
        settings: for it.
        hash_seed: of Python's hashes, which must be the same on a replay.

    Attributes:
        channel: to the process.
        bell: on which a byte is an interrupt; None where a signal is one.
        out, err: what it prints.
        has_worked: whether it got ready; if it ends then, that is nothing of its own.
    """

    def __init__(self, settings: Settings, hash_seed: int) -> None:
        self.has_worked = False
        self.bell: socket.socket | None = None
        start = partial(_process, settings, hash_seed)
        if transport.HANDS_FILES_OVER:
            self._hand_over(start)
        else:
            self._meet(start, inlets.mark(settings.seal))
        with contextlib.suppress(OSError):  # it has died: the first answer will tell
            self.channel.send(msgspec.json.encode(settings) + b"\n")

    def _hand_over(self, start: Callable[..., _Process]) -> None:
        """Starts the process with its end of the channel."""
        self.channel, there = pair()
        with there:
            file = there.fileno()
            self._process = start(str(file), pass_fds=[file], stdin=subprocess.DEVNULL)
        out, err = _pipes(self._process)
        self.out: inlets.Inlet = inlets.FileInlet(out)
        self.err: inlets.Inlet = inlets.FileInlet(err)

    def _meet(self, start: Callable[..., _Process], mark: bytes) -> None:
        """Starts the process and waits until it calls."""
        self.channel, there = pair()
        there.close()  # if it never calls, the first answer will tell
        with transport.Meeting() as meeting:
            self._process = start(
                meeting.place,
                stdin=subprocess.PIPE,
                # Or the terminal's Ctrl-C would reach it, too.
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            out, err = _pipes(self._process)
            self.out = inlets.PumpedInlet(out, mark)
            self.err = inlets.PumpedInlet(err, mark)
            assert self._process.stdin is not None
            try:
                meeting.invite(self._process.stdin)
                lines = meeting.wait(lambda: self.alive)
            except BaseException:  # Ctrl-C
                self.kill()
                raise
        if lines is None:
            self._process.kill()
        else:
            self.channel.close()
            self.channel, self.bell = Channel(lines.channel), lines.bell

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
        errors = heard + inlets.rest(self.err, _LAST_WORDS_TIME)
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
        if self.bell is not None:
            self.bell.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._end_all()
            self._process.wait()
        self.out.close()
        self.err.close()

    def _end_all(self) -> None:
        """Ends it with all it has started, wherever that has gone."""
        family.stop(self.pid)  # so that it starts no more, and still has its children
        family.end_strays([self.pid], set())
        if hasattr(os, "killpg"):  # where processes cannot be listed, their group can
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()


def _process(settings: Settings, hash_seed: int, place: str, **how: Any) -> _Process:
    """A new Python that is told where it is reached.

    Args:
        settings: for it.
        hash_seed: of its hashes.
        place: for `transport.reach`.
        how: what else `subprocess` needs to know.
    """
    return subprocess.Popen(
        # -s -P -S: no folder or package of the user's is looked into, so a file called
        # random.py beside the learner's work does no harm.
        [sys.executable, "-s", "-P", "-S", "-c", _BOOTSTRAP, place,
         json.dumps(_path())],
        env=_environment(hash_seed, settings.scratch),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=settings.folder,
        **how,
    )  # fmt: skip


def _pipes(process: _Process) -> tuple[int, int]:
    """Our ends of what a process prints, for good."""
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout as out, process.stderr as err:
        return os.dup(out.fileno()), os.dup(err.fileno())


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
