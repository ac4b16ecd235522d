"""`tf.keras.preprocessing`: texts and sequences as arrays, before a model.

`image` of TF 1.15, which reads folders of pictures, is not here.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="sequence text")
