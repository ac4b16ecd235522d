"""Systems that lack what Linux has: the same prompt by other ways, forced here."""

from __future__ import annotations

import builtins
import io
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scopetutor.config import Config
from scopetutor.repl import paint
from scopetutor.repl.loop import Loop
from scopetutor.repl.plain_prompt import PlainPrompt
from scopetutor.repl.screen import Screen
from scopetutor.repl.state import State
from scopetutor.workspace.client import Options, Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def without(monkeypatch):
    """Makes modules impossible to import."""

    def take_away(*names: str) -> None:
        for name in names:
            monkeypatch.setitem(sys.modules, name, None)

    return take_away


def test_painting_without_termios(without, monkeypatch):
    """Where there is no termios (Windows), a terminal is painted on and restored."""
    without("termios")
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", screen)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    paint.paint("hello\n")
    assert screen.getvalue() == "hello\ntf> "
    paint.erase()
    paint.restore()
    paint.erase()

    assert screen.getvalue() == "hello\ntf> \r\x1b[J"


def test_a_pipe_is_not_painted_on(monkeypatch):
    """Only a terminal is."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    paint.paint("hello\n")

    assert out.getvalue() == ""


def test_reading_without_readline(without, monkeypatch):
    """Where there is no readline (Windows), lines are read as they come."""
    without("readline")
    lines = ["with a:", "    b", ""]
    labels = []
    monkeypatch.setattr(
        builtins, "input", lambda label: labels.append(label) or lines.pop(0)
    )

    assert PlainPrompt(State()).read() == "with a:\n    b"
    assert labels == ["tf> ", "... ", "... "]


def test_readline_indents(monkeypatch):
    """Where there is readline, the next line of a block starts indented."""
    readline = pytest.importorskip("readline")
    inserted = []
    monkeypatch.setattr(readline, "insert_text", inserted.append)
    hooks = []
    monkeypatch.setattr(
        readline, "set_startup_hook", lambda hook=None: hooks.append(hook)
    )
    lines = ["with a:", "    b", ""]

    def typed(_label: str) -> str:
        hooks[-1]()
        return lines.pop(0)

    monkeypatch.setattr(builtins, "input", typed)
    PlainPrompt(State()).read()

    assert inserted == ["", "    ", "    "]
    assert hooks[-1] is None


def test_a_screen_of_another_encoding():
    """What an old code page cannot write is spelt out; drawings keep to ASCII."""
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="cp1252", newline="")
    screen = Screen(Config(), out=stream, environ={"TERM": "xterm"}, plain=None)
    screen.write("变 é\n")
    stream.flush()

    assert buffer.getvalue() == "\\u53d8 é\n".encode("cp1252")
    assert screen.look.ascii


def test_moments_without_fork(nobody):
    """Undo, a crash and going on are the same where processes cannot fork."""
    out = io.StringIO()
    with Workspace(Options(folder=nobody, way="replay")) as workspace:
        loop = Loop(workspace, Screen(Config(), out=out, plain=True), Config())
        for line in ("x = 1", "x = 2", ":undo", "x", "import os; os._exit(1)", "x + 1"):
            loop.submit(line)

    said = out.getvalue()
    assert "moment 1" in said
    assert "\n1\n" in said
    assert said.endswith("\n2\n")


TRAVELS = (
    "import random, tensorflow as tf", "r = random.random()",
    "with tf.variable_scope('enc'):\n  w = tf.get_variable('w', [2])", "1/0",
    "s = tf.Session(); s.run(w.initializer)", "s.run(w).tolist(), r",
    ":undo", ":undo 2", "s", ":redo", ":at 6", "s.run(w).tolist(), r", ":at 99",
    ":undo 99", ":redo 9", ":diff 2 6", ":diff 3", "import os; os._exit(1)",
    "s.run(w).tolist(), r", ":undo 3", "w = 'another line'", ":at 7", "w", ":at 2",
    "r", ":redo", ":log", ":why w", ":at 3", ":tree", ":vars", ":why w", ":reset",
    "w", ":undo 2", "r",
)  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="nothing to compare with")
def test_travels_are_the_same(nobody):
    """Every command that moves says the same where processes cannot fork."""
    told = {way: _travelled(way, nobody) for way in ("fork", "replay")}

    for there, here in zip(told["fork"], told["replay"], strict=True):
        assert there == here


def _travelled(way: str, folder: Path) -> list[tuple[str, str]]:
    """What is said after each of the travels' lines."""
    said = []
    with Workspace(Options(folder=folder, way=way, entropy=3)) as workspace:  # type: ignore[arg-type]
        for line in TRAVELS:
            out = io.StringIO()
            screen = Screen(Config(), out=out, err=out, plain=True)
            Loop(workspace, screen, Config()).submit(line)
            said.append((line, re.sub(r"\d+(\.\d+)? m?s\b", "time", out.getvalue())))
    return said


def test_without_a_home(tmp_path):
    """A folder that cannot be written costs the history, not the prompt."""
    file = tmp_path / "file"
    file.write_text("")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(file), "XDG_DATA_HOME": str(file)}
    done = subprocess.run(
        [sys.executable, "-m", "scopetutor", "repl", "-c", "6 * 7"],
        capture_output=True, text=True, env=environ, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr) == (0, "42\n", "")
