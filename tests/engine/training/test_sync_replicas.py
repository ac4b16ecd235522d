"""`SyncReplicasOptimizer` with its hook, and where it is not taken."""

import pytest

from scopetutor import tf


def test_slim_training_refuses_it():
    """slim.learning.train names what to use in its place."""
    with tf.Graph().as_default():
        optimizer = tf.train.SyncReplicasOptimizer(
            tf.train.GradientDescentOptimizer(0.1), replicas_to_aggregate=1
        )
        step = tf.train.create_global_step()
        loss = tf.square(tf.get_variable("w", []))
        train = optimizer.minimize(loss, global_step=step)

        with pytest.raises(NotImplementedError, match="make_session_run_hook"):
            tf.contrib.slim.learning.train(
                train, None, number_of_steps=1, sync_optimizer=optimizer
            )


def test_the_hook_of_the_chief_initializes_and_starts_the_steps():
    """Steps are made by the queue runner while the worker waits for tokens."""
    with tf.Graph().as_default():
        optimizer = tf.train.SyncReplicasOptimizer(
            tf.train.GradientDescentOptimizer(0.1), replicas_to_aggregate=1
        )
        step = tf.train.create_global_step()
        w = tf.get_variable("w", [], initializer=tf.ones_initializer())
        train = optimizer.minimize(tf.square(w), global_step=step)
        hook = optimizer.make_session_run_hook(is_chief=True)
        hook.begin()
        coordinator = tf.train.Coordinator()
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            hook.after_create_session(session, coordinator)
            for _ in range(9):
                session.run(train)
            assert session.run(step) >= 3
            assert session.run(w) < 0.6
            coordinator.request_stop()
        coordinator.join(stop_grace_period_secs=5, ignore_live_threads=True)
