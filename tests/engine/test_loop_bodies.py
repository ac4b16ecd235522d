"""Bodies of loops that run often do what they did before they became one function."""

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine import loop_bodies

MANY = 3 * loop_bodies._OFTEN


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own."""
    with tf.Graph().as_default() as own:
        yield own


def test_every_iteration_counts():
    """Loop variables of several kinds, an array of tensors, gradients through all."""
    count = tf.placeholder(tf.int32, [])
    x = tf.get_variable("x", initializer=[1.0, 2.0])
    rows = tf.TensorArray(tf.float32, count)

    def body(i, a, rows):
        b = tf.tanh(a * 0.5 + x) * 0.25
        return i + 1, a * 0.99 + b, rows.write(i, tf.reduce_sum(b) + a[0])

    begin = 0, tf.zeros([2]), rows
    _, last, rows = tf.while_loop(lambda i, *_: i < count, body, begin)
    fetches = [last, rows.stack(), tf.gradients(tf.reduce_sum(last), x)[0]]
    with tf.Session() as session:
        session.run(x.initializer)
        for length in (1, 3, MANY, 2):
            a, slope, sums = np.zeros(2), np.zeros(2), []
            for _ in range(length):
                b = np.tanh(a * 0.5 + [1, 2]) * 0.25
                sums.append(b.sum() + a[0])
                slope = slope * 0.99 + (0.25 - 4 * b * b) * (slope * 0.5 + 1)
                a = a * 0.99 + b
            found = session.run(fetches, {count: length})

            np.testing.assert_allclose(found[0], a, 1e-4)
            np.testing.assert_allclose(found[1], sums, 1e-4)
            np.testing.assert_allclose(found[2], slope, 1e-4)


def test_branches_and_loops_in_a_body():
    """What is not computed in an iteration is asked for in each."""

    def inner(i, total):
        even = tf.equal(i % 2, 0)
        more = tf.cond(even, lambda: total + i * 2 + 1 - 1, lambda: total - i * 1)
        again = tf.while_loop(
            lambda j, _: j < 3, lambda j, t: (j + 1, t + j), [0, more]
        )
        return i + 1, again[1]

    total = tf.while_loop(lambda i, _: i < MANY, inner, [0, 0])[1]
    expected = sum((i * 2 if i % 2 == 0 else -i) + 3 for i in range(MANY))
    with tf.Session() as session:
        assert session.run(total) == expected
        assert session.run(total) == expected


@pytest.mark.parametrize("bad", [2, MANY - 2])
def test_an_error_names_its_operation_early_and_late(bad):
    """Also where the body is one function."""
    table = tf.placeholder(tf.float32, [None])
    counted = tf.get_variable("counted", [], initializer=tf.zeros_initializer())

    def body(i, total):
        row = tf.gather(table, i, name="lookup")
        return i + 1, total + row * 2.0 + 1.0 - tf.exp(row * 0.0)

    result = tf.while_loop(lambda i, _: i < MANY, body, [0, 0.0])[1]
    with tf.Session() as session:
        session.run(counted.initializer)
        assert session.run(result, {table: np.ones(MANY)}) == 2 * MANY
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run([result, counted.assign_add(1.0)], {table: np.ones(bad)})

        assert f"indices = {bad} is not in [0, {bad})" in str(caught.value)
        assert caught.value.op.name == "while/lookup"
        assert session.run(counted) == 1.0
