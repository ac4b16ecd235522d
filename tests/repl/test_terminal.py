"""The prompt in a real pseudo terminal, key by key."""

from __future__ import annotations

import re
import signal

import pytest

SCOPE = 'with tf.variable_scope("enc"):\rw = tf.get_variable("w", [2, 3])\r\r'


@pytest.fixture
def prompt(terminal):
    """A prompt where TensorFlow has been imported."""

    def start(**how):
        opened = terminal("repl", **how)
        opened.until("tf>")
        opened.type("import tensorflow as tf\r")
        opened.until("moment 1 ")
        return opened

    return start


def test_an_entry_of_several_lines(prompt):
    """Blocks indent themselves; an empty line runs them; the change is drawn."""
    screen = prompt()
    screen.type(SCOPE)
    text = screen.until("entry 2\n")

    assert '...     w = tf.get_variable("w", [2, 3])' in text
    assert "└── + w   enc/w:0   float32_ref (2, 3)" in text
    assert "moment 2 · (root) reuse no · 1 variable · graph" in screen.until("moment 2")


def test_the_menu(prompt):
    """Names, and the names of scopes inside quotes, are offered while one types."""
    screen = prompt()
    screen.type(SCOPE)
    screen.until("moment 2")
    screen.type("tf.get_vari")
    menu = screen.until("get_variable_scope")
    assert re.search(r"get_variable +function", menu)
    screen.type("\t\t")
    screen.until("tf> tf.get_variable")
    screen.type("\x03tf.variable_scope('en")
    screen.until(lambda text: re.search(r"enc/? +scope", text) is not None)
    screen.type("\x03:gr")
    assert "what feeds what" in screen.until("what feeds what")


def test_signature(prompt):
    """Inside a call, the line below tells its parameters."""
    screen = prompt()
    screen.type("tf.get_variable('w', ")

    assert "get_variable(name, shape=None, dtype=None" in screen.until("shape=None")


def test_paste(prompt):
    """A pasted transcript is stripped of its prompts and waits for Enter."""
    screen = prompt()
    screen.type(
        "\x1b[200~>>> def f():\n...     return 6 * 7\n...\n>>> f()\n42\x1b[201~"
    )
    text = screen.until("return 6 * 7")
    assert ">>>" not in text
    screen.type("\x1b\r")
    assert "\n42\n" in screen.until("moment 2")


def test_interrupt_and_leave(prompt):
    """Ctrl-C drops a line and stops a loop; Ctrl-D leaves with 0."""
    screen = prompt()
    screen.type("half a li\x03")
    screen.until(lambda text: text.count("tf>") == 3)
    screen.type("kept = 1\rwhile True: pass\r\r")
    screen.until("Ctrl-C stops it")
    screen.type("\x03")
    screen.until("KeyboardInterrupt")
    screen.type("kept\r")
    screen.until("\n1\n")
    screen.type("\x04")

    assert screen.end() == 0


def test_interrupt_a_movie(terminal, nobody):
    """Ctrl-C stops a program that is stepped through; its lines so far are there.

    On a machine so busy that it has not begun within a second, it does not begin.
    """
    (nobody / "model.py").write_text("x = 1\nwhile True: x += 1\n")
    screen = terminal("trace", str(nobody / "model.py"))
    screen.until("Ctrl-C stops it")
    screen.type("\x03")
    text = screen.until(lambda text: "movie>" in text or "Stopped" in text)
    if "movie>" in text:
        screen.type("q\r")

    assert screen.end() == 1


def test_suspend(prompt):
    """Ctrl-Z stops the program as in a shell; it goes on with what was typed."""
    screen = prompt()
    screen.type("6 * 7")
    screen.until("6 * 7")
    screen.type("\x1a")
    screen.settle()
    screen.program.kill(signal.SIGCONT)
    screen.type("\r")

    screen.until("\n42\n")


def test_resize(prompt):
    """After the window has become narrower, drawings keep to it."""
    screen = prompt(columns=100)
    screen.type("print('x' * 90)\r")
    screen.until("x" * 90)
    screen.resize(40, 20)
    screen.settle()
    screen.type(SCOPE)
    screen.until("moment 3")
    screen.type(":vars\r")
    text = screen.until("1 variable\n")

    assert all(len(line) <= 40 for line in text.split("\n"))
    assert "trainable yes" in text


@pytest.mark.parametrize("columns", [40, 200])
def test_narrow_and_wide(prompt, columns):
    """Forty columns are enough, and two hundred are used."""
    screen = prompt(columns=columns)
    screen.type(SCOPE)
    screen.until("enc/w:0")
    screen.type(":help\r")
    text = screen.until("leave")

    assert "Ask, set, leave" in text


def test_the_tree_beside_the_prompt(prompt):
    """F2 shows the tree, F3 goes into it: fold, search, and back to typing."""
    screen = prompt(columns=100)
    screen.type(SCOPE)
    screen.until("moment 2")
    screen.type("\x1bOQ")
    screen.until("1 variable · F3 folds, searches")
    screen.until("▾ enc/")
    screen.type("\x1bOR")
    screen.until("type to search")
    screen.type("\r")
    screen.until("▸ enc/")
    screen.type("\r")
    screen.until("▾ enc/")
    screen.type("/zzz")
    screen.until(" /zzz ")
    screen.type("\x1b")
    screen.until(lambda text: "/zzz" not in text and "▾ enc/" in text)
    screen.type("\x1bOR1 + 1\r")

    screen.until("\n2")


def test_wide_characters(prompt):
    """Chinese text is typed, printed and indented by its two cells."""
    screen = prompt()
    screen.type("print('变量作用域', 1)\r")

    screen.until("\n变量作用域 1\n")


def test_history(prompt, terminal):
    """Entries come back with Up and by their letters with Ctrl-R, also next time."""
    screen = prompt()
    screen.type("alpha = 11\r")
    screen.until("moment 2")
    screen.type("beta = 22\r")
    screen.until("moment 3")
    screen.type("\x12apha\r")
    screen.until(lambda text: text.count("tf> alpha = 11") == 2)
    screen.type("\x03\x04")
    screen.end()

    again = terminal("repl")
    again.until("tf>")
    again.until("moment 0")
    again.type("\x1b[A")
    again.until("tf> beta = 22")


def test_vi_keys(prompt):
    """F4 changes to vi keys, and the toolbar says so."""
    screen = prompt()
    screen.type("\x1bOS")
    screen.until("vi insert")
    screen.type("42\x1b")
    screen.until("vi navigation")
    screen.type("0i6 * \r")

    screen.until("\n252")


def test_editor(prompt, nobody):
    """Ctrl-X Ctrl-E edits the entry in the editor that is set."""
    editor = nobody / "editor.sh"
    editor.write_text('#!/bin/sh\necho "6 * 7" > "$1"\n')
    editor.chmod(0o755)
    screen = prompt(VISUAL=str(editor), EDITOR=str(editor))
    screen.type("1\x18\x05")
    screen.until("tf> 6 * 7")


def test_no_colour(prompt):
    """NO_COLOR leaves the drawings and takes every colour away."""
    screen = prompt(NO_COLOR="1")
    screen.type(SCOPE)
    screen.until("└── + w")

    colors = re.findall(rb"\x1b\[([0-9;]*)m", screen.raw)
    told = {part for color in colors for part in color.split(b";")}
    assert not told & {b"%d" % n for n in (*range(30, 39), *range(40, 49))}


def test_light_theme(prompt, nobody):
    """The colours of the light theme are those that arrive on the screen."""
    (nobody / "home" / "config.toml").write_text('theme = "light"\n')
    screen = prompt(COLORTERM="truecolor")
    screen.type(SCOPE)
    screen.until("└── + w")

    assert b"38;2;0;104;75" in screen.raw  # created: #00684b


def test_plain(terminal):
    """--plain prints and reads lines; the cursor never moves back."""
    screen = terminal("repl", "--plain")
    screen.until("tf>")
    screen.type("import tensorflow as tf\r")
    screen.type('tf.get_variable("w", [2])\r')
    text = screen.until("new w, w:0")
    screen.type(":quit 3\r")

    assert "└" not in text
    assert screen.end() == 3
    assert b"\x1b[2K" not in screen.raw
    assert b"\x1b[A" not in screen.raw


def test_dumb_terminal(terminal):
    """TERM=dumb gets no escape sequence at all."""
    screen = terminal("repl", TERM="dumb")
    screen.until("tf>")
    screen.type("1 + 1\r")
    screen.until("\n2")
    screen.type(":quit\r")
    screen.end()

    assert b"\x1b" not in screen.raw


def test_a_lesson(terminal):
    """From nothing to the first right answer: two keys and one line."""
    screen = terminal("learn")
    screen.until("Enter goes on")
    screen.type("\r")
    screen.until("Make one")
    screen.type('counter = tf.Variable(3, name="counter")\r')

    assert "✓" in screen.until(lambda text: "✓" in text and "Enter goes on." in text)
