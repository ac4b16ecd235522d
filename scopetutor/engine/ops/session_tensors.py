"""`tf.get_session_handle` and its kind: tensors that stay in a session between runs.

After tensor_handles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import colocate_with, device
from scopetutor.engine.tensor_handles import TensorHandle, device_of

from . import rules
from .array import placeholder
from .io import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State

_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
_STORE = "session tensors"


def get_session_handle(data: Any, name: str | None = None) -> Any:
    """What keeps a tensor in the session; a run gives a handle of it.

    Raises:
        TypeError: it is no tensor.
    """
    if not isinstance(data, Tensor):
        raise TypeError("`data` must be of type Tensor.")
    with colocate_with(data):
        return apply("GetSessionHandle", data, name=name)


def get_session_tensor(
    handle: Any, dtype: Any, name: str | None = None
) -> tuple[Any, Any]:
    """A placeholder of a handle's name, and the tensor that is kept under it."""
    with device(device_of(handle)):
        holder = placeholder(dtypes.string)
        return holder, apply("GetSessionTensor", holder, dtype=dtype, name=name)


def delete_session_tensor(handle: Any, name: str | None = None) -> tuple[Any, Any]:
    """A placeholder of a handle's name, and what deletes the tensor under it."""
    with device(device_of(handle)):
        holder = placeholder(dtypes.string)
        return holder, apply("DeleteSessionTensor", holder, name=name)


# -- the operations --------------------------------------------------------------------


def _store_of(state: State) -> dict[str, Any]:
    store: dict[str, Any] = state.resources.setdefault(_STORE, {})
    return store


def _keeping(op: Operation, state: State) -> Callable[[Any], TensorHandle]:
    store, counts = _store_of(state), state.resources.setdefault(f"{_STORE} made", [0])
    dtype = op._attrs["T"]

    def kernel(value: Any) -> TensorHandle:
        handle = f"{op._name};{counts[0]};{_DEVICE}"
        counts[0] += 1
        store[handle] = np.array(value)
        return TensorHandle(handle, dtype, op._graph, store)

    return kernel


def _reading(op: Operation, state: State) -> Callable[[Any], Any]:
    store = _store_of(state)

    def kernel(handle: Any) -> Any:
        found = store.get(text_of(handle))
        if found is None:
            raise InvalidArgumentError(
                None,
                None,
                f"The tensor with handle '{text_of(handle)}' is not in the session "
                "store.",
            )
        return found

    return kernel


def _deleting(op: Operation, state: State) -> Callable[[Any], None]:
    store = _store_of(state)

    def kernel(handle: Any) -> None:
        if store.pop(text_of(handle), None) is None:
            raise InvalidArgumentError(
                None,
                None,
                f"Failed to delete a tensor with handle '{text_of(handle)}' in the "
                "session store.",
            )

    return kernel


define("GetSessionHandle", shape=rules.scalar, bind=_keeping, gradient=None)
define("GetSessionTensor", shape=rules.unknown, bind=_reading, gradient=None)
define("DeleteSessionTensor", shape=rules.no_outputs, bind=_deleting, gradient=None)
