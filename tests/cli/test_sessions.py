"""Sessions are kept, listed and gone on with; limits are options of the prompt."""

from __future__ import annotations

import pytest

from scopetutor.workspace import journals
from scopetutor.workspace.client import Options, Workspace


@pytest.fixture
def kept(say) -> str:
    """The name of a session with two entries."""
    with Workspace(Options(journal=journals.new_path())) as workspace:
        workspace.run("x = 41")
        workspace.run("y = [x] * 2")
        assert workspace.options.journal is not None
        return workspace.options.journal.stem


def test_going_on(say, kept):
    """--resume takes the last session, or the one that is named."""
    first = say("repl", "--resume", typed="x += 1\n")
    second = say("repl", "--resume", kept, typed="x, y\n:log\n")

    assert first.code == 0
    assert f"{kept}: moment 2, after 2 entries" in first.out
    assert "(42, [41, 41])" in second.out
    assert "entry 3" in second.out


def test_the_list(say, kept):
    """--list shows name, size and last entry."""
    said = say("repl", "--list")

    assert said.code == 0
    assert said.out.splitlines()[1].split("\t")[::2] == [kept, "2"]
    assert said.out.endswith("y = [x] * 2\n")


def test_nothing_to_go_on_with(say):
    """An empty folder and a wrong name each get a sentence."""
    assert "no session has been kept" in say("repl", "--list").out
    said = say("repl", "--resume")
    assert (said.code, "no session has been kept" in said.err) == (2, True)


def test_a_wrong_name(say, kept):
    """The hint says how to see the right ones."""
    said = say("repl", "--resume", "other")

    assert said.code == 2
    assert "there is no session 'other'" in said.err
    assert "scopetutor repl --list" in said.err


def test_a_name_without_resume(say):
    """A file's name is not taken for a session's."""
    said = say("repl", "model.py")

    assert (said.code, "-i model.py" in said.err) == (2, True)


def test_limits(say, tmp_path):
    """The options say what entries may do, and :limits shows it."""
    said = say(
        "repl", "--time-limit", "0.3", "--memory-limit", "300M", "--allow-network",
        "--allow-files", str(tmp_path),
        typed=f":limits\nwhile True: pass\n\nopen(r'{tmp_path}/made', 'w').write('x')\n"
        "import socket; socket.create_server(('127.0.0.1', 0)).close()\n",
    )  # fmt: skip

    shown = " ".join(said.out.split())
    assert "time 0.3 s" in shown
    assert "memory 300 MB" in shown
    assert f"writing files {tmp_path}" in shown
    assert "network allowed" in shown
    assert "Stopped after 0.3 s, the limit." in shown
    assert (tmp_path / "made").read_text() == "x"
    assert "Error" not in said.err.replace("KeyboardInterrupt", "")


@pytest.mark.parametrize("size", ["many", "-1", "1X"])
def test_sizes_that_are_none(say, size):
    """What is no size is refused before anything starts."""
    said = say("repl", f"--memory-limit={size}")

    assert (said.code, "is no size" in said.err) == (2, True)
