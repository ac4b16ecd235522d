"""`:save`, `:load`, `:share`, `:limits` and `:explain` at the prompt."""

from __future__ import annotations

import io
import sys

import pytest

from scopetutor.config import Config
from scopetutor.repl.loop import Loop
from scopetutor.repl.screen import Screen
from scopetutor.workspace.client import Options, Workspace


@pytest.fixture
def loop(tmp_path, monkeypatch):
    """A loop that shows everything in a text."""
    monkeypatch.chdir(tmp_path)
    screen = Screen(Config(), out=io.StringIO(), plain=True)
    with Workspace(Options(folder=tmp_path)) as workspace:
        yield Loop(workspace, screen, Config())


def told(loop: Loop, *lines: str) -> str:
    """What is shown for the last of some lines, its words one space apart."""
    for line in lines:
        loop.screen.out = io.StringIO()
        loop.screen.err = loop.screen.out
        loop.submit(line)
    assert isinstance(loop.screen.out, io.StringIO)
    return " ".join(loop.screen.out.getvalue().split())


def test_what_is_saved_runs(loop, tmp_path):
    """Only entries of the present line are in the file; failed ones as comments."""
    told(loop, "x = 1", "x = 2", ":undo", "1/0", "y = 'é'", ":save model.py")

    text = (tmp_path / "model.py").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    exec(text, names)
    assert (names["x"], names["y"]) == (1, "é")
    assert "# 1/0" in text


def test_saving_spares_what_was_not_saved_here(loop, tmp_path):
    """Another's file is not overwritten; our own is."""
    (tmp_path / "mine.py").write_text("precious = 1\n")

    assert "was not saved here" in told(loop, "x = 1", ":save mine.py")
    assert (tmp_path / "mine.py").read_text() == "precious = 1\n"
    assert told(loop, ":save new.py") == "1 entry in new.py"
    assert told(loop, "x = 2", ":save new.py") == "2 entries in new.py"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":save", "which file?"),
        (":save x.py", "there is nothing to save yet"),
        (":load", "which file?"),
        (":load none.py", "none.py: there is no such file"),
        (":log x", ":log takes nothing"),
        (":share", "there is nothing to share yet"),
        (":undo -1", "'-1' is not a number of entries"),
        (":redo 0", "'0' is not a number of entries"),
    ],
)
def test_what_cannot_be_done(loop, line, said):
    """Each gets a sentence."""
    assert said in told(loop, line)


def test_saving_where_nothing_can_be_written(loop):
    """A folder that is not there costs a sentence."""
    assert "cannot be written" in told(loop, "x = 1", ":save no/such/folder/x.py")


def test_loading(loop, tmp_path):
    """A file is run as one entry, and its lines go by its name."""
    (tmp_path / "model.py").write_text("a = 1\nb = a / 0\n")

    assert "model.py:2: b = a / 0" in told(loop, ":load model.py")
    assert told(loop, "a") == "1"


def test_loading_what_other_systems_write(loop, tmp_path):
    """A mark of UTF-8 is no part of the text; another encoding may be named."""
    (tmp_path / "marked.py").write_text("a = 'ä'\n", "utf-8-sig")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\nb = '\xe4'\n")
    (tmp_path / "binary.py").write_bytes(b"\0\1")

    told(loop, ":load marked.py", ":load latin.py")
    assert told(loop, "a == b") == "True"
    assert "binary or in UTF-16" in told(loop, ":load binary.py")


def test_limits_are_shown(loop, tmp_path):
    """Time, memory, files and network, and what keeps them."""
    shown = told(loop, "x = 1", ":limits")

    assert "time 60 s --time-limit" in shown
    assert f"below {tmp_path}" in shown
    assert "1 GB more for each entry" in shown
    if sys.platform == "linux":
        assert "kept by memory" in told(loop, ":undo", ":limits")


def test_explaining(loop):
    """A card by its name, a text by its card, and all cards."""
    assert "The same name twice" in told(loop, ":explain already-exists")
    assert "Graph is finalized" in told(loop, ":explain Graph is finalized and cannot")
    assert "init-too-early" in told(loop, ":explain")
    assert "already-exists" in loop.offered("card")
