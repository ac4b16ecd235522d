"""What a run still does after one of its operations failed, as TensorFlow 1.15.5 does.

The counts were taken from TensorFlow: each is the same in every one of its runs.
"""

import pytest

from scopetutor import tf


@pytest.fixture
def counted():
    """A session, a variable without a value, and a counter with its increment."""
    with tf.Graph().as_default(), tf.Session() as session:
        empty = tf.get_variable("empty", [2])
        counter = tf.get_variable("c", [], initializer=tf.zeros_initializer())
        session.run(counter.initializer)
        yield session, empty, counter, tf.assign_add(counter, 1.0)


def fails(session, fetches):
    """A run that raises an error."""
    with pytest.raises(tf.errors.OpError):
        session.run(fetches)


@pytest.mark.parametrize("turned", [False, True])
def test_what_does_not_depend_on_a_failed_operation_is_run(counted, turned):
    """The counter counts, wherever it stands among the fetches."""
    session, empty, counter, count = counted
    for _ in range(3):
        fails(session, [count, empty] if turned else [empty, count])
    assert session.run(counter) == 3


def test_what_depends_on_a_failed_operation_is_not_run(counted):
    """Neither by an input nor by a control input, however long the way is."""
    session, empty, counter, _ = counted
    total = tf.reduce_sum(empty)
    by_input = tf.assign_add(counter, tf.identity(total) * 0.0 + 1.0)
    with tf.control_dependencies([total]):
        by_control = tf.assign_add(counter, 1.0)
    with tf.control_dependencies([tf.group(by_control)]):
        last = tf.assign_add(counter, 1.0)
    fails(session, [by_input, last])
    assert session.run(counter) == 0


def test_of_several_errors_the_first_is_said(counted):
    """The second failure takes along what depends on it."""
    session, empty, counter, count = counted
    other = tf.get_variable("other", [])
    beside = tf.assign_add(counter, other)
    fails(session, [empty, beside, count])
    assert session.run(counter) == 1


def test_a_run_that_is_one_function_goes_on_too(counted):
    """After many runs a plan is compiled; a failure in it is no different."""
    session, _, counter, count = counted
    limited = tf.get_variable("n", [], tf.int32, tf.zeros_initializer())
    session.run(limited.initializer)
    doubled = tf.identity(count) * 2.0
    fetches = [tf.count_up_to(limited, 10), doubled]
    for _ in range(10):
        session.run(fetches)
    fails(session, fetches)
    assert session.run([limited, counter]) == [10, 11]
