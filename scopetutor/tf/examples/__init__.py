"""`tf.examples`: the way to the digits of MNIST.

Programs import `tensorflow.examples.tutorials.mnist.input_data`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="tutorials")
