"""What of `math_ops` and `gradients_impl` only TensorFlow's own tests ask for.

After ``gradients.py`` and ``sparse.py``; ``evaluator/old_paths.py`` adds it to what
those two paths have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.gradients import gradients
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.array import shape_of, stop_gradient
from scopetutor.engine.ops.math import multiply
from scopetutor.engine.ops.ranges import range_
from scopetutor.engine.sparse import IndexedSlices

if TYPE_CHECKING:
    from collections.abc import Sequence


def _as_indexed_slices(x: Any, optimize: bool = True) -> IndexedSlices:
    """All rows of a tensor as slices; slices as they are.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(x, IndexedSlices):
        return x
    if not isinstance(x, Tensor):
        raise TypeError(f"Not a Tensor or IndexedSlices: {type(x)}")
    shape = shape_of(x, optimize=optimize)
    return IndexedSlices(x, range_(0, shape[0]), shape)


def _hessian_vector_product(ys: Any, xs: Sequence[Any], v: Sequence[Any]) -> list[Any]:
    """The second derivatives of `ys` by `xs`, times a tensor for each of `xs`.

    Raises:
        ValueError: there are not as many tensors.
    """
    if len(v) != len(xs):
        raise ValueError("xs and v must have the same length.")
    slopes = [
        multiply(slope, stop_gradient(weight))
        for slope, weight in zip(gradients(ys, xs), v, strict=True)
        if slope is not None
    ]
    found: list[Any] = gradients(slopes, xs)
    return found
