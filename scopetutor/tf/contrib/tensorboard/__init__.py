"""`tf.contrib.tensorboard`: nothing but the way to `plugins.projector`.

Modules of TF 1.15 are reached as attributes, so every one on the way needs a file.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="plugins")
