"""`scopetutor open` runs what was shared in a strict box."""

from __future__ import annotations

import os

import pytest

from scopetutor.workspace.timeline import Moment
from scopetutor.workspace.token import token


def shared(*texts: str) -> str:
    """The token of some entries."""
    return token([Moment(n, n - 1, text, n) for n, text in enumerate(texts, 1)], 7)


def test_a_token_runs(say):
    """The entries are shown as typed, with what came of them."""
    said = say("open", shared("x = 41", "x + 1"))

    assert said.code == 0
    assert said.out.splitlines() == ["tf> x = 41", "tf> x + 1", "42"]


def test_random_numbers_are_those_of_the_one_who_shared(say):
    """Two openings of a token show the same numbers."""
    made = shared("import random, tensorflow as tf", "random.random()",
                  "tf.Session().run(tf.random_normal([2]))")  # fmt: skip

    assert say("open", made).out == say("open", made).out


def test_what_a_session_shares(say):
    """`:share` gives a word that opens to the same values."""
    told = say("repl", typed="import random\nr = random.random()\nr\n:share\n")
    number, made = told.out.split()[:2]
    opened = say("open", made)

    assert opened.code == 0
    assert opened.out.splitlines()[-1] == number


def test_the_box_is_strict(say, tmp_path, monkeypatch):
    """Nothing of the one who opens it can be read, written or reached."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("treasure")
    texts = [
        "open('secret').read()", "open('evil', 'w')", "import socket; socket.socket()",
        "import os; os.system('echo evil')", ":quit", "x?",
    ]  # fmt: skip
    said = say("open", shared(*texts))

    assert said.code == 1
    assert "treasure" not in said.out
    assert said.err.count("Error: ") == len(texts) - 1  # os.system only gives a code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret"]


def test_only_the_source(say):
    """--source prints the entries and runs nothing."""
    said = say("open", "--source", shared("x = 1", "1/0"))

    assert (said.code, said.out) == (0, "x = 1\n\n1/0\n")


def test_only_the_source_on_a_terminal(say, monkeypatch):
    """Who looks before running is not shown what the source's escapes make of it."""
    hidden = shared("evil()  \x1b[1A\x1b[2Knice()")
    assert "\x1b" in say("open", "--source", hidden).out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    said = say("open", "--source", hidden)

    assert "\x1b" not in said.out
    assert "evil()  ␛[1A␛[2Knice()" in said.out


def test_files_and_input(say, tmp_path):
    """A file with a token, a Python file, and input through a pipe are opened, too."""
    (tmp_path / "token.txt").write_text(f"{shared('6 * 7')}\n")
    (tmp_path / "model.py").write_text("a = 6\nb = 7\na * b\n")

    assert say("open", str(tmp_path / "token.txt")).out.endswith("42\n")
    assert say("open", str(tmp_path / "model.py")).out.endswith("42\n")
    assert say("open", "-", typed="a = 42\na\n").out.endswith("42\n")


def test_an_entry_that_leaves_ends_it(say):
    """After sys.exit nothing more is run."""
    said = say("open", shared("raise SystemExit", "print('more')"))

    assert "more" not in said.out.splitlines()
    assert "asks to leave" in said.out


@pytest.mark.parametrize(
    ("what", "code", "problem"),
    [
        ("sct1-AAAA", 1, "this token is damaged"),
        ("sct9-AAAA", 1, "from a newer scopetutor"),
        ("no/such/file", 2, "there is no file 'no/such/file'"),
        (".", 2, "cannot be read"),
        (os.devnull, 2, "there is nothing in it to run"),
        ("", 1, "a token begins with sct1-"),
    ],
)
def test_what_cannot_be_opened(say, what, code, problem):
    """Each gets one sentence and its exit code."""
    said = say("open", what)

    assert said.code == code
    assert problem in said.err


def test_a_huge_file_is_refused(say, tmp_path):
    """What is too large to have been shared is not even read."""
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 30)
    said = say("open", str(tmp_path / "huge"))

    assert (said.code, "too large" in said.err) == (2, True)
