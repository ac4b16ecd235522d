"""`tf.contrib.slim.queues`: the threads of queues, running inside a `with`.

From ``engine/contrib/slim/queues.py``; for programs that have no Supervisor to start
them.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.queues import NestedQueueRunnerError, QueueRunners
