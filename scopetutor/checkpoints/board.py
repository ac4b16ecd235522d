"""TensorBoard in a process of its own, on this machine's loopback only.

``start`` finds out whether it is installed, starts it and waits until it answers.
`scopetutor tensorboard` uses it on a folder with event files.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from types import TracebackType
from typing import IO, Self
from urllib.error import URLError

from scopetutor.errors import ScopetutorError, UsageError

HOST = "127.0.0.1"
USUAL_PORT = 6006
PATIENCE = 60.0
"""Seconds until it must answer; the first start on a cold disk takes twenty."""

INSTALL = "pip install 'scopetutor[tensorboard]'"


class Board:
    """A TensorBoard that runs; leaving the `with` block stops it.

    Attributes:
        address: where to look at it.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], address: str, claim: socket.socket
    ) -> None:
        self._process = process
        self._claim = claim
        self.address = address

    def wait(self) -> None:
        """Wait until it ends, which it does not by itself."""
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _stop(self._process)
        self._claim.close()


def start(folder: str, *, port: int = 0) -> Board:
    """Serve the event files below a folder.

    Args:
        folder: with event files, or folders with them, one per run.
        port: of the page; 0: the usual one, or any that is free.

    Raises:
        UsageError: TensorBoard is not installed, or the port is taken.
        ScopetutorError: it ended, or does not answer.
    """
    if importlib.util.find_spec("tensorboard") is None:
        raise UsageError("TensorBoard is not installed", hint=INSTALL)
    if port and not _is_free(port):
        raise UsageError(f"port {port} is taken", hint="another --port, or none")
    claim = socket.socket(type=socket.SOCK_DGRAM)
    port = port or (USUAL_PORT if _claims(claim, USUAL_PORT) else _any_port())
    address = f"http://{HOST}:{port}/"
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", folder]
    command += ["--host", HOST, "--port", str(port), "--reload_interval", "5"]
    with tempfile.TemporaryFile() as said:
        # In a session of its own, so that Ctrl-C reaches us first.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait_for(process, address)
            if process.poll() is not None:
                raise ScopetutorError(
                    f"TensorBoard ended at once: {_last_line(said)}",
                    hint=f"{INSTALL} --upgrade",
                )
        except BaseException:
            _stop(process)
            claim.close()
            raise
    return Board(process, address, claim)


def _claims(claim: socket.socket, port: int) -> bool:
    """Whether a free port is ours: no other board of ours is about to open it.

    A TensorBoard opens its port only after seconds. So the datagram port of the same
    number, which nobody uses, is taken first; of two that start at once one gets it.
    """
    try:
        claim.bind((HOST, port))
    except OSError:
        return False
    return _is_free(port)


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as trial:
        trial.bind((HOST, 0))
        port: int = trial.getsockname()[1]
    return port


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    """Until the page answers or the process has ended.

    Raises:
        ScopetutorError: neither happens.
    """
    # A proxy of the user's has nothing to do with this machine's own pages.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    begin = time.monotonic()
    while time.monotonic() - begin < PATIENCE and process.poll() is None:
        try:
            with opener.open(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    if process.poll() is None:
        raise ScopetutorError(
            f"TensorBoard does not answer after {PATIENCE:.0f} seconds",
            hint="scopetutor tensorboard … --port N",
        )


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    text = said.read().decode(errors="replace").strip()
    return text.rpartition("\n")[2] or "it said nothing"


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started."""
    if process.poll() is not None:
        return
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGTERM)
        else:
            process.terminate()
        process.wait(5)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
