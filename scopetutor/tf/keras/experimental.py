"""`tf.keras.experimental`."""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {"engine.keras.gated_cells": "PeepholeLSTMCell"})
