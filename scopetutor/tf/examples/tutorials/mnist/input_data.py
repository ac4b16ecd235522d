"""`tensorflow.examples.tutorials.mnist.input_data`: the digits of the first tutorial.

`input_data.read_data_sets("MNIST_data/", one_hot=True)` is how most people met
TensorFlow. From ``engine/mnist.py``, which downloads nothing.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(__name__, {"engine.mnist": "read_data_sets"})
