"""The operation that changes the contrast of images.

After math. TF 1.15: each channel of each image has its own mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.registry import define

from . import rules

if TYPE_CHECKING:
    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[1]._dims, 0)
    return [rules.at_least_rank(op._inputs[0]._dims, 3)]


def _kernel(images: Array, factor: Array) -> Array:
    mean = images.mean(axis=(-3, -2), keepdims=True, dtype=images.dtype)
    result: Array = ((images - mean) * factor + mean).astype(images.dtype, copy=False)
    return result


define("AdjustContrastv2", shape=_shape, kernel=_kernel, gradient="")
