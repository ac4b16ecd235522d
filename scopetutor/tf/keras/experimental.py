"""`tf.keras.experimental`: `PeepholeLSTMCell`.

From ``engine/keras/gated_cells.py``, beside `LSTMCell`. What else TF 1.15 has here is
not here.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {"engine.keras.gated_cells": "PeepholeLSTMCell"})
