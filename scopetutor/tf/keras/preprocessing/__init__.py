"""`tf.keras.preprocessing`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="sequence text")
