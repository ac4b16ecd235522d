"""What runs first where the graph leaves it open."""

from __future__ import annotations

import pytest

from scopetutor import tf


@pytest.fixture(autouse=True)
def _new_graph() -> None:
    tf.reset_default_graph()


def test_a_step_is_counted_before_its_rate_is_computed() -> None:
    """TF 1.15: of two that read the step, the sum goes on to the assignment at once."""
    step = tf.train.get_or_create_global_step()
    rate = tf.cast(tf.cast(step, tf.int32), tf.float32) / 10.0
    seen = tf.get_variable("seen", [], initializer=tf.zeros_initializer())
    both = tf.group(seen.assign(rate * 1.0), step.assign(step + 1))

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(both)
        assert session.run(seen) == pytest.approx(0.1)


def test_what_is_computed_alike_is_computed_once() -> None:
    """TF 1.15: two descents by one gradient see the same value of the variable."""
    w = tf.get_variable("w", [], initializer=tf.ones_initializer())
    loss = w**2
    descent = tf.train.GradientDescentOptimizer(0.1)
    both = [descent.minimize(loss), descent.minimize(loss)]

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(both)
        assert session.run(w) == pytest.approx(1 - 2 * 0.2)


def test_a_loss_with_a_penalty_is_read_before_the_step() -> None:
    """Fetched beside its training step, a loss is that of the variables before it."""
    w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
    loss = tf.reduce_sum(tf.tanh(w)) + 0.5 * tf.nn.l2_loss(w)
    train = tf.train.AdamOptimizer(0.1).minimize(loss)

    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(loss)
        assert session.run([train, loss])[1] == pytest.approx(before)
