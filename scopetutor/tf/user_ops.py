"""`tf.user_ops`: where operations of one's own would be; there is one, as an example.

From ``engine/ops/clock.py``. TF 1.15 has it under this name only.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(__name__, {"engine.ops.clock": "my_fact"})
