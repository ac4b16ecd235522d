"""`tensorflow.examples.tutorials`: of TensorFlow's tutorials, the one on MNIST.

Here for the path of its import alone.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {}, submodules="mnist")
