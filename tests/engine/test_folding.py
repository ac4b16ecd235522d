"""What a plan leaves out: it must not be missed."""

import numpy as np
import pytest

from scopetutor import tf
from scopetutor.engine.apply import apply


@pytest.fixture(autouse=True)
def graph():
    """A graph of its own."""
    with tf.Graph().as_default() as own:
        yield own


def _types(session, fetches, feeds=None):
    plan = session._compiled(fetches, session._feeds(feeds or {})).plan
    return [step.op.type for step in plan.steps]


def test_what_depends_on_constants_alone_is_computed_once():
    """No step is left, and the value is right."""
    y = tf.reshape(tf.range(6) * 2, [2, 3]) + tf.constant(1)
    with tf.Session() as session:
        assert _types(session, y) == []
        np.testing.assert_array_equal(session.run(y), [[1, 3, 5], [7, 9, 11]])


def test_what_is_fetched_belongs_to_the_program():
    """Changing a fetched constant does not change the next one."""
    y = tf.constant([1.0, 2.0]) * 2.0
    with tf.Session() as session:
        session.run(y)[:] = 0.0

        assert session.run(y).tolist() == [2.0, 4.0]


def test_feeds_are_not_folded_away():
    """A fed constant takes the place of what was folded; what passes it on, copies."""
    x = tf.constant(3.0)
    y = tf.identity(x) * 2.0
    with tf.Session() as session:
        assert session.run(y) == 6.0
        assert session.run(y, {x: 5.0}) == 10.0
        fed = np.array([1.0, 2.0], np.float32)
        same = tf.identity(tf.placeholder(tf.float32, [2], name="p"))
        assert session.run(same, {"p:0": fed}) is not fed


def test_errors_of_constants_come_when_they_run():
    """An operation that must fail is not left out, and fails with its name."""
    y = tf.gather(tf.constant([1.0, 2.0]), tf.constant(5) + 0, name="beyond")
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as e:
        session.run(y)
    assert e.value.op.name == "beyond"


def test_random_numbers_and_large_values_are_made_each_time():
    """They stay steps."""
    random, large = tf.random_uniform([2]), tf.zeros([300, 300]) + tf.ones([300, 300])
    with tf.Session() as session:
        assert session.run(random).tolist() != session.run(random).tolist()
        assert "Add" in _types(session, large)[-1]


def test_sizes_of_variables_that_may_change_are_asked_for():
    """Assigning another shape is seen; sizes known from the graph are not asked for."""
    v = tf.Variable(tf.zeros([2]), validate_shape=False)
    grow = tf.assign(v, tf.ones([5]), validate_shape=False)
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    grow_w = tf.assign(w, tf.ones([3]), validate_shape=False)
    x = tf.placeholder(tf.float32, [4, 3])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run([grow.op, grow_w.op])
        assert session.run(tf.shape(v)).tolist() == [5]
        assert session.run(apply("Shape", w)).tolist() == [3]
        assert _types(session, apply("Shape", x), {x: np.zeros((4, 3))}) == []
