"""What `session.run` gives for `tf.get_session_handle`: a tensor that stays there.

Before ``ops/session_tensors.py``, which makes handles and reads by them. TF 1.15: such
a tensor lives in its session until the handle is deleted, or nobody has it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from . import dtypes
from .apply import apply
from .ops.array import placeholder

if TYPE_CHECKING:
    from .graph import Graph

# By graph: the operations that handles added to it, by what they do.
_added: WeakKeyDictionary[Graph, dict[str, Any]] = WeakKeyDictionary()


class TensorHandle:
    """A tensor that is kept in a session.

    Args:
        handle: its name there.
        dtype: of the tensor.
        graph: to which reading and deleting add operations.
        store: the tensors of the session, by their names.
    """

    def __init__(
        self, handle: str, dtype: Any, graph: Graph, store: dict[str, Any]
    ) -> None:
        self._handle = handle
        self._dtype = dtype
        self._graph = graph
        self._store = store
        self._auto_gc_enabled = True

    def __del__(self) -> None:
        if self._auto_gc_enabled:
            self._store.pop(self._handle, None)

    def __str__(self) -> str:
        return self._handle

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        return np.asarray(self._store[self._handle], dtype)

    @property
    def handle(self) -> str:
        """Its name in the session."""
        return self._handle

    def eval(self) -> Any:
        """The tensor's value.

        Raises:
            TypeError: it may have been deleted.
        """
        self._check()
        self._add(
            f"read {reader_key(self._handle)}",
            lambda holder: apply("GetSessionTensor", holder, dtype=self._dtype),
        )
        return self._store[self._handle].copy()

    def delete(self) -> None:
        """Removes the tensor from the session.

        Raises:
            TypeError: it may have been deleted.
        """
        self._check()
        self._auto_gc_enabled = False
        self._add("delete", lambda holder: apply("DeleteSessionTensor", holder))
        del self._store[self._handle]

    def get_raw_handle(self) -> str:
        """Its name; from now on, the tensor stays until it is deleted by that."""
        self._auto_gc_enabled = False
        return self._handle

    def _check(self) -> None:
        if not self._auto_gc_enabled:
            raise TypeError(
                f"Persistent tensor {self._handle} may have already been deleted."
            )

    def _add(self, what: str, make: Any) -> None:
        """Adds what TF 1.15 runs for it to the graph, once."""
        known = _added.setdefault(self._graph, {})
        if what not in known:
            with self._graph.as_default(), self._graph.device(device_of(self._handle)):
                known[what] = make(placeholder(dtypes.string))


def device_of(handle: Any) -> str:
    """The device that a handle's name ends with."""
    text = handle.decode() if isinstance(handle, bytes) else str(handle)
    return text.split(";")[-1]


def reader_key(handle: str) -> str:
    """Which handles are read by one operation."""
    parts = handle.split(";")
    return f"{parts[0]};{parts[-1]}"
