"""Objects that stand for a tensor or an operation of a graph, and are another object.

After operation. A program can make a tensor by hand, `tf.Tensor(op, 0, dtype)`; and TF
1.15 gives some results wrapped, to say if they are never used (``should_use``). What
enters a graph or a session is the graph's own object: `itself` finds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dtypes
from .operation import Operation, Tensor

if TYPE_CHECKING:
    from .shapes import Dims, TensorShape

wrappers: set[type] = set()
"""The classes of wrapped results; each has the true object in `_true_value`."""


class TensorByHand(Tensor):
    """A tensor that a program made: an output of an operation, once more."""

    __slots__ = ()

    @property
    def _dims(self) -> Dims:  # type: ignore[override]
        return self._op._outputs[self._index]._dims

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape of the operation's output."""
        return self._op._outputs[self._index].shape

    def set_shape(self, shape: Any) -> None:
        """Adds to what is known of the shape of the operation's output."""
        self._op._outputs[self._index].set_shape(shape)

    def consumers(self) -> list[Operation]:
        """The operations that take the operation's output."""
        return self._op._outputs[self._index].consumers()


def made_by_hand(tensor: Tensor, op: Any, value_index: int, dtype: Any) -> None:
    """Makes a new tensor one that was made by hand.

    Raises:
        TypeError: it is no operation, or no type.
    """
    if not isinstance(op, Operation):
        raise TypeError(f"op needs to be an Operation: {op}")
    tensor._op, tensor._index = op, value_index
    tensor._dtype = dtypes.as_dtype(dtype)
    tensor.__class__ = TensorByHand


def itself(item: Any) -> Any:
    """The graph's own tensor or operation for one; anything else as it is."""
    kind = type(item)
    if kind in wrappers:
        return object.__getattribute__(item, "_true_value")
    if kind is TensorByHand:
        return item._op._outputs[item._index]
    return item
