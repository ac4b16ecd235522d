"""`tf.keras.utils`, in part: labels as one-hot rows, and arrays that are normalized.

Before a model, in plain NumPy: labels are made one-hot before `fit` is given them.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def to_categorical(
    y: Any, num_classes: int | None = None, dtype: Any = "float32"
) -> Any:
    """Classes' numbers as one-hot rows.

    Args:
        y: numbers from 0.
        num_classes: how many there are; None: one more than the largest.
        dtype: of the rows.
    """
    y = np.array(y, dtype="int")
    shape = y.shape
    if shape and shape[-1] == 1 and len(shape) > 1:
        shape = shape[:-1]
    flat = y.ravel()
    count = num_classes or int(np.max(flat)) + 1
    rows = np.zeros((len(flat), count), dtype=dtype)
    rows[np.arange(len(flat)), flat] = 1
    return rows.reshape((*shape, count))


def normalize(x: Any, axis: int = -1, order: int = 2) -> Any:
    """An array whose vectors along an axis have the length 1."""
    length = np.atleast_1d(np.linalg.norm(x, order, axis))
    length[length == 0] = 1
    return x / np.expand_dims(length, axis)
