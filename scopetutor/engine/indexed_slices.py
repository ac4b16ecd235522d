"""What gradients do with IndexedSlices: make them alike, and add them up.

After sparse, where the class is. A sum of IndexedSlices is all their rows one after the
other; that rows of one index are to be added is left to whoever uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dtypes
from .operation import Tensor
from .ops import array, gathering, joining, math
from .sparse import IndexedSlices

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_slices(value: Any, *, optimize: bool = True) -> IndexedSlices:
    """A tensor as IndexedSlices of all its rows; IndexedSlices as they are."""
    if isinstance(value, IndexedSlices):
        return value
    if not isinstance(value, Tensor):
        raise TypeError(f"Not a Tensor or IndexedSlices: {type(value)}")
    sizes = array.shape_of(value, optimize=optimize)
    return IndexedSlices(value, math.range_(0, sizes[0]), sizes)


def all_as_slices(
    values: Sequence[Any], *, optimize: bool = True
) -> list[IndexedSlices]:
    """Tensors and IndexedSlices as IndexedSlices whose indices are of one type."""
    slices = [as_slices(value, optimize=optimize) for value in values]
    narrow = [s for s in slices if s.indices.dtype == dtypes.int32]
    if not narrow or len(narrow) == len(slices):
        return slices
    return [_widened(s) if s in narrow else s for s in slices]


def _widened(slices: IndexedSlices) -> IndexedSlices:
    indices = math.cast(slices.indices, dtypes.int64)
    return IndexedSlices(slices.values, indices, slices.dense_shape)


def _flattened(slices: IndexedSlices) -> IndexedSlices:
    """Slices of slices as slices of the whole."""
    if not isinstance(slices.values, IndexedSlices):
        return slices
    inner = _flattened(slices.values)
    indices = gathering.gather(slices.indices, inner.indices)
    return IndexedSlices(inner.values, indices, slices.dense_shape)


def summed(grads: Sequence[Any]) -> Any:
    """The sum of IndexedSlices; a tensor, if one of them is one. None is left out."""
    given = [grad for grad in grads if grad is not None]
    if any(isinstance(grad, Tensor) for grad in given):
        return math.add_n(given)
    slices = [_flattened(part) for part in all_as_slices(given)]
    return IndexedSlices(
        joining.concat([part.values for part in slices], axis=0),
        joining.concat([part.indices for part in slices], axis=0),
        slices[0].dense_shape,
    )
