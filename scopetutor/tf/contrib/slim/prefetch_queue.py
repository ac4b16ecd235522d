"""`tf.contrib.slim.prefetch_queue`: a module with one function, of the same name.

From ``engine/contrib/slim/queues.py``: `slim.prefetch_queue.prefetch_queue(...)`.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.queues import prefetch_queue
