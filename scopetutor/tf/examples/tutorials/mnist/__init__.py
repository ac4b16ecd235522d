"""`tensorflow.examples.tutorials.mnist`: `input_data`, which reads the digits.

Programs import that module from here, or by its whole path.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="input_data")
