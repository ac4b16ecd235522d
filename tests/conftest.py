"""Screens for tests: a text that takes itself for a terminal, and a real one."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --golden, which draws recorded screens anew."""
    parser.addoption("--golden", action="store_true", help="record screens anew")


def pytest_configure() -> None:
    """Lets Ctrl-C work in what tests start.

    A shell that runs the tests in the background has it ignored, and so would they.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Paper(io.StringIO):
    """What a terminal of 80 columns without colours would be sent."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """It takes itself for a terminal."""
        return True


@pytest.fixture
def golden(request) -> Callable[[str, str], None]:
    """Compares a text with the recorded one beside the test, or records it."""
    folder = Path(request.node.path).parent / "golden"

    def compare(name: str, text: str) -> None:
        file = folder / f"{name}.txt"
        if request.config.getoption("--golden"):
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        known = file.read_text(encoding="utf-8")
        told = "\n".join(
            difflib.unified_diff(
                known.split("\n"), text.split("\n"), "recorded", "now", lineterm=""
            )
        )
        assert known == text, told

    return compare


@pytest.fixture
def nobody(tmp_path, monkeypatch) -> Path:
    """A user who has set nothing, done nothing and has no variables of a terminal."""
    for name in ("STATE", "CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCOPETUTOR_DATA", str(tmp_path / "home" / "data"))
    monkeypatch.setenv("SCOPETUTOR_CONFIG", str(tmp_path / "home" / "config.toml"))
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.fixture
def typed(nobody, monkeypatch) -> Iterator[Callable[..., str]]:
    """Types entries at a prompt on a screen of 80 columns; what the screen shows.

    Each entry is shown behind its prompt, as on a real screen.
    """
    from scopetutor.config import Config  # noqa: PLC0415
    from scopetutor.repl.loop import Loop  # noqa: PLC0415
    from scopetutor.repl.screen import Screen  # noqa: PLC0415
    from scopetutor.workspace.client import Options, Workspace  # noqa: PLC0415

    # On a slow machine the running time would be shown, which no recording has.
    monkeypatch.setattr("scopetutor.repl.running.PATIENCE", 600.0)
    paper = Paper()
    made: list[Loop] = []

    def run(*entries: str, width: int = 80, plain: bool = False) -> str:
        environ = {"COLUMNS": str(width), "NO_COLOR": "1", "TERM": "xterm"}
        if not made:
            workspace = Workspace(Options(folder=nobody, entropy=1))
            made.append(Loop(workspace, Screen(Config(), out=paper), Config()))
        loop = made[0]
        loop.screen.environ = environ
        loop.screen.plain = plain or None
        at = len(paper.getvalue())
        for entry in entries:
            loop.screen.fresh_line()
            first, *more = entry.split("\n")
            paper.write("\n".join([f"tf> {first}", *(f"... {line}" for line in more)]))
            paper.write("\n")
            loop.submit(entry)
        loop.screen.fresh_line()
        return paper.getvalue()[at:]

    run.loop = made  # type: ignore[attr-defined]
    yield run
    for loop in made:
        loop.workspace.close()


class Terminal:
    """A program in a real pseudo terminal, and the screen it draws.

    Args:
        arguments: of Python.
        environ: of the program.
        columns, rows: of the screen.
    """

    def __init__(
        self, arguments: list[str], environ: dict[str, str], columns: int, rows: int
    ) -> None:
        import pexpect  # noqa: PLC0415
        import pyte  # noqa: PLC0415

        self.pyte = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.pyte)
        self.raw = b""
        self._over = (pexpect.TIMEOUT, pexpect.EOF)
        self.program = pexpect.spawn(
            sys.executable,
            arguments,
            env=environ,
            dimensions=(rows, columns),
            timeout=10,
        )
        self.program.delaybeforesend = None

    def type(self, text: str) -> None:
        """Type something."""
        self.program.send(text)

    def read(self, seconds: float = 0.05) -> None:
        """Take in what the program writes."""
        try:
            piece = self.program.read_nonblocking(65536, seconds)
        except self._over:
            return
        self.raw += piece
        self._stream.feed(piece)
        if b"\x1b[6n" in piece:  # the program asks where the cursor is
            cursor = self.pyte.cursor
            self.program.send(f"\x1b[{cursor.y + 1};{cursor.x + 1}R")

    def until(self, seen: str | Callable[[str], bool], seconds: float = 30) -> str:
        """Read until the screen shows something; the screen."""
        ends = time.monotonic() + seconds
        shows = (lambda screen: seen in screen) if isinstance(seen, str) else seen
        while time.monotonic() < ends:
            if shows(self.text):
                return self.text
            self.read()
        raise AssertionError(f"not seen within {seconds} s: {seen}\n{self.text}")

    def settle(self, seconds: float = 0.3) -> str:
        """Read until the program has been silent for a while; the screen."""
        quiet = time.monotonic()
        while time.monotonic() - quiet < seconds:
            size = len(self.raw)
            self.read()
            if len(self.raw) > size:
                quiet = time.monotonic()
        return self.text

    def resize(self, columns: int, rows: int) -> None:
        """Make the window larger or smaller."""
        self.pyte.resize(rows, columns)
        self.program.setwinsize(rows, columns)

    @property
    def text(self) -> str:
        """The screen, without empty lines at its end."""
        lines = [line.rstrip() for line in self.pyte.display]
        return "\n".join(lines).rstrip("\n")

    def leave(self) -> None:
        """Leave as a user does; end the program if it does not."""
        ends = time.monotonic() + 2
        while self.program.isalive() and time.monotonic() < ends:
            with contextlib.suppress(OSError):
                self.type("\x03\x04")
            for _ in range(4):
                self.read()
        self.program.close(force=True)

    def end(self) -> int | None:
        """Wait until the program has ended; its exit code."""
        ends = time.monotonic() + 10
        while self.program.isalive() and time.monotonic() < ends:
            self.read()
        self.program.close(force=True)
        return self.program.exitstatus


@pytest.fixture
def terminal(nobody) -> Iterator[Callable[..., Terminal]]:
    """Starts scopetutor in a terminal: `terminal("repl", columns=40)`."""
    pytest.importorskip("termios", reason="needs a pseudo terminal")
    opened: list[Terminal] = []

    def start(
        *argv: str, columns: int = 80, rows: int = 24, **environ: str
    ) -> Terminal:
        variables = {
            **os.environ,
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            **environ,
        }
        arguments = ["-m", "scopetutor", *argv]
        opened.append(Terminal(arguments, variables, columns, rows))
        return opened[-1]

    yield start
    for one in opened:
        one.leave()
