"""`tf.estimator.inputs`: `numpy_input_fn`, arrays as the input of an estimator.

From ``engine/estimator/numpy_input.py``. TF 1.15 also has one for pandas.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__, {"engine.estimator.numpy_input": "numpy_input_fn"}
)
