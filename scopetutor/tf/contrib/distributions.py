"""`tf.contrib.distributions`: here, the names it shares with `tf.distributions`."""

from __future__ import annotations

from scopetutor.tf.distributions import NAMES
from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, NAMES)
