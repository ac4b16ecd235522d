"""`:graph` of a whole program: as much of it as the screen has room for."""

from __future__ import annotations

import pytest

NET = """\
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 4], "x")
def net():
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [4, 2])
        return tf.nn.relu(tf.matmul(x, w))
loss = tf.reduce_mean(tf.square(net() - net()), name="loss")
"""
TRAIN = "train = tf.train.AdamOptimizer().minimize(loss)"


def test_what_fits_is_drawn_whole(typed):
    """A small graph is drawn with all its boxes, and nothing is said of it."""
    typed(NET)
    text = typed(":graph")

    assert "│      net/MatMul" in text
    assert "left out" not in text
    assert "folded" not in text


def test_training_is_left_out_first(typed):
    """Gradients, slots and updates go first; what computes the loss stays whole."""
    typed(NET, TRAIN)
    text = typed(":graph")

    assert "╭" in text
    assert "net_1/MatMul" in text
    assert "gradients" not in text
    assert "Adam" not in text
    assert "training is left out; :graph NAME shows one part" in text


def test_scopes_are_folded_next(typed):
    """On a narrow screen a scope is one box that says what it holds."""
    typed(NET, TRAIN)
    text = typed(":graph", width=56)

    assert "net/" in text
    assert "1 variable, 2 operations" in text
    assert "constants are left out, scopes are folded" in " ".join(text.split())
    assert all(len(line) <= 56 for line in text.split("\n"))


@pytest.mark.parametrize(("plain", "listed"), [(False, False), (True, True)])
def test_the_list(typed, plain, listed):
    """What cannot be drawn is listed; plain text always lists everything."""
    typed(NET, TRAIN)
    text = typed(":graph", width=20, plain=plain)

    assert "╭" not in text
    assert "net_1/MatMul" in text
    assert ("gradients/Fill" in text) is listed
    assert ("too wide to be drawn" in " ".join(text.split())) is not listed


def test_a_graph_around_a_name_of_ones_own(typed):
    """A name stands for its variable or its tensor's operation; others for nothing."""
    typed(
        "import tensorflow as tf",
        "weight = tf.get_variable('w', [2])",
        "scaled = tf.multiply(weight, 2., name='twice')",
    )

    assert "twice" in typed(":graph scaled")
    assert typed(":graph weight").split()[3:] == typed(":graph w").split()[3:]
    assert "no operation 'tf'" in typed(":graph tf")
    assert "no operation 'nothing'" in typed(":graph nothing")
