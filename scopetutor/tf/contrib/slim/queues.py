"""`tf.contrib.slim.queues`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.queues import NestedQueueRunnerError, QueueRunners
