"""Loops whose condition and body are functions, and the lists their gradients need.

``while_functions.py`` makes them. What a gradient needs of each iteration is put on a
list that is one of the loop's values; the loop of the gradient takes it off again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant, value_of
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define

from .called_branches import _promised

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State


def _loop(op: Operation, state: State) -> Callable[..., Any]:
    from scopetutor.engine.branch_functions import (  # noqa: PLC0415 - built on ops
        functions_of,
    )

    outputs = len(op._outputs)
    # A gradient made later lets the operation give more.
    test, body = state.resources.setdefault(
        (op._name, "loop", outputs),
        [function.caller() for function in functions_of(op, ("cond", "body"))],
    )

    def kernel(*values: Any) -> Any:
        found: Sequence[Any] = values
        while test(found)[0]:
            found = body(found)
        return found[0] if outputs == 1 else tuple(found)

    return kernel


def _gradient(op: Operation, *grads: Any) -> list[Any]:
    from scopetutor.engine import while_gradients  # noqa: PLC0415 - built on ops

    return while_gradients.gradients_of(op, grads)


for _type in ("While", "StatelessWhile"):
    define(_type, shape=_promised, bind=_loop, gradient=_gradient)


# -- lists -----------------------------------------------------------------------------


def _pushed(handle: Any, item: Any) -> tuple[Any, Any]:
    return handle, item


def _popped(handle: Any, _shape: Any) -> tuple[Any, Any]:
    if not handle:
        raise InvalidArgumentError(None, None, "Trying to pop from an empty list.")
    return handle[0], handle[1]


def _popped_shapes(op: Operation) -> Any:
    known = value_of(op._inputs[1])
    if known is None or known.ndim == 0:
        return [(), None]
    return [(), tuple(None if size < 0 else int(size) for size in known)]


def _push_gradient(op: Operation, grad: Any) -> list[Any]:
    item = op.inputs[1]
    return list(pop(grad, item.dtype, item.shape))


def _pop_gradient(op: Operation, list_grad: Any, item_grad: Any) -> list[Any]:
    if list_grad is None:
        list_grad = empty(op.outputs[1].dtype, op.outputs[1].shape)
    return [push(list_grad, item_grad), None]


# Each list is one of its own: loops that were there before them take them.
define(
    "EmptyTensorList",
    shape=lambda _op: [()],
    bind=lambda _op, _state: lambda _shape, _most: (),
)
define(
    "TensorListPushBack",
    shape=lambda _op: [()],
    kernel=_pushed,
    gradient=_push_gradient,
)
define(
    "TensorListPopBack",
    shape=_popped_shapes,
    kernel=_popped,
    gradient=_pop_gradient,
)


def empty(dtype: Any, shape: Any, most: Any = -1, name: str | None = None) -> Any:
    """A list without elements; `most` is how many it may have, -1: any number."""
    return apply("EmptyTensorList", _sizes(shape), most, element_dtype=dtype, name=name)


def push(handle: Any, item: Any) -> Any:
    """A list with one more element."""
    return apply("TensorListPushBack", handle, item)


def pop(handle: Any, dtype: Any, shape: Any) -> Any:
    """A list without its last element, and that."""
    return apply("TensorListPopBack", handle, _sizes(shape), element_dtype=dtype)


def _sizes(shape: Any) -> Any:
    """A static shape as a list's operations take it."""
    dims = shapes.as_shape(shape).dims
    if dims is None:
        return constant(-1)
    sizes = [-1 if size.value is None else size.value for size in dims]
    return constant(sizes, dtypes.int32)
