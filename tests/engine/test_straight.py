"""Plans that run often: compiled into one function, they do what they did before."""

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine.fed_shapes import OFTEN


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own."""
    with tf.Graph().as_default() as own:
        yield own


def _plan(session, fetches, feeds):
    return session._compiled(fetches, session._feeds(feeds))


def test_a_plan_gives_the_same_before_and_after_it_is_compiled():
    """Variables, several outputs, constants and feeds: every run is as the first."""
    x = tf.placeholder(tf.float32, [None, 4])
    w = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer())
    one, two = tf.split(tf.matmul(x, w) * 2.0, [1, 2], axis=1)
    fetches = [tf.reduce_sum(one, 1), tf.unstack(two, axis=1)[1], tf.shape(x)]
    feeds = {x: np.arange(8.0).reshape(2, 4)}
    with tf.Session() as session:
        session.run(w.initializer)
        first = session.run(fetches, feeds)
        for _ in range(OFTEN + 2):
            again = session.run(fetches, feeds)
            for expected, found in zip(first, again, strict=True):
                np.testing.assert_array_equal(expected, found)

        assert _plan(session, fetches, feeds).straight is not None


def test_training_goes_on_when_the_step_is_compiled():
    """Each run changes the variable, also after the change to one function."""
    w = tf.get_variable("w", initializer=1.0)
    step = tf.train.GradientDescentOptimizer(0.5).minimize(w * w * 0.5)
    with tf.Session() as session:
        session.run(w.initializer)
        for count in range(1, 2 * OFTEN):
            session.run(step)
            assert session.run(w) == pytest.approx(0.5**count)


@pytest.mark.parametrize("warm", [1, OFTEN + 3])
def test_errors_name_the_operation_before_and_after(warm):
    """An error of a compiled plan has the operation and the sizes in its message."""
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    total = tf.exp(tf.add(x * 2.0, y, name="culprit"))
    table = tf.get_variable("table", [2, 2], initializer=tf.ones_initializer())
    row = tf.gather(table, tf.cast(x, tf.int32), name="lookup")
    with tf.Session() as session:
        session.run(table.initializer)
        for _ in range(warm):
            session.run([total, row], {x: [1.0], y: [2.0]})
        with pytest.raises(tf.errors.InvalidArgumentError) as caught:
            session.run([total, row], {x: [1.0, 0.0], y: [1.0, 2.0, 3.0]})
        assert "Incompatible shapes: [2] vs. [3]" in str(caught.value)
        assert caught.value.op.name == "culprit"
        with pytest.raises(tf.errors.InvalidArgumentError, match="not in") as caught:
            session.run([total, row], {x: [7.0], y: [1.0]})
        assert caught.value.op.name == "lookup"
        assert session.run(total, {x: [0.0], y: [0.0]}) == [1.0]
