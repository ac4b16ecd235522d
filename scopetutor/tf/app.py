"""`tf.app`."""

from __future__ import annotations

from . import flags  # noqa: F401 - `tf.app.flags` is `tf.flags`
from .later import later

__getattr__, __dir__ = later(__name__, {"engine.app": "run"})
