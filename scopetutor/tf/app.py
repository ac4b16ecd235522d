"""`tf.app`: `tf.app.run()`, the last line of many a script of its time.

From ``engine/app.py``. TF 1.15 has the flags here a second time, as `tf.app.flags`.
"""

from __future__ import annotations

from . import flags  # noqa: F401 - `tf.app.flags` is `tf.flags`
from .later import later

__getattr__, __dir__ = later(__name__, {"engine.app": "run"})
