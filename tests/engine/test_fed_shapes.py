"""What a plan for certain shapes gives is what the plan for any shapes gives."""

import threading

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine.fed_shapes import OFTEN


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own."""
    with tf.Graph().as_default() as own:
        yield own


def _special(session, fetches, feeds):
    """The plans that were made for certain shapes."""
    compiled = session._compiled(fetches, session._feeds(feeds))
    return compiled.by_shapes._plans


def _net(rows):
    """A small net with sums over axes that are only known when it runs."""
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [rows, 3])
    w = tf.get_variable("w", [3, 2])
    centred = tf.matmul(x, w) * tf.cast(tf.shape(x)[0], tf.float32)
    centred -= tf.reduce_mean(centred, 0, keepdims=True)
    noise = tf.random_normal(tf.shape(centred), stddev=0.1)
    loss = tf.reduce_sum(tf.square(centred + noise) * tf.reshape(x[:, 0], [-1, 1]))
    return x, loss, tf.train.AdamOptimizer(0.01).minimize(loss)


def _trained(rows, batches):
    with tf.Graph().as_default(), tf.Session() as session:
        x, loss, step = _net(rows)
        session.run(tf.global_variables_initializer())
        losses = [session.run([loss, step], {x: batch})[0] for batch in batches]
        feeds = {x: batches[0]}
        if rows is None:
            assert any(_special(session, [loss, step], feeds).values())
        return losses


def test_training_gives_the_same_numbers():
    """Also random ones: those of an unknown number of rows, and of a known one."""
    batches = np.random.default_rng(0).random((3 * OFTEN, 4, 3), np.float32)

    np.testing.assert_array_equal(_trained(None, batches), _trained(4, batches))


def test_each_of_several_shapes_gets_what_is_right_for_it():
    """Batches of two sizes in turn, and later one that never came before."""
    x = tf.placeholder(tf.float32, [None, 2])
    fetches = [tf.shape(x), tf.reduce_sum(x * tf.ones([1, 2]), 1), tf.reshape(x, [-1])]
    fetches.append(tf.gradients(tf.reduce_mean(x * [[1.0, 2.0]]), x)[0])
    with tf.Session() as session:
        for rows in [2, 3] * (OFTEN + 2) + [5, 2]:
            value = np.arange(rows * 2, dtype=np.float32).reshape(rows, 2)
            shape, sums, flat, slope = session.run(fetches, {x: value})

            np.testing.assert_array_equal(shape, [rows, 2])
            np.testing.assert_array_equal(sums, value.sum(1))
            np.testing.assert_array_equal(flat, value.reshape(-1))
            np.testing.assert_allclose(
                slope, np.tile(np.float32([[0.5, 1.0]]) / rows, (rows, 1))
            )
            shape[0] = 99  # what a program does with its values is its own affair
        assert len(_special(session, fetches, {x: value})) == 2


def test_the_graph_keeps_the_shapes_it_had():
    """Tensors have other shapes only while a plan is made."""
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.exp(x) + 1.0
    anything = tf.placeholder(tf.float32)
    with tf.Session() as session:
        for _ in range(OFTEN + 1):
            session.run([y, anything], {x: np.zeros((4, 2)), anything: 1.0})
        assert any(
            _special(session, [y, anything], {x: [[0, 0]], anything: 1}).values()
        )

    assert y.shape.as_list() == x.shape.as_list() == [None, 2]
    assert anything.shape.ndims is None


def test_values_may_decide_about_shapes():
    """As many rows in, as often as one likes; not always as many out."""
    x = tf.placeholder(tf.float32, [None])
    positive = tf.boolean_mask(x, x > 0)
    different, _ = tf.unique(x)
    fetches = [tf.shape(positive)[0], tf.reduce_sum(positive), tf.size(different)]
    with tf.Session() as session:
        for run in range(2 * OFTEN):
            value = np.float32([1, -1, run % 3, 2])
            count, total, distinct = session.run(fetches, {x: value})

            assert count == (value > 0).sum()
            assert total == value[value > 0].sum()
            assert distinct == len(set(value.tolist()))


def test_shapes_that_do_not_go_together_are_an_error_in_each_run():
    """The rules for shapes refuse a plan; the run says what is wrong, as always."""
    x, y = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
    total = tf.add(x, y, name="total")
    with tf.Session() as session:
        for _ in range(OFTEN + 2):
            with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[2\] vs. \[3"):
                session.run(total, {x: [1, 2], y: [1, 2, 3]})
        assert list(_special(session, total, {x: [1], y: [1]}).values()) == [None]
        np.testing.assert_array_equal(session.run(total, {x: [1], y: [2]}), [3])

    assert x.shape.as_list() == total.shape.as_list() == [None]


def test_sequences_of_any_length():
    """Shapes that come once make no plans, and are forgotten."""
    x = tf.placeholder(tf.float32, [None])
    total = tf.reduce_sum(x * tf.cast(tf.size(x), tf.float32))
    with tf.Session() as session:
        for length in range(1, 250):
            value = np.ones(length, np.float32)
            assert session.run(total, {x: value}) == length * length
        by_shapes = session._compiled(total, session._feeds({x: value})).by_shapes

        assert not by_shapes._plans
        assert len(by_shapes._times) <= 100


def test_errors_of_a_plan_for_certain_shapes_name_the_operation():
    """And what does not depend on it is done all the same."""
    x = tf.placeholder(tf.int32, [None])
    counter = tf.get_variable("counter", [], tf.int32, tf.zeros_initializer())
    counted = tf.assign_add(counter, tf.size(x))
    row = tf.gather(tf.constant([1.0, 2.0]), x * tf.ones_like(x), name="lookup")
    with tf.Session() as session:
        session.run(counter.initializer)
        for _ in range(OFTEN + 1):
            session.run([row, counted], {x: [0, 1]})
        with pytest.raises(tf.errors.InvalidArgumentError, match="not in") as caught:
            session.run([row, counted], {x: [0, 7]})

        assert any(_special(session, [row, counted], {x: [0, 1]}).values())
        assert caught.value.op is row.op
        assert session.run(counter) == 2 * (OFTEN + 2)


def test_no_plan_is_made_beside_another_thread():
    """Which could take the shapes of a moment for those of the graph."""
    x = tf.placeholder(tf.float32, [None])
    total = tf.reduce_sum(x)
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    with tf.Session() as session:
        thread.start()
        for _ in range(OFTEN + 5):
            session.run([total], {x: [1.0, 2.0]})
        beside = dict(_special(session, [total], {x: [1.0]}))
        ends.set()
        thread.join()
        session.run([total], {x: [1.0, 2.0]})

        assert not beside
        assert _special(session, [total], {x: [1.0]})
