"""`tf.contrib.staging`: `StagingArea`, values put down for the next step.

From ``engine/queues.py``. Benchmarks of GPUs used it to load a batch ahead.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {"engine.queues": "StagingArea"})
