"""`tf.user_ops`."""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(__name__, {"engine.ops.clock": "my_fact"})
