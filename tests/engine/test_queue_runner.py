"""Queue runners, on a queue that is only a list."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from scopetutor import tf
from scopetutor.engine import defaults, tf_logging


class Shelf:
    """Stands for a queue: says what was done to it."""

    name = "shelf"

    def close(self, cancel_pending_enqueues: bool = False) -> Any:
        """The operation that closes it."""
        return tf.no_op(name="cancel" if cancel_pending_enqueues else "close")


@pytest.fixture(autouse=True)
def _clean() -> Any:
    defaults.reset_default_graph()
    tf_logging.set_verbosity(tf_logging.FATAL)
    yield
    tf_logging.set_verbosity(tf_logging.WARN)
    defaults.reset_default_graph()


def enqueue(limit: int, error: Exception, seen: list[int]) -> Any:
    """An operation that can be run so many times."""

    def fill() -> Any:
        if len(seen) >= limit:
            raise error
        seen.append(len(seen))

    return tf.py_func(fill, [], [])


def test_a_runner_fills_until_nothing_more_comes() -> None:
    """The end of the data closes the queue, and is no error."""
    seen: list[int] = []
    runner = tf.train.QueueRunner(Shelf(), [enqueue(5, StopIteration(), seen)])
    tf.train.add_queue_runner(runner)
    coordinator = tf.train.Coordinator()

    with tf.Session() as session:
        threads = tf.train.start_queue_runners(session, coordinator)
        assert all(isinstance(thread, threading.Thread) for thread in threads)
        assert [thread.name.rpartition("-")[2] for thread in threads][1:] == [
            "close_on_stop"
        ]
        threads[0].join(10)
        coordinator.request_stop()
        coordinator.join(threads)

    assert seen == [0, 1, 2, 3, 4]
    assert runner.exceptions_raised == []
    assert (runner.name, runner.close_op.name) == ("shelf", "close")


def test_an_error_stops_the_coordinator() -> None:
    """What goes wrong in a thread is raised where threads are joined."""
    runner = tf.train.QueueRunner(Shelf(), [enqueue(1, ValueError("bad"), [])])
    coordinator = tf.train.Coordinator()

    with tf.Session() as session:
        threads = runner.create_threads(session, coordinator, start=True)
        with pytest.raises(tf.errors.InvalidArgumentError, match="bad"):
            coordinator.join(threads)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_without_a_coordinator_errors_are_kept() -> None:
    """They are in `exceptions_raised`; a runner that runs is not started again."""
    go_on = threading.Event()

    def wait() -> int:
        go_on.wait(10)
        raise KeyError("k")

    op = tf.py_func(wait, [], tf.int64).op
    runner = tf.train.QueueRunner(Shelf(), [op])

    with tf.Session() as session:
        threads = runner.create_threads(session, daemon=True, start=True)
        assert runner.create_threads(session) == []
        go_on.set()
        threads[0].join(10)

    assert isinstance(runner.exceptions_raised[0], tf.errors.UnknownError)


def test_wrong_wishes_are_refused() -> None:
    """No queue, no operations, errors that are none of TensorFlow's."""
    with pytest.raises(ValueError, match="Must provide queue and enqueue_ops"):
        tf.train.QueueRunner(Shelf(), [])
    with pytest.raises(TypeError, match=r"must be a tuple of tf\.error types"):
        tf.train.QueueRunner(
            Shelf(), [tf.no_op()], queue_closed_exception_types=(KeyError,)
        )
    with pytest.raises(TypeError, match=r"must be a `tf\.Session` object"):
        tf.train.start_queue_runners(object())


def test_a_looper_needs_a_coordinator_and_something_to_do() -> None:
    """Its arguments belong to its target."""
    with pytest.raises(ValueError, match="must be a Coordinator"):
        tf.train.LooperThread(None, 1)
    with pytest.raises(ValueError, match="require that you also pass 'target'"):
        tf.train.LooperThread(tf.train.Coordinator(), 1, args=(1,))
