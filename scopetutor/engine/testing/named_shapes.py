"""Shapes by the names that `tensorflow.python.framework.tensor_shape` once had.

After ``shapes.py``. TF 1.15 warns of each: `TensorShape([])` says the same.
"""

from __future__ import annotations

from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.shapes import TensorShape

_MODULE = "tensorflow.python.framework.tensor_shape"


@deprecated("scalar", _MODULE, "Use tf.TensorShape([]).")
def scalar() -> TensorShape:
    """The shape of a scalar."""
    return TensorShape([])


@deprecated("vector", _MODULE, "Use tf.TensorShape([length]).")
def vector(length: int | None) -> TensorShape:
    """The shape of a vector."""
    return TensorShape([length])


@deprecated("matrix", _MODULE, "Use tf.TensorShape([rows, cols]).")
def matrix(rows: int | None, cols: int | None) -> TensorShape:
    """The shape of a matrix."""
    return TensorShape([rows, cols])
