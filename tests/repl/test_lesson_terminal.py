"""Lessons in a real pseudo terminal: stopping, leaving, going on."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture
def lesson(terminal):
    """The first lesson, at the step that asks for a program."""

    def start(**how):
        opened = terminal("learn", "first-variable", **how)
        opened.until("Enter goes on")
        opened.type("\r")
        opened.until("Type your program")
        opened.until("first-variable 2/8")
        return opened

    return start


def test_stopping_an_answer(lesson):
    """Ctrl-C ends a program that does not end; the lesson asks again, the same step."""
    screen = lesson()
    screen.type("\r")
    screen.until("Type an answer; `skip` goes on")
    screen.type("while True: pass\r\r")
    screen.until("Ctrl-C stops it")
    screen.type("\x03")
    screen.until("KeyboardInterrupt", seconds=5)
    screen.settle()
    screen.type('\x15counter = tf.Variable(3, name="counter")\r')

    screen.until(lambda text: "✓" in text and "Enter goes on." in text)


def test_stopping_what_is_tried(terminal):
    """Where nothing is asked, Ctrl-C stops what is tried as well."""
    screen = terminal("learn", "first-variable")
    screen.until("Enter goes on")
    screen.type("while True: pass\r\r")
    screen.until("Ctrl-C stops it")
    screen.type("\x03")
    screen.until("KeyboardInterrupt", seconds=5)
    screen.type("6 * 7\r")

    screen.until("\n42\n")


def test_suspending_a_lesson(lesson):
    """Ctrl-Z and `fg` come back to the line that was being typed."""
    screen = lesson()
    screen.type("counter = 1")
    screen.until("counter = 1")
    screen.type("\x1a")
    screen.settle()
    screen.program.kill(signal.SIGCONT)
    screen.type("2\r")

    screen.until("counter = 12")
    screen.until("The variable `counter:0` is missing")


def test_leaving_a_lesson(lesson, terminal):
    """Ctrl-C drops the line, Ctrl-D leaves; next time it is the same step."""
    screen = lesson()
    screen.type("half a li\x03")
    screen.settle()
    screen.type("\x04")
    assert screen.end() == 0

    terminal("learn").until("Make one")


def test_a_lesson_in_a_window_that_shrinks(lesson):
    """After the window has become narrow, the next step keeps to it."""
    screen = lesson(columns=100)
    screen.resize(40, 24)
    screen.settle()
    screen.type("skip\r")
    text = screen.until("3/8")

    assert all(len(line) <= 40 for line in text.split("\n"))


def test_putting_a_program_aside(terminal):
    """Ctrl-C gives a line for `hint`; `edit` brings the program back as it was."""
    screen = terminal("learn", "initial-values/mend-it")
    screen.until("`edit` takes it up")
    screen.until("tf> ")
    screen.settle()
    screen.type("# half mended")
    screen.until("# half mended")
    screen.type("\x03")
    screen.until("Put aside")
    screen.type("hint\r")
    screen.until("Hint 1 of")
    screen.type("edit\r")
    screen.until(lambda text: "# half mended" in text[text.rfind("tf> edit") :])


def test_a_long_program_waits(terminal):
    """It would hide what is said of it; `edit` takes it up."""
    screen = terminal("learn", "five-bugs/mend-all")
    screen.until("five-bugs 5/6")
    screen.until(lambda text: "tf>" in text and "...     print(" not in text)
    screen.type("edit\r")
    screen.until("...     print(")


def test_trying_what_is_asked(terminal):
    """In the sandbox the program of a question stands on the line; Enter runs it."""
    screen = terminal("learn", "unique-names/1")
    screen.until("unique-names 1/7")
    screen.type("sandbox\r")
    screen.until("... print(y.name)")
    screen.type("\r")
    screen.until("\nx_scalar_1:0\n")
    screen.type(":quit\r")
    screen.until("unique-names 1/7")
