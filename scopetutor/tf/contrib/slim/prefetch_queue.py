"""`tf.contrib.slim.prefetch_queue`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.queues import prefetch_queue
