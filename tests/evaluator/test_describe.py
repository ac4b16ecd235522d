"""Short texts are made without running any code of the learner's."""

from __future__ import annotations

import numpy as np
import pytest

from scopetutor.evaluator import describe


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (1.5, "1.5"),
        ("a" * 300, "'" + "a" * 118 + "…"),
        (10**1000, "<int of 3,322 bits>"),
        ([1, (2,), {"a": {3}}], "[1, (2,), {'a': {3}}]"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, … 20 in all]"),
        ([[[[1]]]], "[[[[…]]]]"),
        (range(3), "range(0, 3)"),
        (len, "<built-in len>"),
        (describe.short, "<function short>"),
        ([].append, "<built-in append>"),
        (np, "<module numpy>"),
        (np.array([1.0, 2.0]), "<array float64 (2,): [1. 2.]>"),
        (np.array([None, 1]), "<array object (2,)>"),
        (int, "<class 'int'>"),
        (object(), "<object object>"),
        (frozenset([1]), "frozenset({1})"),
    ],
)
def test_texts(value, text):
    """Python's and NumPy's own values by their contents, others by their type."""
    assert describe.short(value) == text


def test_nothing_of_the_learners_is_run():
    """A class with a dangerous repr is told by its name."""

    class Dangerous:
        def __repr__(self) -> str:
            raise AssertionError

    assert describe.short(Dangerous()).endswith("Dangerous object>")
    assert "Dangerous object>" in describe.short([Dangerous()])


@pytest.mark.parametrize(
    ("value", "low", "high", "bins"),
    [
        (np.arange(10.0), 0.0, 9.0, (1,) * 10),
        (np.array([1, 1, 5]), 1.0, 5.0, (2, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        (np.array([np.nan, 2.0, np.inf]), 2.0, 2.0, ()),
        (np.array([np.nan]), None, None, ()),
        (np.array(["a"], dtype=object), None, None, ()),
        (np.array([]), None, None, ()),
        (np.array(3.0), 3.0, 3.0, ()),
    ],
)
def test_values(value, low, high, bins):
    """Low, high and the distribution of finite numbers."""
    view = describe.value_view(1, value)

    assert (view.low, view.high, view.bins) == (low, high, bins)


def test_no_value():
    """A variable that holds nothing says so."""
    assert not describe.value_view(1, None).initialized


def test_rows_of_names():
    """Of many names the first are listed."""
    assert describe.listed(["a", "b"]) == "a, b"
    assert describe.listed(list("abcdefgh")) == "a, b, c, d, e and 3 more"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tf.zeros_initializer()", "zeros"),
        ("tf.constant_initializer(2.)", "constant(value=2.0)"),
        (
            "tf.random_normal_initializer(stddev=.1)",
            "random_normal(mean=0.0, stddev=0.1)",
        ),
        ("tf.ones([2])", "ones:0"),
        ("tf.zeros_initializer", "zeros"),
        ("[1, 2]", "[1, 2]"),
        ("describe_me", "describe_me"),
    ],
)
def test_initializers(typed, text, said):
    """A recipe reads as the learner would write it."""
    typed("import tensorflow as tf\ndef describe_me(shape, **k): pass")
    typed(f"recipe = {text}")

    assert describe.initializer(typed.program.evaluator.names["recipe"]) == said
