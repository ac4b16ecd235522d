"""A learner who knows the answer never loses to a bracket or a quote."""

from __future__ import annotations

import pytest

from scopetutor.course.answers import (
    chosen,
    line_number,
    numbered,
    same_answer,
    says_error,
)
from scopetutor.course.source import is_program

SAME = [
    ("a/w:0", "a/w:0"),
    ("'a/w:0'", "a/w:0"),
    ("`a/w:0`", "a/w:0"),
    ('"a/w:0"', "a/w:0"),
    ("(2, 3)", "[2,3]"),
    ("2, 3", "(2, 3)"),
    ("(3,)", "[3]"),
    ("[[1, 2], [3, 4]]", "[[1 2]\n [3 4]]"),
    ("1.", "1.0"),
    ("1", "1.0"),
    ("3e-1", "0.3"),
    ("true", "True"),
    ("yes", "True"),
    ("对", "True"),
    ("否", "False"),
    ("nothing", "None"),
    ("无", "None"),
    ("valueerror", "ValueError"),
    ("tf.errors.NotFoundError", "NotFoundError"),
    ("an error", "ValueError"),
    ("it fails", "ValueError"),
    ("报错", "ValueError"),
    ("(?, 3)", "(None, 3)"),
    ("()", "[]"),
]
OTHER = [
    ("a/w", "a/w:0"),
    ("A/w:0", "a/w:0"),
    ("a_w:0", "a/w:0"),
    ("[1, 2]", "[[1, 2]]"),
    ("(2, 3)", "(3, 2)"),
    ("3", "[3]"),
    ("1", "True"),
    ("False", "True"),
    ("", "None"),
    ("TypeError", "ValueError"),
    ("typeerror", "ValueError"),
    ("ValueError", "a/w:0"),
    ("[1]", "[]"),
]


@pytest.mark.parametrize(("answer", "truth"), SAME)
def test_the_same(answer: str, truth: str):
    """Written in another way."""
    assert same_answer(answer, truth)


@pytest.mark.parametrize(("answer", "truth"), OTHER)
def test_not_the_same(answer: str, truth: str):
    """What tells a right answer from a wrong one is never smoothed away."""
    assert not same_answer(answer, truth)


@pytest.mark.parametrize(
    ("answer", "letters"),
    [
        ("a", "a"),
        ("A)", "a"),
        ("b, c", "bc"),
        ("bc", "bc"),
        ("a and c", "ac"),
        ("a 和 c", "ac"),
        ("2", "b"),
        ("9", None),
        ("z", None),
        ("az", None),
        ("", None),
    ],
)
def test_letters(answer: str, letters: str | None):
    """Of a choice between a, b and c."""
    wanted = None if letters is None else frozenset(letters)

    assert chosen(answer, "abc") == wanted


@pytest.mark.parametrize(
    ("answer", "order"),
    [
        ("2 1 3", (2, 1, 3)),
        ("2,1,3", (2, 1, 3)),
        ("213", (2, 1, 3)),
        ("2 1", None),
        ("1 1 2", None),
        ("1 2 4", None),
        ("x", None),
    ],
)
def test_orders(answer: str, order: tuple[int, ...] | None):
    """Of three pieces."""
    assert numbered(answer, 3) == order


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("3", 3),
        ("line 3", 3),
        ("第 3 行", 3),
        ("none", 0),
        ("没有", 0),
        ("2 or 3", None),
    ],
)
def test_lines(answer: str, line: int | None):
    """The number of a line, or none."""
    assert line_number(answer) == line


def test_errors_in_plain_words():
    """Someone who does not know the class can still say that it fails."""
    assert says_error("raises an error.")
    assert says_error("KeyError")
    assert not says_error("w:0")


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("v = tf.Variable(1)", True),
        ("print(v.name)", True),
        ("tf.global_variables()", True),
        ("sess.run(v)", True),
        ("with tf.Session(): pass", True),
        ("v", False),
        ("tf.float32", False),
        ("array([1, 2])", False),
        ('Tensor("add:0", shape=(), dtype=float32)', False),
        ("w: 3", False),
        ("<tf.Variable 'w:0'>", False),
        ("(2, 3)", False),
        ("# nothing", False),
    ],
)
def test_programs_among_predictions(text, program):
    """A program is told from what a program may print."""
    assert is_program(text) is program
