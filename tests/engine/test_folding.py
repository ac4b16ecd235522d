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


# name: an operation that fails when it runs
FAILING = {
    "reshape": lambda x: tf.reshape(x, [7]),
    "gather": lambda x: tf.gather(x, tf.cast(x[:1] + 90, tf.int32)),
    "floordiv": lambda x: tf.cast(x, tf.int32) // tf.cast(x - x, tf.int32),
    "slice": lambda x: tf.slice(x, [3], [5]),
    "text": lambda x: tf.string_to_number(tf.as_string(x) + "z"),
}
# The same, of those that TF 1.15 runs even if nobody takes what they give.
CHECKING = {
    "check_numerics": lambda x: tf.check_numerics(x / 0.0, "bad"),
    "assert": lambda x: tf.Assert(x[0] > 90, [x]),
    "py_func": lambda x: tf.py_func(lambda value: 1 / 0, [x], tf.float32),
    "placeholder": lambda x: tf.placeholder(tf.float32) + x,
    "uninitialized": lambda x: tf.Variable(1.0) + x,
    "uninitialized resource": lambda x: tf.get_variable("v", [], use_resource=True) + x,
}
FED = [1.0, 2.0, 3.0, 4.0]


def _after(make):
    """A placeholder, an operation, and a value that waits for it without taking it."""
    x = tf.placeholder(tf.float32, name="x")
    op = make(x)
    with tf.control_dependencies([op]):
        return x, op, x * 2.0 + 1.0


@pytest.mark.parametrize("name", FAILING)
def test_what_nobody_takes_is_not_computed(name):
    """TF 1.15: such an operation does not fail, but does when it is run itself."""
    x, op, y = _after(FAILING[name])
    with tf.Session() as session:
        assert session.run(y, {x: FED}).tolist() == [3.0, 5.0, 7.0, 9.0]
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run([y, op.op], {x: FED})


@pytest.mark.parametrize("name", CHECKING)
def test_checks_and_changes_are_made_if_nobody_takes_them(name):
    """TF 1.15: what has effects runs, and what reads a variable."""
    x, _, y = _after(CHECKING[name])
    with tf.Session() as session, pytest.raises(tf.errors.OpError):
        session.run(y, {x: FED})


def test_what_it_waits_for_still_runs_first():
    """An operation that is not computed keeps its place between two others."""
    v = tf.Variable(1.0)
    changed = tf.assign(v, 5.0)
    with tf.control_dependencies([changed]):
        between = tf.constant([1.0, 2.0]) * 2.0 + tf.random_uniform([])
    with tf.control_dependencies([between]):
        read = v + 0.0
    with tf.Session() as session:
        session.run(v.initializer)

        assert session.run(read) == 5.0
        types = _types(session, read)
        assert "RandomUniform" in types  # the generator goes on
        assert "Mul" not in types


def test_what_nobody_takes_in_a_branch_and_in_a_loop():
    """It is left out there, too, and what waits for it is as dead as it would be."""
    x = tf.placeholder(tf.float32, name="x")

    def fails(value):
        with tf.control_dependencies([tf.reshape(value, [7])]):
            return value + 1.0

    branch = tf.cond(x[0] > 0.0, lambda: fails(x), lambda: x - 1.0)
    loop = tf.while_loop(lambda i, _: i < 3, lambda i, v: (i + 1, fails(v)), (0, x))
    with tf.Session() as session:
        assert session.run(branch, {x: FED}).tolist() == [2.0, 3.0, 4.0, 5.0]
        assert session.run(branch, {x: [-1.0]}).tolist() == [-2.0]
        assert session.run(loop[1], {x: FED}).tolist() == [4.0, 5.0, 6.0, 7.0]
