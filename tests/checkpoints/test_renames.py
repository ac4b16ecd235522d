"""Guesses which missing name is which extra one."""

import random

import pytest

from scopetutor.checkpoints.contents import described
from scopetutor.checkpoints.renames import propose


def sides(missing, extra):
    """Tensors as `propose` wants them; a name alone is a float32 of shape (2, 3)."""

    def side(names):
        pairs = names if isinstance(names, dict) else dict.fromkeys(names, (2, 3))
        return described({name: ("float32", shape) for name, shape in pairs.items()})

    return side(missing), side(extra)


# wanted, in the file: pairs that belong together
RIGHT = {
    "prefix gone": [("net/w", "model/net/w"), ("net/b", "model/net/b")],
    "prefix new": [("model/net/w", "net/w"), ("model/net/b", "net/b")],
    "scope renamed": [("net/w", "old/w"), ("net/b", "old/b"), ("net/x/w", "old/x/w")],
    "numbers moved": [
        ("dense/kernel", "dense_3/kernel"),
        ("dense_1/kernel", "dense_4/kernel"),
        ("dense_2/kernel", "dense_5/kernel"),
    ],
    "weights": [("fc/kernel", "fc/weights"), ("fc/bias", "fc/biases")],
    "cells": [
        ("rnn/basic_lstm_cell/kernel", "RNN/BasicLSTMCell/Linear/Matrix"),
        ("rnn/basic_lstm_cell/bias", "RNN/BasicLSTMCell/Linear/Bias"),
    ],
    "deep cells": [
        (
            f"rnn/multi_rnn_cell/cell_{i}/basic_lstm_cell/kernel",
            f"RNN/MultiRNNCell/Cell{i}/BasicLSTMCell/Linear/Matrix",
        )
        for i in range(3)
    ],
    "gru": [
        ("rnn/gru_cell/gates/kernel", "rnn/gru_cell/gates/weights"),
        ("rnn/gru_cell/candidate/kernel", "rnn/gru_cell/candidate/weights"),
    ],
    "average": [("w", "w/ExponentialMovingAverage")],
    "objects": [
        ("d/kernel", "model/d/kernel/.ATTRIBUTES/VARIABLE_VALUE"),
        ("e/kernel", "model/e/kernel/.ATTRIBUTES/VARIABLE_VALUE"),
    ],
    "slots with their weights": [
        ("a/w", "b/w"),
        ("a/w/Adam", "b/w/Adam"),
        ("a/w/Adam_1", "b/w/Adam_1"),
    ],
}


@pytest.mark.parametrize("pairs", RIGHT.values(), ids=RIGHT)
def test_the_right_name_is_found(pairs):
    """Every wanted name gets its own, with all of them of one shape."""
    missing, extra = sides([new for new, _ in pairs], [old for _, old in pairs])

    found = propose(missing, extra)

    assert {(one.new, one.old) for one in found} == set(pairs)
    assert min(one.confidence for one in found) >= 0.6
    assert all(one.reasons for one in found)


def test_shapes_and_types_must_agree():
    """A name that fits is nothing without its shape."""
    missing, extra = sides({"m/w": (2, 3)}, {"w": (3, 2)})

    assert propose(missing, extra) == []


def test_many_names_make_one_change_surer():
    """A scope that explains ten names is believed more than one that explains one."""
    few = propose(*sides(["m/a"], ["a", "b"]))
    many = propose(*sides([f"m/{c}" for c in "abcdefghij"], list("abcdefghij")))

    assert many[0].confidence > few[0].confidence > 0.6


def test_equally_good_guesses_say_so():
    """Two that fit as well halve the confidence, and the reason tells."""
    (only,) = propose(*sides(["c/w"], ["a/w", "b/w"]))

    assert only.confidence < 0.6
    assert "1 others would fit as well" in only.reasons


def test_a_slot_is_no_weight():
    """What an optimizer left is not taken for a weight of the same shape."""
    missing, extra = sides(["other"], ["w", "w/Adam"])
    extra = tuple(entry for entry in extra if entry.name == "w/Adam")

    assert propose(missing, extra) == []


def test_nothing_is_used_twice():
    """Each tensor of the file is at most one wanted name."""
    missing, extra = sides(["a/x/w", "b/x/w", "c/x/w"], ["x/w"])

    assert len(propose(missing, extra)) == 1


def test_thousands_of_names_are_soon_compared():
    """Five thousand names under another scope, in any order, find each other."""
    names = [f"block_{i // 50}/layer_{i % 50}/kernel" for i in range(5000)]
    shuffled = random.Random(1).sample(names, len(names))

    found = propose(*sides([f"model/{name}" for name in shuffled], names))

    assert len(found) == 5000
    assert all(one.new == f"model/{one.old}" for one in found)
