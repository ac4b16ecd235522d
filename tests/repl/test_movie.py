"""`:movie` and `scopetutor trace`: a program line by line, forwards and backwards."""

from __future__ import annotations

import pytest

from scopetutor.evaluator import steps
from scopetutor.repl.movie import _next
from scopetutor.repl.state import State

PROGRAM = """\
import tensorflow as tf
def dense(name):
    with tf.variable_scope(name):
        return tf.get_variable("w", [2])
with tf.variable_scope("net") as scope:
    a = dense("one")
    scope.reuse_variables()
    b = dense("one")
for n in range(2):
    c = a * 2.0
many = [tf.Variable(n) for n in range(5)]
raise KeyError("gone")
"""
WIDE = 100


class Keys:
    """Somebody who presses these keys."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.state = State()

    def read(self, *_: object, **__: object) -> str:
        """The next key, or the end of the input."""
        if not self.keys:
            raise EOFError
        return self.keys.pop(0)


@pytest.fixture
def movie(typed, tmp_path):
    """Shows the movie of a program; the lines on the screen."""

    def shown(text: str) -> list[str]:
        file = tmp_path / "model.py"
        file.write_text(text)
        screen = typed(f":movie {file}", width=WIDE)
        return screen.replace("model.py:", "").split("\n")[1:]

    return shown


def test_each_line_that_runs(movie):
    """Every statement has a frame, in the order they ran, with what it decided."""
    lines = [line.strip().replace("→ ", "") for line in movie(PROGRAM)]
    ran = [line.split()[0] for line in lines if line[:1].isdigit()]
    told = [line for line in lines if not line[:1].isdigit()]

    assert " ".join(ran) == "1 2 5 6 3 4 3 6 7 8 3 4 3 8 5 9 10 9 10 9 11 12"
    assert "opens the variable scope net/one/" in told
    assert "tf.get_variable makes net/one/w:0 (reuse no)" in told
    assert "a is net/one/w:0" in told
    assert "sets the reuse flag of net/" in told
    assert "tf.get_variable finds net/one/w:0, made before (reuse yes)" in told
    assert "leaves net/one/" in told
    assert "n is 0" in told
    assert "makes mul, mul/y" in told or "makes mul/y, mul" in told
    assert "tf.Variable makes 5 variables: Variable:0, Variable_1:0, Variable_2:0" in (
        " ".join(told)
    )
    assert any(line.startswith("raises KeyError: 'gone'") for line in told)


def test_the_scopes_of_each_line(movie):
    """The stack is told where it changes: inside, back outside, with its flags."""
    text = movie(PROGRAM)
    stacks = [line.strip() for line in text if line.strip().startswith("open  ")]
    inside = "open  (root) reuse no  net/ reuse no  net/one/ reuse no"

    assert stacks[0] == "open  (root) reuse no"
    assert stacks[1] == "open  (root) reuse no  net/ reuse no"
    assert stacks[2] == inside
    assert inside.replace("reuse no", "reuse yes").replace("yes", "no", 1) in stacks


def test_values_in_words(movie):
    """What a name is said to be, without calling anything of the learner's."""
    text = " ".join(
        movie(
            "class Own:\n    def __repr__(self): raise SystemExit\n"
            "a = Own()\nb = [1, 2]\nc = len\nd = Own\n_hidden = 1\ne = 'x' * 99\n"
        )
    )

    assert "a is a Own " in text
    assert "b is a list of 2" in text
    assert "c is a function" in text
    assert "d is a class" in text
    assert "_hidden is" not in text
    assert "'xxxxxxxxxxxx...xxxxxxxxxxxxx'" in text


def test_a_long_loop(movie, monkeypatch):
    """Lines are noted up to a number; what is done behind it is told all the same."""
    text = movie(
        "import tensorflow as tf\n"
        f"for n in range({steps.MOST}):\n    n\ntf.Variable(1, name='late')"
    )

    assert sum(" for n in" in line for line in text) == steps.MOST // 2
    assert "tf.Variable makes late:0" in " ".join(text)


def test_stepping_through(typed):
    """Enter goes on, b goes back, a number goes there, q ends; so does the end."""
    assert "nothing has been typed yet" in typed(":movie")
    typed("a = 1\nb = 2", "c = 3")
    loop = typed.loop[0]
    loop.prompt = Keys("", "b", "2", "1", "q", "never read")
    shown = typed(":movie")

    assert [line.split()[0] for line in shown.split("\n") if " of 3 " in line] == [
        "1", "2", "1", "2", "1",
    ]  # fmt: skip
    assert loop.prompt.keys == ["never read"]
    loop.prompt = None


@pytest.mark.parametrize(
    ("key", "frame"),
    [("", 4), ("n", 4), ("b", 2), ("5", 5), ("99", 6), ("x", None)],
)
def test_keys_of_the_movie(key, frame):
    """Where each key leads from the third frame of six."""
    assert _next(key, 3, last=6) == frame


def test_in_a_session_that_is_kept(terminal):
    """The movie runs beside a session that is being written down."""
    screen = terminal("repl")
    screen.until("tf>")
    screen.type("a = 1\r")
    screen.until("moment 1 ")
    screen.type(":movie\r")
    screen.until("1 of 1")
    screen.until("a is 1")
    screen.type("q\r:log\r")

    assert "is open in another terminal" not in screen.until("moment 1")


def test_a_program_that_ends_the_process(movie):
    """Nothing is known of its lines then, and that is said."""
    said = " ".join(" ".join(movie("import os\nos._exit(1)\n")).split())

    assert "The entry ended the process it ran in" in said
    assert "There is no line to run" not in said
