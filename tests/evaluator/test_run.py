"""An entry's text becomes an outcome, whatever it is."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 + 1", "2"),
        ("x = 1", None),
        ("x = 1\nx", "1"),
        ("x = 2; x", "2"),
        ("None", None),
        ("'a' ;", None),
        ("  5", "5"),
        ("  x = 1\n  x + 1", "2"),
        ("", None),
        ("# nothing", None),
        ("def f():\n  return 3\nf()", "3"),
        ("class R:\n  def __repr__(s): return 'r'\nR()", "r"),
        ("'x' * 200_000", "'" + "x" * 99_999 + "… (200,002 characters)"),
        ("[i for i in range(3)]", "[0, 1, 2]"),
        ("'é' ; # é", None),
    ],
)
def test_what_is_shown(typed, text, shown):
    """The last expression's repr, unless it ends in a semicolon."""
    assert typed.shown(text) == shown


def test_the_last_value_is_kept(typed):
    """As in Python, `_` is what was shown last."""
    typed("6 * 7")
    typed("None")

    assert typed.shown("_ + 1") == "43"


def test_future_statements_hold_on(typed):
    """`from __future__ import …` holds for the entries after it."""
    typed("from __future__ import annotations\nclass A: pass")
    typed("def f(x: nothing): pass")

    assert typed.shown("f.__annotations__") == "{'x': 'nothing'}"


@pytest.mark.parametrize(
    ("text", "ending", "kind"),
    [
        ("1/0", "error", "ZeroDivisionError"),
        ("def f(:", "error", "SyntaxError"),
        ("for i in x:", "incomplete", "IndentationError"),
        ("f(1,", "incomplete", "SyntaxError"),
        ("'''a", "incomplete", "SyntaxError"),
        ("x = 1\0", "error", "SyntaxError"),
        ("-" * 100_000 + "1", "error", "SyntaxError"),
        ("raise KeyboardInterrupt", "interrupted", "KeyboardInterrupt"),
        ("if 1:\nx", "error", "IndentationError"),
    ],
)
def test_what_goes_wrong(typed, text, ending, kind):
    """Errors, unfinished entries and interrupts are told apart."""
    outcome = typed(text)

    assert outcome.ending == ending
    assert outcome.error.type == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [("exit()", 0), ("raise SystemExit(3)", 3), ("raise SystemExit('bye')", 1),
     ("raise SystemExit(257)", 1)],
)  # fmt: skip
def test_leaving(typed, text, code):
    """`sys.exit` is a wish with a code."""
    outcome = typed(f"import sys\n{text}".replace("exit()", "sys.exit()"))

    assert (outcome.ending, outcome.code) == ("exit", code)


def test_only_the_learners_lines(typed):
    """Tracebacks have the learner's lines, of entries, files and modules."""
    folder = typed.program._folder
    with open(f"{folder}/helper.py", "w") as file:
        file.write("import tensorflow as tf\ndef make():\n  tf.get_variable('w')\n")
    typed(f"import sys; sys.path.append({folder!r}); import helper")
    error = typed("def f(): helper.make()\nf()").error

    sites = [
        (frame.site.file, frame.site.line, frame.function) for frame in error.frames
    ]
    assert sites == [("", 2, ""), ("", 1, "f"), ("helper.py", 3, "make")]


def test_files_have_their_names(typed):
    """A file that is run as an entry goes by its own name."""
    error = typed("x = 1\nx / 0", name="model.py").error

    assert (error.frames[0].site.file, error.frames[0].site.line) == ("model.py", 2)
    assert typed("y = 0\n\n1 / y", name="model.py").error.frames[0].site.line == 3


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("number = 1\nnumbr", "Did you mean number?"),
        ("prnt(1)", "Did you mean print?"),
        ("[].apend(1)", "Did you mean append?"),
        ("tf.Variable(1)", "Type this first: import tensorflow as tf"),
        ("np.zeros(3)", "Type this first: import numpy as np"),
        ("import keras", "Keras is in TensorFlow: from tensorflow import keras"),
        (
            "import nowhere.x",
            "It is not installed for the Python that runs scopetutor.",
        ),
        ("def f(width): pass\nf(widht=1)", "Did you mean width?"),
        ("def f(width): pass\nf(other=1)", ""),
        ("import tensorflow as tf\ntf.Varable(1)", ""),  # a note says it
        ("raise AttributeError('x')", ""),
        ("{}['a']", ""),
    ],
)
def test_hints(typed, text, hint):
    """A misspelt name gets the one that was meant."""
    assert typed(text).error.hint == hint


def test_errors_in_chains(typed):
    """Causes and contexts are kept, up to a depth; notes too."""
    error = typed(
        "try:\n  1/0\nexcept ZeroDivisionError as e:\n"
        "  error = ValueError('b')\n  error.add_note('a note')\n  raise error from e"
    ).error
    assert (error.type, error.direct, error.notes) == ("ValueError", True, ("a note",))
    assert error.cause.type == "ZeroDivisionError"

    error = typed("try:\n  1/0\nexcept ZeroDivisionError:\n  [][1]").error
    assert (error.cause.type, error.direct) == ("ZeroDivisionError", False)
    error = typed("try:\n  1/0\nexcept ZeroDivisionError:\n  raise KeyError from None")
    assert error.error.cause is None
    endless = typed("e = ValueError(1)\ne.__cause__ = e\nraise e").error
    depth = 0
    while endless is not None:
        endless, depth = endless.cause, depth + 1
    assert depth == 6


def test_recursion_is_folded(typed):
    """A level that repeats itself stands there once, with a count."""
    error = typed("def f(n): return f(n + 1)\nf(0)").error

    assert len(error.frames) == 2
    assert error.frames[-1].repeated > 100


def test_many_levels_are_cut(typed):
    """The middle of a long traceback is left out."""
    lines = [f"def f{n}(): f{n + 1}()" for n in range(80)] + ["def f80(): 1/0", "f0()"]
    error = typed("\n".join(lines)).error

    assert len(error.frames) == 40


def test_an_error_that_cannot_be_shown(typed):
    """An exception whose text fails costs only its text."""
    error = typed("class E(Exception):\n  def __str__(s): 1/0\nraise E").error

    assert error.type == "E"
    assert "cannot be had" in error.message


def test_the_place_of_a_syntax_error(typed):
    """The columns point at what is wrong in the line as it is shown."""
    error = typed("if 1:\n    x = = 2").error

    assert error.frames[0].site.text == "x = = 2"
    assert error.source == (5, 6)


def test_errors_of_tensorflow_have_its_names(typed):
    """Classes of errors go by the modules that TF 1.15 has them in."""
    typed("import tensorflow as tf\nw = tf.Variable(1.)")
    error = typed("tf.Session().run(w)").error

    assert error.type == (
        "tensorflow.python.framework.errors_impl.FailedPreconditionError"
    )
    assert error.cause is None


def test_words_of_a_prompt(typed, capsys):
    """`exit(3)` leaves with its code, also inside a function; `help` describes."""
    left = typed("def leave():\n    exit(3)\nleave()")
    typed("help(len)")

    assert (left.ending, left.code) == ("exit", 3)
    assert "Return the number of items" in capsys.readouterr().out
